import { sql } from 'kysely'
import { must } from '../platform/assert.ts'
import { admissionColumns, broughtMoney, liveTickets, noMoney } from './fragments.ts'
import type { AdmissionFact, Fact, ReportQuestion, ReportShowtime } from './model.ts'
import { othersFirst } from './source.ts'
import type { Source } from './source.ts'

const showtimesAtOnce = 400

/** The showtimes of the period, a few at a time: together they have about as many places as rows are looked at at once. */
export async function* showtimesAsked(source: Source, question: ReportQuestion): AsyncGenerator<ReportShowtime[]> {
  let after = ''
  for (;;) {
    const page = await readShowtimes(source, question, after)
    let part: ReportShowtime[] = []
    let places = 0
    for (const showtime of page) {
      if (part.length > 0 && places + showtime.capacity > source.rowsAtOnce) {
        yield part
        part = []
        places = 0
      }
      part.push(showtime)
      places += showtime.capacity
    }
    if (part.length > 0) yield part
    if (page.length < showtimesAtOnce) return
    after = page.at(-1)?.id ?? ''
  }
}

async function readShowtimes(source: Source, question: ReportQuestion, after: string): Promise<ReportShowtime[]> {
  const { from, to, theatreIds } = question
  if (theatreIds?.length === 0) return []
  return await source.query
    .selectFrom('showtimes')
    .select(['id', 'theatreId', 'auditoriumId', 'movieId', 'startsAt', 'businessDate', 'timeZone'])
    .select(['currency', 'capacity', 'status'])
    .where('id', '>', after)
    .$if(from !== null, (rows) => rows.where('businessDate', '>=', from ?? ''))
    .$if(to !== null, (rows) => rows.where('businessDate', '<=', to ?? ''))
    .$if(theatreIds !== undefined, (rows) => rows.where('theatreId', 'in', [...(theatreIds ?? [])]))
    .orderBy('id')
    .limit(showtimesAtOnce)
    .execute()
}

/** Showtimes by their ids, in no order. */
export async function showtimesById(source: Source, ids: readonly string[]): Promise<ReportShowtime[]> {
  const found: ReportShowtime[] = []
  for (let start = 0; start < ids.length; start += showtimesAtOnce) {
    const rows = await source.query
      .selectFrom('showtimes')
      .select(['id', 'theatreId', 'auditoriumId', 'movieId', 'startsAt', 'businessDate', 'timeZone'])
      .select(['currency', 'capacity', 'status'])
      .where('id', 'in', ids.slice(start, start + showtimesAtOnce))
      .execute()
    found.push(...rows)
    await othersFirst()
  }
  return found
}

interface ShowtimeSum {
  readonly showtimeId: string
  readonly currency: string
  readonly gross: number
  readonly refunded: number
  readonly tickets: number
  readonly bookings: number
}

/** By day of show: everything that was ever paid, given back and sold for these showtimes. */
export async function factsOfShowtimes(source: Source, showtimes: readonly ReportShowtime[]): Promise<Fact[]> {
  const byId = new Map(showtimes.map((showtime) => [showtime.id, showtime]))
  const asked = sql.join([...byId.keys()])
  const statements = [
    sql<ShowtimeSum>`SELECT b.showtime_id, p.currency, SUM(p.amount) AS gross, 0 AS refunded, 0 AS tickets, 0 AS bookings
      FROM bookings AS b JOIN payments AS p ON p.booking_id = b.id
      WHERE b.showtime_id IN (${asked}) AND ${broughtMoney} GROUP BY b.showtime_id, p.currency`,
    sql<ShowtimeSum>`SELECT b.showtime_id, r.currency, 0 AS gross, SUM(r.amount) AS refunded, 0 AS tickets, 0 AS bookings
      FROM bookings AS b JOIN refunds AS r ON r.booking_id = b.id JOIN payments AS p ON p.id = r.payment_id
      WHERE b.showtime_id IN (${asked}) AND r.status <> 'failed' AND (p.tender IS NULL OR p.tender NOT IN (${noMoney}))
      GROUP BY b.showtime_id, r.currency`,
    sql<ShowtimeSum>`SELECT b.showtime_id, b.currency, 0 AS gross, 0 AS refunded, COUNT(*) AS tickets, COUNT(DISTINCT b.id) AS bookings
      FROM bookings AS b JOIN tickets AS t ON t.booking_id = b.id
      WHERE b.showtime_id IN (${asked}) AND b.status = 'confirmed' AND ${liveTickets} GROUP BY b.showtime_id, b.currency`,
  ]
  const facts: Fact[] = []
  for (const statement of statements) {
    const { rows } = await statement.execute(source.query)
    for (const row of rows) facts.push({ ...row, ...placeOf(byId, row.showtimeId) })
    await othersFirst()
  }
  return facts
}

/** By day of show: what kinds of tickets were sold for these showtimes, for how much. */
export async function admissionsOfShowtimes(
  source: Source,
  showtimes: readonly ReportShowtime[],
): Promise<AdmissionFact[]> {
  const byId = new Map(showtimes.map((showtime) => [showtime.id, showtime]))
  type Row = Pick<AdmissionFact, 'showtimeId' | 'currency' | 'ticketType' | 'price' | 'admissions' | 'tax'>
  const { rows } = await sql<Row>`
    SELECT showtime_id, currency, ticket_type, price, COUNT(*) AS admissions, SUM(tax) AS tax FROM (
      SELECT b.showtime_id, b.currency, ${admissionColumns}
      FROM bookings AS b JOIN tickets AS t ON t.booking_id = b.id
      WHERE b.showtime_id IN (${sql.join([...byId.keys()])}) AND b.status = 'confirmed' AND ${liveTickets}
    ) AS sold GROUP BY showtime_id, currency, ticket_type, price`.execute(source.query)
  await othersFirst()
  return rows.map((row) => ({ ...row, ...placeOf(byId, row.showtimeId) }))
}

function placeOf(byId: ReadonlyMap<string, ReportShowtime>, showtimeId: string) {
  const showtime = must(byId.get(showtimeId), 'Only these were asked for')
  const { theatreId, auditoriumId, movieId, businessDate } = showtime
  return { theatreId, auditoriumId, movieId, date: businessDate }
}
