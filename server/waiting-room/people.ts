import type { AccountDependent } from '../accounts/parts.ts'
import { formatInstant, formatInstantOrNull } from '../platform/time.ts'

/** What waiting rooms keep about people: where they waited, and from where. */
export const waitingRoomsAboutPeople: AccountDependent = {
  name: 'waitingRooms',
  async collect(query, { userId }) {
    const rows = await query
      .selectFrom('waitingEntries')
      .select(['id', 'showtimeId', 'address', 'place', 'joinedAt', 'admittedAt'])
      .where('client', '=', userId)
      .orderBy('id')
      .execute()
    return rows.map(({ joinedAt, admittedAt, ...entry }) => ({
      ...entry,
      joinedAt: formatInstant(joinedAt),
      admittedAt: formatInstantOrNull(admittedAt),
    }))
  },
  async erase(tx, { userId }) {
    // The entry stays, as nobody's: without it the draw could not be checked by the others.
    await tx.query
      .updateTable('waitingEntries')
      .set((entry) => ({ client: entry.ref('id'), address: '' }))
      .where('client', '=', userId)
      .execute()
  },
}
