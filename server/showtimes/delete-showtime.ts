import type { Transaction } from '../database/database.ts'
import { refuse } from '../platform/refusal.ts'
import type { Refusal } from '../platform/refusal.ts'
import { lockShowtime } from './change-showtime.ts'
import { hasHistory } from './claims.ts'

/** Deletes a showtime that nobody ever booked and nobody is buying; its ledger goes with it by the database's own keys. */
export async function deleteShowtime(
  tx: Transaction,
  id: string,
): Promise<undefined | Refusal<'not_found' | 'showtime_has_bookings'>> {
  const row = await lockShowtime(tx, id)
  if (!row) return refuse('not_found')
  if (await hasHistory(tx, id)) return refuse('showtime_has_bookings')
  await tx.query.deleteFrom('showtimes').where('id', '=', id).execute()
  return undefined
}
