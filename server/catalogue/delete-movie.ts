import { sql } from 'kysely'
import type { Transaction } from '../database/database.ts'
import { deleteUnlessReferenced } from '../database/references.ts'
import { refuse } from '../platform/refusal.ts'
import type { Refusal } from '../platform/refusal.ts'
import { leavePoster } from './remove-poster.ts'

/**
 * Deletes a movie with those of its showtimes that never sold a seat; what hangs on them goes by the database's own keys.
 * Refuses `movie_in_use` when one has a booking of any kind (the keys say so) or somebody holds seats in it now.
 */
export async function deleteMovie(tx: Transaction, id: string): Promise<undefined | Refusal<'movie_in_use'>> {
  if (await isHeld(tx, id)) return refuse('movie_in_use')
  const movie = await tx.query.selectFrom('movies').select('posterUrl').where('id', '=', id).executeTakeFirst()
  const deleted = await deleteUnlessReferenced(async () => {
    await tx.query.deleteFrom('showtimes').where('movieId', '=', id).execute()
    await tx.query.deleteFrom('movies').where('id', '=', id).execute()
  })
  if (!deleted) return refuse('movie_in_use')
  await leavePoster(tx, movie?.posterUrl ?? null)
  return undefined
}

/** The tables are those of slices to the right: a guard in the same transaction is all that is asked of them. */
async function isHeld(tx: Transaction, movieId: string): Promise<boolean> {
  const held = await tx.query
    .selectFrom('seatClaims')
    .innerJoin('showtimes', 'showtimes.id', 'seatClaims.showtimeId')
    .select(sql<number>`1`.as('one'))
    .where('showtimes.movieId', '=', movieId)
    .where('seatClaims.kind', '!=', 'block')
    .where((claim) => claim.or([claim('expiresAt', 'is', null), claim('expiresAt', '>', tx.nowMs)]))
    .executeTakeFirst()
  return held !== undefined
}
