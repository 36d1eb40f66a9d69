import type { Kysely } from 'kysely'
import type { Showtime } from '../../contract/showtimes.ts'
import { presentMovie } from '../catalogue/present.ts'
import { inChunks } from '../database/chunks.ts'
import type { Tables } from '../database/tables/index.ts'
import type { ShowtimeRow } from '../database/tables/showtimes.ts'
import { must } from '../platform/assert.ts'
import { formatInstant, formatInstantOrNull, formatLocal } from '../platform/time.ts'
import { presentTheatre } from '../venues/present.ts'
import type { CountTaken } from './claims.ts'
import { presentPrices } from './pricing.ts'

type Query = Kysely<Tables>

/** A showtime as answers show it; `taken` is how many places are held, booked or blocked now. */
export function presentShowtime(row: ShowtimeRow, taken: number): Showtime {
  const { startsAt, endsAt, salesOpenAt, salesCloseAt, prices, salesPaused, accessibility } = row
  return {
    id: row.id,
    movieId: row.movieId,
    theatreId: row.theatreId,
    auditoriumId: row.auditoriumId,
    layoutVersion: row.layoutVersion,
    startsAt: formatInstant(startsAt),
    endsAt: formatInstant(endsAt),
    busyUntil: formatInstant(row.busyUntil),
    localStartsAt: formatLocal(startsAt, row.timeZone),
    timeZone: row.timeZone,
    businessDate: row.businessDate,
    format: row.format,
    language: row.language,
    subtitles: row.subtitles,
    accessibility: JSON.parse(accessibility),
    seating: row.seating,
    prices: presentPrices(JSON.parse(prices), row.currency),
    capacity: row.capacity,
    availableSeats: Math.max(0, row.capacity - taken),
    status: row.status,
    visibility: row.visibility,
    salesOpenAt: formatInstantOrNull(salesOpenAt),
    salesCloseAt: formatInstant(salesCloseAt),
    salesPaused: salesPaused !== 0,
    cancelReason: row.cancelReason,
  }
}

/** What `expand` asked for, of these showtimes. */
type Expansions = (row: ShowtimeRow) => Pick<Showtime, 'movie' | 'theatre' | 'auditorium'>

/** Presents showtimes with their free places at an instant and what `expand` (`movie,theatre`) asks for, in a few questions for all. */
export async function presentShowtimes(
  query: Query,
  countTaken: CountTaken,
  rows: readonly ShowtimeRow[],
  nowMs: number,
  expand = '',
): Promise<Showtime[]> {
  const expanded = await readExpansions(query, rows, new Set(expand.split(',')))
  const ids = rows.map((row) => row.id)
  const taken = new Map(await inChunks(ids, async (chunk) => [...(await countTaken(query, chunk, nowMs))]))
  return rows.map((row) => ({ ...presentShowtime(row, taken.get(row.id) ?? 0), ...expanded(row) }))
}

async function readExpansions(
  query: Query,
  rows: readonly ShowtimeRow[],
  wanted: ReadonlySet<string>,
): Promise<Expansions> {
  const ids = (name: string, idOf: (row: ShowtimeRow) => string) =>
    wanted.has(name) ? [...new Set(rows.map(idOf))] : []
  const movies = await readById(
    ids('movie', (row) => row.movieId),
    (chunk) => query.selectFrom('movies').selectAll().where('id', 'in', chunk).execute(),
  )
  const theatres = await readById(
    ids('theatre', (row) => row.theatreId),
    (chunk) => query.selectFrom('theatres').selectAll().where('id', 'in', chunk).execute(),
  )
  const auditoriums = await readById(
    ids('auditorium', (row) => row.auditoriumId),
    (chunk) =>
      query
        .selectFrom('auditoriums')
        .select(['id', 'theatreId', 'name', 'capacity', 'layoutVersion', 'turnaroundMinutes'])
        .where('id', 'in', chunk)
        .execute(),
  )
  return (row) => ({
    ...(wanted.has('movie') && { movie: presentMovie(must(movies.get(row.movieId), 'A showtime has a movie')) }),
    ...(wanted.has('theatre') && { theatre: presentTheatre(must(theatres.get(row.theatreId), 'and a theatre')) }),
    ...(wanted.has('auditorium') && { auditorium: must(auditoriums.get(row.auditoriumId), 'and an auditorium') }),
  })
}

async function readById<Row extends { readonly id: string }>(
  ids: readonly string[],
  read: (chunk: readonly string[]) => Promise<readonly Row[]>,
): Promise<Map<string, Row>> {
  const rows = await inChunks(ids, read)
  return new Map(rows.map((row) => [row.id, row]))
}
