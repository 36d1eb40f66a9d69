import type { Database } from '../database/database.ts'
import { expireBooking } from './pay-booking.ts'

const bookingsAtOnce = 200

/** Writes down which bookings were not paid in time, each in a transaction of its own. Answers how many. */
export async function expireBookings(database: Database, nowMs: number): Promise<number> {
  const lapsed = await database.read
    .selectFrom('bookings')
    .select('id')
    .where('status', '=', 'pending')
    .where('expiresAt', '<=', nowMs)
    .orderBy('expiresAt')
    .limit(bookingsAtOnce)
    .execute()
  let expired = 0
  for (const { id } of lapsed) if (await database.write(async (tx) => await expireBooking(tx, id))) expired += 1
  return expired
}
