import type { Transaction } from '../database/database.ts'
import type { ShowtimeRow } from '../database/tables/showtimes.ts'
import type { Refusal } from '../platform/refusal.ts'
import { blockOutOfOrder } from './claims.ts'
import { findOverlaps, refuseOverlaps } from './overlap.ts'
import { insertShowtimes } from './store.ts'

/**
 * Writes new showtimes, whose auditoriums are locked, unless one is in the way of another or of one that exists. `indexes`
 * tells where each stood in what was sent, by its id, for the conflicts to name.
 */
export async function addShowtimes(
  tx: Transaction,
  rows: readonly ShowtimeRow[],
  indexes?: ReadonlyMap<string, number>,
): Promise<ShowtimeRow[] | Refusal<'showtime_overlap'>> {
  const refused = refuseOverlaps(await findOverlaps(tx, rows), indexes)
  if (refused) return refused
  await insertShowtimes(tx, rows)
  await blockOutOfOrder(tx, rows)
  return [...rows]
}
