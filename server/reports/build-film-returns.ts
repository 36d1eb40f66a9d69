import { sql } from 'kysely'
import type { FilmReturnRow, Grouping } from '../../contract/reports.ts'
import { streamRows } from '../database/stream-rows.ts'
import { groupedFor, totalsFor, withNames } from './facts.ts'
import { askedShowtimes, inStretches, liveTickets, thenJoin } from './fragments.ts'
import type { ReportQuestion } from './model.ts'
import { groupLabels, movieNames } from './names.ts'
import type { Source } from './source.ts'
import type { Built } from './write.ts'

type Line = Omit<FilmReturnRow, 'label' | 'title' | 'distributor' | 'gross'>

/** Bookings (`b`) whose tickets were complimentary: sold for nothing, with nothing to tax. */
const complimentary = sql`(SELECT DISTINCT booking_id FROM payments WHERE tender = 'comp' AND status = 'succeeded')`

/**
 * Admissions and gross by film, ticket type and price: tickets that stand, at what they were sold for, without fees. The
 * totals are the money of the same period, so that a return can be held against the till.
 */
export async function buildFilmReturns(
  source: Source,
  question: ReportQuestion,
  groupBy: Grouping,
): Promise<Built<FilmReturnRow>> {
  const { names, key, join } = await groupedFor(source, question, groupBy)
  const then = thenJoin(source.engine)
  const booked =
    question.basis === 'sale'
      ? sql`${inStretches(source.engine, 'bookings', 'b', 'confirmed_at')} ${then} showtimes AS s ON s.id = b.showtime_id`
      : sql`showtimes AS s ${join} ${then} bookings AS b ON b.showtime_id = s.id`
  const asked = question.basis === 'sale' ? sql`1 = 1` : askedShowtimes(question)
  const sold = sql`
    SELECT ${key} AS key, s.movie_id, b.currency, t.ticket_type,
      CASE WHEN c.booking_id IS NULL THEN t.price_amount - t.discount_amount ELSE 0 END AS price,
      CASE WHEN c.booking_id IS NULL THEN t.tax_amount + t.tax_included_amount ELSE 0 END AS tax
    FROM ${booked} ${then} tickets AS t ON t.booking_id = b.id
    LEFT JOIN ${complimentary} AS c ON c.booking_id = b.id
    WHERE b.status = 'confirmed' AND ${liveTickets} AND ${asked}`
  const statement = sql<Line>`${withNames(names)}
    SELECT key, movie_id, currency, ticket_type, price, COUNT(*) AS admissions, CAST(SUM(tax) AS BIGINT) AS tax
    FROM (${sold}) AS sold GROUP BY key, movie_id, currency, ticket_type, price
    ORDER BY key, movie_id, currency, ticket_type, price`
  const labelOf = await groupLabels(source, groupBy)
  const films = await movieNames(source)
  async function* rows(): AsyncGenerator<FilmReturnRow[]> {
    for await (const part of streamRows(source.query, statement)) {
      yield part.map(({ key: group, movieId, ticketType, price, currency, admissions, tax }) => ({
        key: group,
        label: labelOf(group),
        movieId,
        title: films.get(movieId)?.title ?? movieId,
        distributor: films.get(movieId)?.distributor ?? null,
        ticketType,
        price,
        currency,
        admissions,
        gross: price * admissions,
        tax,
      }))
    }
  }
  return { rows: rows(), totals: () => totalsFor(source, question) }
}
