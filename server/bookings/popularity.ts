import { sql } from 'kysely'
import type { Database } from '../database/database.ts'

/** How far back sales count, milliseconds: a film's popularity is that of its week. */
const windowMs = 7 * 24 * 3600_000

/** Counts what each film sold lately, for `sort=popularity`; films whose count has not changed are left alone. */
export async function countPopularity(database: Database, nowMs: number): Promise<void> {
  const sold = await database.read
    .selectFrom('bookings')
    .innerJoin('showtimes', 'showtimes.id', 'bookings.showtimeId')
    .innerJoin('tickets', 'tickets.bookingId', 'bookings.id')
    .select(['showtimes.movieId', (select) => select.fn.countAll<number>().as('tickets')])
    .where('bookings.createdAt', '>', nowMs - windowMs)
    .where('bookings.status', '=', 'confirmed')
    .where('tickets.status', '<>', 'void')
    .groupBy('showtimes.movieId')
    .execute()
  const counts = new Map(sold.map(({ movieId, tickets }) => [movieId, tickets]))
  const known = await database.read.selectFrom('movies').select(['id', 'popularity']).execute()
  const changed = known.filter(({ id, popularity }) => popularity !== (counts.get(id) ?? 0))
  if (changed.length === 0) return
  await database.write(async (tx) => {
    for (const { id } of changed) {
      await sql`UPDATE movies SET popularity = ${counts.get(id) ?? 0} WHERE id = ${id}`.execute(tx.query)
    }
  })
}
