import type { Transaction } from '../database/database.ts'
import { lockSeatLedger } from '../database/seat-ledger.ts'
import type { AuditoriumRow } from '../database/tables/venues.ts'
import type { ShowtimeRow } from '../database/tables/showtimes.ts'
import { categoriesOf, seatIdsOf } from '../venues/layout.ts'
import { parseStoredLayout } from '../venues/store.ts'
import { blockOutOfOrder, hasHistory, outOfOrderRef } from './claims.ts'
import type { PriceRow } from './pricing.ts'

type NewLayout = Pick<AuditoriumRow, 'id' | 'layoutVersion' | 'seating' | 'capacity'> & { readonly layout: string }

/**
 * Gives an auditorium's newest layout to its coming showtimes in which nobody has booked or holds a seat: those keep the
 * layout they are sold with. So does a published one that has no price for one of the new categories.
 */
export async function adoptLayout(tx: Transaction, auditorium: NewLayout): Promise<void> {
  const layout = parseStoredLayout(auditorium.layout)
  const categories = categoriesOf(layout)
  const seats = new Set(seatIdsOf(layout))
  const coming = await tx.query
    .selectFrom('showtimes')
    .selectAll()
    .where('auditoriumId', '=', auditorium.id)
    .where('layoutVersion', '!=', auditorium.layoutVersion)
    .where('status', '!=', 'cancelled')
    .where('startsAt', '>', tx.nowMs)
    .orderBy('id')
    .execute()
  for (const showtime of coming) {
    if (!isPriced(showtime, categories)) continue
    await lockSeatLedger(tx, showtime.id)
    if (await hasHistory(tx, showtime.id)) continue
    await changeLayout(tx, showtime, auditorium, seats)
  }
}

function isPriced(showtime: ShowtimeRow, categories: readonly string[]): boolean {
  const prices: PriceRow[] = JSON.parse(showtime.prices)
  const priced = new Set(prices.map((price) => price.category))
  return showtime.status === 'draft' || categories.every((category) => priced.has(category))
}

async function changeLayout(
  tx: Transaction,
  showtime: ShowtimeRow,
  { layoutVersion, seating, capacity }: NewLayout,
  seats: ReadonlySet<string>,
): Promise<void> {
  const change = { layoutVersion, seating, capacity, revision: showtime.revision + 1, updatedAt: tx.nowMs }
  await tx.query.updateTable('showtimes').set(change).where('id', '=', showtime.id).execute()
  const blocks = await tx.query.selectFrom('seatClaims').selectAll().where('showtimeId', '=', showtime.id).execute()
  const kept = blocks.filter(({ kind, ref, seatId }) => kind === 'block' && ref !== outOfOrderRef && seats.has(seatId))
  await tx.query.deleteFrom('seatClaims').where('showtimeId', '=', showtime.id).execute()
  if (kept.length > 0) await tx.query.insertInto('seatClaims').values(kept).execute()
  await blockOutOfOrder(tx, [{ ...showtime, ...change }])
  await tx.query
    .updateTable('showtimeLedgers')
    .set((ledger) => ({ version: ledger('version', '+', 1) }))
    .where('showtimeId', '=', showtime.id)
    .execute()
}
