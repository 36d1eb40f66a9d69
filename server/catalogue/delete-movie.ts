import { sql } from 'kysely'
import type { Transaction } from '../database/database.ts'
import { deleteUnlessReferenced } from '../database/references.ts'
import { refuse } from '../platform/refusal.ts'
import type { Refusal } from '../platform/refusal.ts'

/**
 * Deletes a movie and those of its showtimes' rows that nobody needs. Refuses `movie_in_use` when a seat of one was ever
 * booked or is held now. What hangs on a showtime goes with it by the database's own keys.
 */
export async function deleteMovie(tx: Transaction, id: string): Promise<undefined | Refusal<'movie_in_use'>> {
  if (await hasSales(tx, id)) return refuse('movie_in_use')
  const deleted = await deleteUnlessReferenced(async () => {
    await sql`DELETE FROM showtimes WHERE movie_id = ${id}`.execute(tx.query)
    await tx.query.deleteFrom('movies').where('id', '=', id).execute()
  })
  return deleted ? undefined : refuse('movie_in_use')
}

/** The tables are those of slices to the right: a guard in the same transaction is all that is asked of them. */
async function hasSales(tx: Transaction, movieId: string): Promise<boolean> {
  const { rows } = await sql<{ id: string }>`
    SELECT s.id FROM showtimes s WHERE s.movie_id = ${movieId} AND (
      EXISTS (SELECT 1 FROM bookings b WHERE b.showtime_id = s.id)
      OR EXISTS (SELECT 1 FROM seat_claims c WHERE c.showtime_id = s.id AND c.kind <> 'block' AND (c.expires_at IS NULL OR c.expires_at > ${tx.nowMs}))
    ) LIMIT 1`.execute(tx.query)
  return rows.length > 0
}
