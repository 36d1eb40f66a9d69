import { sql } from 'kysely'
import type { RawBuilder } from 'kysely'
import type { Grouping, ReportTotal } from '../../contract/reports.ts'
import { askedShowtimes, broughtMoney, given, inStretches, isMoney, liveTickets, thenJoin } from './fragments.ts'
import { groupOfDay } from './model.ts'
import type { ReportQuestion } from './model.ts'
import { stretchesOf } from './periods.ts'
import { theatreIn } from './source.ts'
import type { Source } from './source.ts'

type Fragment = RawBuilder<unknown>

/** Named queries for `WITH`, and the group that each of their rows belongs to. */
export interface Grouped {
  readonly names: readonly Fragment[]
  /** In the terms of `r` (a stretch) or `s` (a showtime). */
  readonly key: Fragment
  /** What must be joined to showtimes for it. */
  readonly join: Fragment
  readonly needsShowtime: boolean
}

const keyColumns: Partial<Record<Grouping | 'showtime', string>> = {
  movie: 's.movie_id',
  auditorium: 's.auditorium_id',
  theatre: 's.theatre_id',
  showtime: 's.id',
  day: 's.business_date',
}

/** By day of sale: the stretches of time asked about, and how rows in them are grouped. */
async function groupedBySale(
  source: Source,
  question: ReportQuestion,
  groupBy: Grouping | 'showtime',
): Promise<Grouped> {
  const stretches = await stretchesOf(source, question, groupBy)
  const columns = { theatre_id: 'text', key: 'text', from_ms: 'bigint', before_ms: 'bigint' } as const
  const rows = stretches.map(({ theatreId, key, fromMs, beforeMs }) => ({
    theatre_id: theatreId,
    key,
    from_ms: fromMs,
    before_ms: beforeMs,
  }))
  const needsShowtime = groupBy === 'movie' || groupBy === 'auditorium' || groupBy === 'showtime'
  const key = needsShowtime ? sql.ref(keyColumns[groupBy] ?? '') : sql.ref('r.key')
  return { names: [given(source.engine, 'stretches', columns, rows)], key, join: sql``, needsShowtime }
}

/** By day of show: how showtimes (`s`) are grouped, by what they are themselves. */
export async function groupedByShow(
  source: Source,
  question: ReportQuestion,
  groupBy: Grouping | 'showtime',
): Promise<Grouped> {
  const column = keyColumns[groupBy]
  const plain = { names: [], join: sql``, needsShowtime: true }
  if (column !== undefined) return { ...plain, key: sql.ref(column) }
  if (groupBy === 'month') return { ...plain, key: sql`SUBSTR(s.business_date, 1, 7)` }
  const { rows } = await sql<{ theatreId: string; day: string }>`
    SELECT DISTINCT s.theatre_id, s.business_date AS day FROM showtimes AS s WHERE ${askedShowtimes(question)}`.execute(
    source.query,
  )
  const weeks = rows.map(({ theatreId, day }) => ({
    theatre_id: theatreId,
    day,
    key: groupOfDay('week', day, theatreIn(source, theatreId)),
  }))
  return {
    names: [given(source.engine, 'weeks', { theatre_id: 'text', day: 'text', key: 'text' }, weeks)],
    key: sql.ref('w.key'),
    join: sql`${thenJoin(source.engine)} weeks AS w ON w.theatre_id = s.theatre_id AND w.day = s.business_date`,
    needsShowtime: true,
  }
}

/** How a question's rows are grouped, by its basis. */
export async function groupedFor(
  source: Source,
  question: ReportQuestion,
  groupBy: Grouping | 'showtime',
): Promise<Grouped> {
  return await (question.basis === 'sale' ? groupedBySale : groupedByShow)(source, question, groupBy)
}

/** What was sold and given back: key, movie_id (where asked for), currency, gross, refunded, tickets, bookings; not yet summed. */
export interface Facts {
  readonly names: readonly Fragment[]
  readonly rows: Fragment
}

interface FactOptions {
  readonly withMovie?: boolean
}

