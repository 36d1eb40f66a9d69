import { sql } from 'kysely'
import type { RawBuilder } from 'kysely'
import type { AdmissionFact, Fact, ReportQuestion, ReportTheatre } from './model.ts'
import { askedTheatres, bucketOf, dayTeller, instantsOf, othersFirst, theatreIn } from './source.ts'
import type { Source } from './source.ts'
import { admissionColumns, broughtMoney, liveTickets, noMoney } from './fragments.ts'

/** A place in a walk along (time, id). */
interface Position {
  readonly at: number
  readonly id: string
}

interface FactRow extends Fact {
  readonly bucket: number
}
interface AdmissionRow extends AdmissionFact {
  readonly bucket: number
}

/** By day of sale: payments on the day their money came, refunds on theirs, tickets on the day they were confirmed. */
export async function* soldFacts(source: Source, question: ReportQuestion): AsyncGenerator<Fact> {
  for (const theatre of askedTheatres(source, question)) {
    yield* ofTheatre<FactRow>(source, question, theatre, payments(theatre.id))
    yield* ofTheatre<FactRow>(source, question, theatre, bookings(theatre.id))
  }
  yield* refundFacts(source, question)
}

/** By day of sale: what kinds of tickets were sold, for how much. */
export async function* soldAdmissions(source: Source, question: ReportQuestion): AsyncGenerator<AdmissionFact> {
  for (const theatre of askedTheatres(source, question)) {
    yield* ofTheatre<AdmissionRow>(source, question, theatre, admissions(theatre.id))
  }
}

/** One kind of thing to walk along, in the order of its index. */
interface Walk {
  /** All of it, as `at` and `id` and what else is summed. */
  readonly line: RawBuilder<unknown>
  /** Sums of a part of the line, by showtime and `bucket` of time. */
  readonly sums: (part: RawBuilder<unknown>, bucketMs: number) => RawBuilder<unknown>
}

async function* ofTheatre<Row extends { readonly bucket: number }>(
  source: Source,
  question: ReportQuestion,
  theatre: ReportTheatre,
  walk: Walk,
): AsyncGenerator<Row & { date: string }> {
  const { fromMs, beforeMs } = instantsOf(question, theatre)
  const bucketMs = bucketOf(theatre)
  const dayOf = dayTeller(theatre)
  for await (const row of walkAlong<Row>(source, walk, { fromMs, beforeMs, bucketMs })) {
    yield { ...row, date: dayOf(row.bucket * bucketMs) }
  }
}

/** Refunds do not know their theatre by themselves: they are walked along once for all theatres, minute by minute. */
async function* refundFacts(source: Source, question: ReportQuestion): AsyncGenerator<Fact> {
  const theatres = askedTheatres(source, question)
  const ranges = theatres.map((theatre) => instantsOf(question, theatre))
  const fromMs = Math.min(...ranges.map((range) => range.fromMs))
  const beforeMs = Math.max(...ranges.map((range) => range.beforeMs))
  const tellers = new Map(theatres.map(({ id }) => [id, dayTeller(theatreIn(source, id))]))
  for await (const row of walkAlong<FactRow>(source, refunds(), { fromMs, beforeMs, bucketMs: minuteMs })) {
    const date = tellers.get(row.theatreId)?.(row.bucket * minuteMs)
    if (date === undefined) continue
    if ((question.from ?? date) <= date && date <= (question.to ?? date)) yield { ...row, date }
  }
}

async function* walkAlong<Row>(
  source: Source,
  walk: Walk,
  { fromMs, beforeMs, bucketMs }: { readonly fromMs: number; readonly beforeMs: number; readonly bucketMs: number },
): AsyncGenerator<Row> {
  let start: Position = { at: fromMs, id: '' }
  for (;;) {
    const part = sql`SELECT * FROM (${walk.line}) AS line
      WHERE at < ${beforeMs} AND (at > ${start.at} OR (at = ${start.at} AND id > ${start.id}))
      ORDER BY at, id LIMIT ${source.rowsAtOnce}`
    // The last of this part is where the next one begins.
    const ends = await sql<Position>`SELECT at, id FROM (${part}) AS part ORDER BY at DESC, id DESC LIMIT 1`.execute(
      source.query,
    )
    const [end] = ends.rows
    if (!end) return
    const { rows } = await sql<Row>`${walk.sums(part, bucketMs)}`.execute(source.query)
    yield* rows
    await othersFirst()
    start = end
  }
}

