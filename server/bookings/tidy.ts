import { sql } from 'kysely'
import type { Database } from '../database/database.ts'
import { expireBooking } from './settle-payment.ts'

const bookingsAtOnce = 200

/** Writes down which bookings were not paid in time, each in a transaction of its own. Answers how many. */
export async function expireBookings(database: Database, nowMs: number): Promise<number> {
  const lapsed = await database.read
    .selectFrom('bookings')
    .select('id')
    // In the text, not as a value: only so can SQLite see that the index of pending bookings will do.
    .where('status', '=', sql.lit('pending'))
    .where('expiresAt', '<=', nowMs)
    .orderBy('expiresAt')
    .limit(bookingsAtOnce)
    .execute()
  let expired = 0
  for (const { id } of lapsed) if (await database.write(async (tx) => await expireBooking(tx, id))) expired += 1
  return expired
}
