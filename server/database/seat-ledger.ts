import type { Transaction } from './database.ts'
import { readRows } from './rows.ts'

/** Every showtime has its ledger row from the start; the row is what a change of its seats locks. */
export async function createSeatLedgers(tx: Transaction, showtimeIds: readonly string[]): Promise<void> {
  if (showtimeIds.length === 0) return
  await tx.query
    .insertInto('showtimeLedgers')
    .values(showtimeIds.map((showtimeId) => ({ showtimeId, version: 1 })))
    .execute()
}

/**
 * Takes the lock of a showtime's seats until the transaction ends; answers the version, or null when there is no such
 * showtime. Whoever needs several takes them in the order of their ids.
 */
export async function lockSeatLedger(tx: Transaction, showtimeId: string): Promise<number | null> {
  const text = `SELECT version FROM showtime_ledgers WHERE showtime_id = $1${forUpdate(tx)}`
  const [row] = await readRows<{ version: number }>(tx, text, [showtimeId])
  tx.renewTime()
  return row?.version ?? null
}

/** The same for the showtime that a booking is for just now; answers its id, or null when there is no such booking. */
export async function lockLedgerOfBooking(tx: Transaction, bookingId: string): Promise<string | null> {
  const text = `SELECT showtime_id FROM showtime_ledgers
    WHERE showtime_id = (SELECT showtime_id FROM bookings WHERE id = $1)${forUpdate(tx)}`
  const [row] = await readRows<{ showtimeId: string }>(tx, text, [bookingId])
  tx.renewTime()
  return row?.showtimeId ?? null
}

/** SQLite has one writer at a time: the transaction itself is the lock. */
function forUpdate(tx: Transaction): string {
  return tx.raw.engine === 'postgres' ? ' FOR UPDATE' : ''
}
