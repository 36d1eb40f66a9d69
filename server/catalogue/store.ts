import { sql } from 'kysely'
import type { Kysely } from 'kysely'
import type { Transaction } from '../database/database.ts'
import { orderBy } from '../database/paging.ts'
import type { Order } from '../database/paging.ts'
import type { MovieRow } from '../database/tables/catalogue.ts'
import type { Tables } from '../database/tables/index.ts'
import { fold, searchWords } from '../platform/fold.ts'
import type { MovieColumns } from './model.ts'

type Query = Kysely<Tables>

export async function findMovie(query: Query, id: string): Promise<MovieRow | undefined> {
  return await query.selectFrom('movies').selectAll().where('id', '=', id).executeTakeFirst()
}

const byId = { column: 'movies.id', direction: 'asc', type: 'text' } as const
export const movieOrders = {
  title: { name: 'title', keys: [{ column: 'movies.titleFolded', direction: 'asc', type: 'text' }, byId] },
  '-releaseDate': {
    name: '-releaseDate',
    keys: [{ column: 'movies.releaseSort', direction: 'desc', type: 'text' }, byId],
  },
  popularity: { name: 'popularity', keys: [{ column: 'movies.popularity', direction: 'desc', type: 'number' }, byId] },
} as const satisfies Record<string, Order>

/** A row's sort values in each order. */
export const movieSortValues = {
  title: (row: MovieRow) => [row.titleFolded, row.id],
  '-releaseDate': (row: MovieRow) => [row.releaseSort, row.id],
  popularity: (row: MovieRow) => [row.popularity, row.id],
}

export interface MovieFilter {
  readonly q?: string | undefined
  readonly genre?: string | undefined
  readonly status?: MovieRow['status'] | undefined
  readonly city?: string | undefined
  readonly date?: string | undefined
  readonly now: number
}

/** The movies that a filter lets through; nothing is ordered or cut yet. */
function filteredMovies(query: Query, filter: MovieFilter) {
  let movies = query.selectFrom('movies').selectAll('movies')
  movies =
    filter.status === undefined
      ? movies.where('movies.status', '!=', 'archived')
      : movies.where('movies.status', '=', filter.status)
  const words = searchWords(filter.q ?? '')
  if (words.length > 0) {
    // A query of its own, so that SQLite reads the index of the texts and not each film in the order of titles.
    movies = movies.where('movies.id', 'in', (inner) =>
      inner
        .selectFrom('movies as found')
        .select('found.id')
        .where((text) => text.and(words.map((word) => text('found.searchText', 'like', `%${word}%`)))),
    )
  }
  const { genre } = filter
  if (genre !== undefined) {
    movies = movies.where('movies.id', 'in', (inner) =>
      inner.selectFrom('movieGenres').select('movieId').where('genreFolded', '=', fold(genre)),
    )
  }
  if (filter.city !== undefined || filter.date !== undefined) movies = movies.where(isShown(filter))
  return movies
}

/** Whether there is a public showtime: on the business day that is asked for, else one that is still sold. */
function isShown({ city, date, now }: MovieFilter) {
  const when = date === undefined ? sql`s.sales_close_at > ${now}` : sql`s.business_date = ${date}`
  const where = city === undefined ? sql`1 = 1` : sql`t.city_folded = ${fold(city)}`
  return sql<boolean>`movies.id IN (
    SELECT s.movie_id FROM showtimes s JOIN theatres t ON t.id = s.theatre_id
    WHERE s.status = 'scheduled' AND s.visibility = 'public' AND ${when} AND ${where})`
}

/** The movies after a cursor, in an order; `count` is one more than a page, to tell whether there is a next. */
export async function listMovies(
  query: Query,
  filter: MovieFilter,
  order: Order,
  after: ReturnType<typeof sql<boolean>>,
  count: number,
): Promise<MovieRow[]> {
  return await filteredMovies(query, filter).where(after).orderBy(orderBy(order)).limit(count).execute()
}

/** The genres of movies that are not archived, each in the spelling that sorts first. */
export async function listGenres(query: Query): Promise<string[]> {
  const rows = await query
    .selectFrom('movieGenres')
    .innerJoin('movies', 'movies.id', 'movieGenres.movieId')
    .select((expression) => ['genreFolded', expression.fn.min('genre').as('genre')])
    .where('movies.status', '!=', 'archived')
    .groupBy('genreFolded')
    .orderBy('genreFolded')
    .execute()
  return rows.map((row) => row.genre)
}

/** Adds movies; few enough for one statement. */
export async function insertMovies(
  tx: Transaction,
  movies: readonly { readonly row: MovieRow; readonly genres: readonly string[] }[],
): Promise<void> {
  if (movies.length === 0) return
  await tx.query
    .insertInto('movies')
    .values(movies.map(({ row }) => row))
    .execute()
  await insertGenres(
    tx,
    movies.map(({ row, genres }) => ({ movieId: row.id, genres })),
  )
}

/**
 * Locks a movie against other changes until the transaction ends and raises its revision; answers it as it was, or
 * undefined when there is none.
 */
export async function claimRevision(tx: Transaction, id: string): Promise<MovieRow | undefined> {
  const row = await tx.query
    .updateTable('movies')
    .set((expression) => ({ revision: expression('revision', '+', 1), updatedAt: tx.nowMs }))
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirst()
  return row && { ...row, revision: row.revision - 1 }
}

export async function updateMovieColumns(
  tx: Transaction,
  id: string,
  columns: MovieColumns & Partial<Pick<MovieRow, 'revision' | 'updatedAt'>>,
  genres: readonly string[],
): Promise<void> {
  await tx.query.updateTable('movies').set(columns).where('id', '=', id).execute()
  await tx.query.deleteFrom('movieGenres').where('movieId', '=', id).execute()
  await insertGenres(tx, [{ movieId: id, genres }])
}

async function insertGenres(
  tx: Transaction,
  movies: readonly { readonly movieId: string; readonly genres: readonly string[] }[],
): Promise<void> {
  const rows = movies.flatMap(({ movieId, genres }) =>
    genres.map((genre) => ({ movieId, genreFolded: fold(genre), genre })),
  )
  if (rows.length > 0) await tx.query.insertInto('movieGenres').values(rows).execute()
}
