import { maximumProgramme } from '../../contract/programme.ts'
import { inChunks } from '../database/chunks.ts'
import type { Transaction } from '../database/database.ts'
import type { ShowtimeRow } from '../database/tables/showtimes.ts'
import { refuseField } from '../platform/refusal.ts'
import type { Refusal } from '../platform/refusal.ts'
import { categoriesOf } from '../venues/layout.ts'
import { findLayout } from '../venues/store.ts'
import { priceGaps } from './pricing.ts'
import { announceChange } from './change-showtime.ts'
import { findProgramme } from './store.ts'

export interface PublishRequest {
  readonly theatreId: string
  /** Business days, both included. */
  readonly from: string
  readonly to: string
  /** Prices of nothing are meant. */
  readonly allowFree?: boolean | undefined
}

export interface PriceProblem {
  readonly showtimeId: string
  readonly category: string
  readonly ticketType: string
  readonly problem: 'missing' | 'zero'
}

/**
 * Schedules the drafts of a theatre's business days together. Drafts with a category that an adult cannot buy, or with a price
 * of nothing that is not meant, are named and stay drafts.
 */
export async function publishShowtimes(
  tx: Transaction,
  request: PublishRequest,
): Promise<{ published: string[]; problems: PriceProblem[] } | Refusal<'validation_failed'>> {
  const drafts = await findProgramme(tx.query, { ...request, status: 'draft' }, maximumProgramme + 1)
  if (drafts.length > maximumProgramme) {
    return refuseField('/to', `is too far: no more than ${maximumProgramme} showtimes are published at once`)
  }
  const categories = categoriesReader(tx)
  const problems: PriceProblem[] = []
  const ready: string[] = []
  for (const draft of drafts) {
    const gaps = priceGaps(JSON.parse(draft.prices), await categories(draft)).filter(
      ({ problem }) => problem === 'missing' || !request.allowFree,
    )
    if (gaps.length === 0) ready.push(draft.id)
    for (const gap of gaps) problems.push({ showtimeId: draft.id, ...gap })
  }
  const published = await inChunks(ready, (ids) =>
    tx.query
      .updateTable('showtimes')
      .set((showtime) => ({ status: 'scheduled', revision: showtime('revision', '+', 1), updatedAt: tx.nowMs }))
      .where('id', 'in', ids)
      .where('status', '=', 'draft')
      .returning('id')
      .execute(),
  )
  const isPublished = new Set(published.map((row) => row.id))
  for (const draft of drafts) {
    if (isPublished.has(draft.id)) await announceChange(tx, draft, { ...draft, status: 'scheduled' })
  }
  return { published: ready.filter((id) => isPublished.has(id)), problems }
}

/** The price categories of showtimes' layouts, each layout read once. */
function categoriesReader(tx: Transaction): (showtime: ShowtimeRow) => Promise<readonly string[]> {
  const known = new Map<string, readonly string[]>()
  return async ({ auditoriumId, layoutVersion }) => {
    const name = `${auditoriumId} ${layoutVersion}`
    const layout = known.has(name) ? undefined : await findLayout(tx.query, auditoriumId, layoutVersion)
    if (layout) known.set(name, categoriesOf(layout))
    return known.get(name) ?? []
  }
}
