import type { Layout } from '../../contract/layouts.ts'
import type { Transaction } from '../database/database.ts'
import { deleteUnlessReferenced } from '../database/references.ts'
import { revisionMatches } from '../http/answer.ts'
import { fold } from '../platform/fold.ts'
import { newId } from '../platform/ids.ts'
import { refuse } from '../platform/refusal.ts'
import type { Refusal } from '../platform/refusal.ts'
import { capacityOf } from './layout.ts'
import { claimAuditorium, hasShowtimes, lockTheatre, parseStoredLayout } from './store.ts'
import type { AuditoriumWithLayout } from './store.ts'

export interface NewAuditorium {
  readonly theatreId: string
  readonly name: string
  readonly turnaroundMinutes: number | null
  readonly layout: Layout
  readonly externalKey: string | null
}

/** Adds an auditorium; its layout is version 1. Refuses `not_found` when the theatre has gone meanwhile. */
export async function createAuditorium(
  tx: Transaction,
  input: NewAuditorium,
): Promise<AuditoriumWithLayout | Refusal<'not_found'>> {
  if (!(await lockTheatre(tx, input.theatreId))) return refuse('not_found')
  const { layout, ...rest } = input
  const row = {
    id: newId('auditorium', tx.nowMs),
    ...rest,
    nameFolded: fold(input.name),
    layoutVersion: 1,
    seating: layout.seating,
    capacity: capacityOf(layout),
    revision: 1,
    createdAt: tx.nowMs,
    updatedAt: tx.nowMs,
  }
  await tx.query.insertInto('auditoriums').values(row).execute()
  return { ...row, layout: await insertLayout(tx, row.id, 1, layout) }
}

async function insertLayout(tx: Transaction, auditoriumId: string, version: number, layout: Layout): Promise<string> {
  const json = JSON.stringify(layout)
  const { seating } = layout
  const row = { auditoriumId, version, seating, capacity: capacityOf(layout), layout: json, createdAt: tx.nowMs }
  await tx.query.insertInto('layouts').values(row).execute()
  return json
}

export interface AuditoriumChange {
  readonly name?: string | undefined
  readonly turnaroundMinutes?: number | null | undefined
  readonly layout?: Layout | undefined
}

/**
 * Changes what is given. Another layout is a new version, numbered from the last without a gap; the same one again is not.
 * What that means for showtimes is theirs to say.
 */
export async function changeAuditorium(
  tx: Transaction,
  id: string,
  change: AuditoriumChange,
  ifMatch: string | undefined,
): Promise<AuditoriumWithLayout | Refusal<'not_found' | 'precondition_failed'>> {
  const row = await claimAuditorium(tx, id)
  if (!row) return refuse('not_found')
  if (!revisionMatches(ifMatch, row.revision)) return refuse('precondition_failed')
  const { layout: newest } = await tx.query
    .selectFrom('layouts')
    .select('layout')
    .where('auditoriumId', '=', id)
    .where('version', '=', row.layoutVersion)
    .executeTakeFirstOrThrow()
  const name = change.name ?? row.name
  const turnaroundMinutes = change.turnaroundMinutes === undefined ? row.turnaroundMinutes : change.turnaroundMinutes
  const layout = change.layout ?? parseStoredLayout(newest)
  const isNew = JSON.stringify(layout) !== newest
  const layoutVersion = row.layoutVersion + (isNew ? 1 : 0)
  if (isNew) await insertLayout(tx, id, layoutVersion, layout)
  const columns = {
    name,
    nameFolded: fold(name),
    turnaroundMinutes,
    layoutVersion,
    seating: layout.seating,
    capacity: capacityOf(layout),
  }
  await tx.query.updateTable('auditoriums').set(columns).where('id', '=', id).execute()
  return { ...row, ...columns, layout: JSON.stringify(layout), revision: row.revision + 1, updatedAt: tx.nowMs }
}

/** Removes an auditorium, with its layouts, that never had a showtime. */
export async function deleteAuditorium(
  tx: Transaction,
  id: string,
): Promise<undefined | Refusal<'auditorium_in_use' | 'not_found'>> {
  if (!(await claimAuditorium(tx, id))) return refuse('not_found')
  if (await hasShowtimes(tx, 'auditorium_id', id)) return refuse('auditorium_in_use')
  const deleted = await deleteUnlessReferenced(() => tx.query.deleteFrom('auditoriums').where('id', '=', id).execute())
  return deleted ? undefined : refuse('auditorium_in_use')
}
