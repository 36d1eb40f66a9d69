import { sql } from 'kysely'
import type { AccountDependent } from '../accounts/parts.ts'
import { formatInstant } from '../platform/time.ts'

/** What the seat ledger keeps about people: which seats they held, when, and from where. */
export const holdsAboutPeople: AccountDependent = {
  name: 'holds',
  async collect(query, { userId }) {
    const holds = query
      .selectFrom('holds')
      .select(['holds.id', 'holds.showtimeId', 'holds.seats', 'holds.count', 'holds.address', 'holds.createdAt'])
    // By their indexes. Those that were given back are left out: they are found by nothing, and tell nothing else.
    const unbooked = await holds.where('client', '=', userId).where('status', '=', sql.lit('live')).execute()
    const booked = await holds
      .innerJoin('bookings', 'bookings.holdId', 'holds.id')
      .where('bookings.userId', '=', userId)
      .execute()
    return [...unbooked, ...booked].map(({ seats, createdAt, ...hold }) => {
      const seatIds: unknown = JSON.parse(seats)
      return { ...hold, seats: seatIds, createdAt: formatInstant(createdAt) }
    })
  },
  async erase(tx, { userId }) {
    await tx.query.updateTable('holds').set({ address: '' }).where('userId', '=', userId).execute()
  },
}
