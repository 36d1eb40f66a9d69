import { sql } from 'kysely'
import type { RawBuilder } from 'kysely'
import type { CapacityRow, Grouping } from '../../contract/reports.ts'
import { streamRows } from '../database/stream-rows.ts'
import { formatInstant, formatLocal } from '../platform/time.ts'
import { groupedByShow, groupedFor, totalsFor, withNames } from './facts.ts'
import type { Grouped } from './facts.ts'
import { askedShowtimes, inStretches, liveTickets, thenJoin } from './fragments.ts'
import type { ReportQuestion } from './model.ts'
import { auditoriumNames, groupLabels, movieNames } from './names.ts'
import { theatreIn } from './source.ts'
import type { Source } from './source.ts'
import type { Built } from './write.ts'

interface Filled {
  readonly id: string
  readonly movieId: string
  readonly theatreId: string
  readonly auditoriumId: string
  readonly startsAt: number
  readonly timeZone: string
  readonly businessDate: string
  readonly capacity: number
  readonly sold: number
}

interface FilledGroup {
  readonly key: string
  readonly showtimes: number
  readonly capacity: number
  readonly sold: number
}

/**
 * How full showtimes were: those of the period or, by day of sale, those for which tickets were sold then. Drafts and
 * cancelled ones do not count, their money does.
 */
export async function buildCapacity(
  source: Source,
  question: ReportQuestion,
  groupBy: Grouping | 'showtime',
): Promise<Built<CapacityRow>> {
  const { names, sold } = await soldByShowtime(source, question)
  const rows =
    groupBy === 'showtime'
      ? eachShowtime(source, names, sold)
      : groupsOf(source, names, sold, groupBy, await groupedByShow(source, everyShowtime(question), groupBy))
  return { rows, totals: () => totalsFor(source, question) }
}

/** Groups are made of the showtimes' own days, also where the period is one of sales. */
function everyShowtime(question: ReportQuestion): ReportQuestion {
  return question.basis === 'show' ? question : { ...question, from: null, to: null }
}

interface SoldByShowtime {
  readonly names: readonly RawBuilder<unknown>[]
  /** Showtimes (`s`) and the tickets `sold` for them that stand. */
  readonly sold: RawBuilder<unknown>
}

async function soldByShowtime(source: Source, question: ReportQuestion): Promise<SoldByShowtime> {
  if (question.basis === 'show') {
    const sold = sql`SELECT s.id, COUNT(t.id) AS sold FROM showtimes AS s
      LEFT JOIN bookings AS b ON b.showtime_id = s.id AND b.status = 'confirmed'
      LEFT JOIN tickets AS t ON t.booking_id = b.id AND ${liveTickets}
      WHERE s.status = 'scheduled' AND ${askedShowtimes(question)} GROUP BY s.id`
    return { names: [], sold }
  }
  const { names } = await groupedFor(source, question, 'theatre')
  const sold = sql`SELECT b.showtime_id AS id, COUNT(t.id) AS sold
    FROM ${inStretches(source.engine, 'bookings', 'b', 'confirmed_at')}
    ${thenJoin(source.engine)} tickets AS t ON t.booking_id = b.id AND ${liveTickets}
    WHERE b.status = 'confirmed' GROUP BY b.showtime_id`
  return { names, sold }
}

/** By start, then by id. */
async function* eachShowtime(
  source: Source,
  names: SoldByShowtime['names'],
  sold: SoldByShowtime['sold'],
): AsyncGenerator<CapacityRow[]> {
  const movies = await movieNames(source)
  const auditoriums = await auditoriumNames(source)
  const statement = sql<Filled>`${withNames(names)}
    SELECT s.id, s.movie_id, s.theatre_id, s.auditorium_id, s.starts_at, s.time_zone, s.business_date, s.capacity, filled.sold
    FROM (${sold}) AS filled JOIN showtimes AS s ON s.id = filled.id WHERE s.status = 'scheduled'
    ORDER BY s.starts_at, s.id`
  for await (const part of streamRows(source.query, statement)) {
    yield part.map((showtime) => {
      const { id, movieId, theatreId, auditoriumId, capacity, businessDate } = showtime
      const movieTitle = movies.get(movieId)?.title ?? movieId
      const localStartsAt = formatLocal(showtime.startsAt, showtime.timeZone)
      return {
        key: id,
        label: `${movieTitle}, ${localStartsAt.replace('T', ' ')}`,
        showtimeId: id,
        startsAt: formatInstant(showtime.startsAt),
        localStartsAt,
        businessDate,
        movieId,
        movieTitle,
        theatreId,
        theatreName: theatreIn(source, theatreId).name,
        auditoriumId,
        auditoriumName: auditoriums.get(auditoriumId)?.name ?? auditoriumId,
        showtimes: 1,
        capacity,
        sold: showtime.sold,
        share: shareOf(showtime.sold, capacity),
      }
    })
  }
}

async function* groupsOf(
  source: Source,
  names: SoldByShowtime['names'],
  sold: SoldByShowtime['sold'],
  groupBy: Grouping,
  grouped: Grouped,
): AsyncGenerator<CapacityRow[]> {
  const labelOf = await groupLabels(source, groupBy)
  const statement = sql<FilledGroup>`${withNames([...names, ...grouped.names])}
    SELECT key, COUNT(*) AS showtimes, CAST(SUM(capacity) AS BIGINT) AS capacity, CAST(SUM(sold) AS BIGINT) AS sold FROM (
      SELECT ${grouped.key} AS key, s.capacity, filled.sold
      FROM (${sold}) AS filled JOIN showtimes AS s ON s.id = filled.id ${grouped.join} WHERE s.status = 'scheduled'
    ) AS counted GROUP BY key ORDER BY key`
  for await (const part of streamRows(source.query, statement)) {
    yield part.map((group) => ({ ...group, label: labelOf(group.key), share: shareOf(group.sold, group.capacity) }))
  }
}

/** To four places; an empty hall is not full. */
function shareOf(sold: number, capacity: number): number {
  return capacity === 0 ? 0 : Math.round((sold / capacity) * 10_000) / 10_000
}