const minuteMs = 60_000
const place = sql`s.theatre_id, s.auditorium_id, s.movie_id, s.id AS showtime_id`
const grouped = sql`theatre_id, auditorium_id, movie_id, showtime_id, currency, bucket`

const payments = (theatreId: string): Walk => ({
  line: sql`SELECT authorised_at AS at, id, booking_id, currency, amount FROM payments AS p
    WHERE theatre_id = ${theatreId} AND authorised_at IS NOT NULL AND ${broughtMoney}`,
  sums: (part, bucketMs) => sql`
    SELECT ${grouped}, SUM(amount) AS gross, 0 AS refunded, 0 AS tickets, 0 AS bookings FROM (
      SELECT ${place}, m.currency, m.amount, m.at / ${sql.lit(bucketMs)} AS bucket
      FROM (${part}) AS m JOIN bookings AS b ON b.id = m.booking_id JOIN showtimes AS s ON s.id = b.showtime_id
    ) AS moved GROUP BY ${grouped} ORDER BY bucket`,
})

const refunds = (): Walk => ({
  line: sql`SELECT r.created_at AS at, r.id, r.booking_id, r.currency, r.amount
    FROM refunds AS r JOIN payments AS p ON p.id = r.payment_id
    WHERE r.status <> 'failed' AND (p.tender IS NULL OR p.tender NOT IN (${noMoney}))`,
  sums: (part, bucketMs) => sql`
    SELECT ${grouped}, 0 AS gross, SUM(amount) AS refunded, 0 AS tickets, 0 AS bookings FROM (
      SELECT ${place}, m.currency, m.amount, m.at / ${sql.lit(bucketMs)} AS bucket
      FROM (${part}) AS m JOIN bookings AS b ON b.id = m.booking_id JOIN showtimes AS s ON s.id = b.showtime_id
    ) AS moved GROUP BY ${grouped} ORDER BY bucket`,
})

const confirmed = (theatreId: string) => sql`SELECT confirmed_at AS at, id, showtime_id, currency FROM bookings
    WHERE theatre_id = ${theatreId} AND confirmed_at IS NOT NULL AND status = 'confirmed'`

const bookings = (theatreId: string): Walk => ({
  line: confirmed(theatreId),
  sums: (part, bucketMs) => sql`
    SELECT ${grouped}, 0 AS gross, 0 AS refunded, SUM(tickets) AS tickets, COUNT(*) AS bookings FROM (
      SELECT ${place}, m.currency, m.at / ${sql.lit(bucketMs)} AS bucket,
        (SELECT COUNT(*) FROM tickets AS t WHERE t.booking_id = m.id AND ${liveTickets}) AS tickets
      FROM (${part}) AS m JOIN showtimes AS s ON s.id = m.showtime_id
    ) AS sold GROUP BY ${grouped} ORDER BY bucket`,
})

const admissions = (theatreId: string): Walk => ({
  line: confirmed(theatreId),
  sums: (part, bucketMs) => sql`
    SELECT ${grouped}, ticket_type, price, COUNT(*) AS admissions, SUM(tax) AS tax FROM (
      SELECT ${place}, m.currency, m.at / ${sql.lit(bucketMs)} AS bucket, ${admissionColumns}
      FROM (${part}) AS m JOIN showtimes AS s ON s.id = m.showtime_id
      JOIN tickets AS t ON t.booking_id = m.id AND ${liveTickets}
    ) AS sold GROUP BY ${grouped}, ticket_type, price ORDER BY bucket`,
})