/** What a question is about, by its basis. Nothing at all where it is about no theatre. */
export async function factsFor(
  source: Source,
  question: ReportQuestion,
  groupBy: Grouping | 'showtime',
  { withMovie = false }: FactOptions = {},
): Promise<Facts> {
  const grouped = await groupedFor(source, question, groupBy)
  const showtime = withMovie || grouped.needsShowtime
  const head = sql`${grouped.key} AS key, ${withMovie ? sql`s.movie_id` : sql`NULL`} AS movie_id`
  const rows =
    question.basis === 'sale' ? soldFacts(source, head, showtime) : shownFacts(source, head, grouped.join, question)
  return { names: grouped.names, rows }
}

/** Payments on the day their money came, refunds on theirs, tickets on the day they were confirmed. */
function soldFacts({ engine }: Source, head: Fragment, showtime: boolean): Fragment {
  const then = thenJoin(engine)
  const ofBooking = (id: string) =>
    showtime
      ? sql`${then} bookings AS b ON b.id = ${sql.ref(id)} ${then} showtimes AS s ON s.id = b.showtime_id`
      : sql``
  return sql`
    SELECT ${head}, p.currency, p.amount AS gross, 0 AS refunded, 0 AS tickets, 0 AS bookings
    FROM ${inStretches(engine, 'payments', 'p', 'authorised_at')} ${ofBooking('p.booking_id')} WHERE ${broughtMoney}
    UNION ALL SELECT ${head}, f.currency, 0, f.amount, 0, 0
    FROM ${inStretches(engine, 'refunds', 'f', 'created_at')} ${then} payments AS p ON p.id = f.payment_id
      ${ofBooking('f.booking_id')} WHERE f.status <> 'failed' AND ${isMoney}
    UNION ALL SELECT ${head}, b.currency, 0, 0,
      (SELECT COUNT(*) FROM tickets AS t WHERE t.booking_id = b.id AND ${liveTickets}), 1
    FROM ${inStretches(engine, 'bookings', 'b', 'confirmed_at')}
      ${showtime ? sql`${then} showtimes AS s ON s.id = b.showtime_id` : sql``} WHERE b.status = 'confirmed'`
}

/** Everything that was ever paid, given back and sold for the showtimes asked about. */
function shownFacts({ engine }: Source, head: Fragment, join: Fragment, question: ReportQuestion): Fragment {
  const then = thenJoin(engine)
  const booked = sql`showtimes AS s ${join} ${then} bookings AS b ON b.showtime_id = s.id`
  const asked = askedShowtimes(question)
  return sql`
    SELECT ${head}, p.currency, p.amount AS gross, 0 AS refunded, 0 AS tickets, 0 AS bookings
    FROM ${booked} ${then} payments AS p ON p.booking_id = b.id WHERE ${asked} AND ${broughtMoney}
    UNION ALL SELECT ${head}, f.currency, 0, f.amount, 0, 0
    FROM ${booked} ${then} refunds AS f ON f.booking_id = b.id ${then} payments AS p ON p.id = f.payment_id
    WHERE ${asked} AND f.status <> 'failed' AND ${isMoney}
    UNION ALL SELECT ${head}, b.currency, 0, 0,
      (SELECT COUNT(*) FROM tickets AS t WHERE t.booking_id = b.id AND ${liveTickets}), 1
    FROM ${booked} WHERE ${asked} AND b.status = 'confirmed'`
}

/** The sums of facts, as the columns of a `SELECT`. */
export const sumColumns = sql`CAST(SUM(gross) AS BIGINT) AS gross, CAST(SUM(refunded) AS BIGINT) AS refunded,
  CAST(SUM(tickets) AS BIGINT) AS tickets, CAST(SUM(bookings) AS BIGINT) AS bookings`

/** `WITH …` of all that is named. */
export function withNames(names: readonly Fragment[]): Fragment {
  return names.length === 0 ? sql`` : sql`WITH ${sql.join(names)}`
}

/** Everything that a question is about, by currency. */
export async function totalsFor(source: Source, question: ReportQuestion): Promise<ReportTotal[]> {
  if (question.theatreIds?.length === 0) return []
  const { names, rows: facts } = await factsFor(source, question, 'theatre')
  const { rows } = await sql<Omit<ReportTotal, 'net'>>`${withNames(names)}
    SELECT currency, ${sumColumns} FROM (${facts}) AS facts GROUP BY currency ORDER BY currency`.execute(source.query)
  return rows.map(({ currency, gross, refunded, tickets }) => ({
    currency,
    gross,
    refunded,
    net: gross - refunded,
    tickets,
  }))
}
