import type { Transaction } from './database.ts'
import type { ListRead } from './lists.ts'
import { readList } from './rows.ts'

// SQLite has one writer at a time: the transaction itself is the lock. Several are locked in the order of their showtimes.
const lockOfShowtime: ListRead = {
  sqlite: 'SELECT version FROM showtime_ledgers WHERE showtime_id = ?',
  postgres: `SELECT showtime_id, version FROM showtime_ledgers WHERE showtime_id = ANY($1::text[])
    ORDER BY showtime_id FOR UPDATE`,
  by: ['showtime_id'],
}
const lockOfBooking: ListRead = {
  sqlite: 'SELECT showtime_id FROM bookings WHERE id = ?',
  postgres: `SELECT b.id, l.showtime_id FROM bookings b JOIN showtime_ledgers l ON l.showtime_id = b.showtime_id
    WHERE b.id = ANY($1::text[]) ORDER BY l.showtime_id FOR UPDATE OF l`,
  by: ['id'],
}

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
  const [row] = await readList<{ version: number }>(tx, lockOfShowtime, [showtimeId])
  tx.renewTime()
  return row?.version ?? null
}

/** The same for the showtime that a booking is for just now; answers its id, or null when there is no such booking. */
export async function lockLedgerOfBooking(tx: Transaction, bookingId: string): Promise<string | null> {
  const [row] = await readList<{ showtimeId: string }>(tx, lockOfBooking, [bookingId])
  tx.renewTime()
  return row?.showtimeId ?? null
}
