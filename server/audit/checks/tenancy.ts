import { sql } from 'kysely'
import { checkAuditChain } from '../check-chain.ts'
import { bySql, found, together } from '../invariant.ts'
import type { Counts, Finding, Invariant, Rule, Snapshot } from '../invariant.ts'
import { liveLines, rowsOf } from './fragments.ts'
import { holdsPass, paymentsPass, ticketsPass } from './passes.ts'

const allPaired = ({ paired }: Counts, naming: number) => paired === naming

const referencesHold = bySql(
  'I12',
  'Nothing joins two theatres, and everything that is named is there',
  ({ nowMs }) => [
    differs('bookings', ['theatre_id', 'currency'], 'showtimes', 'showtime_id'),
    {
      ...differs('payments', ['theatre_id'], 'bookings', 'booking_id'),
      inOrder: { counts: paymentsPass, proves: ({ agreed }, payments) => agreed === payments },
    },
    differs('refunds', ['theatre_id'], 'payments', 'payment_id'),
    {
      // A ticket that was cancelled before its booking was exchanged stays with the showtime that it was for.
      rows: rowsOf('tickets'),
      broken: sql<{ what: string }>`
      SELECT t.id || ' is of ' || t.showtime_id || ', its ' || b.id || ' of ' || b.showtime_id AS what
      FROM tickets AS t JOIN bookings AS b ON b.id = t.booking_id LEFT JOIN showtimes AS s ON s.id = t.showtime_id
      WHERE t.showtime_id <> b.showtime_id AND (t.status <> 'void' OR COALESCE(s.theatre_id, '') <> b.theatre_id)`,
      inOrder: { counts: ticketsPass(nowMs), proves: ({ elsewhere }) => elsewhere === 0 },
    },
    differs('showtimes', ['theatre_id'], 'auditoriums', 'auditorium_id'),
    { ...missing('bookings', 'hold_id', 'holds'), inOrder: { counts: holdsPass, proves: allPaired } },
    missing('bookings', 'user_id', 'users'),
    { ...missing('holds', 'booking_id', 'bookings'), inOrder: { counts: holdsPass, proves: allPaired } },
    missing('theatres', 'owner_id', 'users'),
    {
      rows: rowsOf('users', sql`deleted_at IS NOT NULL`),
      broken: sql<{ what: string }>`
      SELECT b.id || ' still tells who ' || u.id || ' was, whose account is gone' AS what
      FROM bookings AS b JOIN users AS u ON u.id = b.user_id
      WHERE u.deleted_at IS NOT NULL AND (b.customer_name IS NOT NULL OR b.customer_email IS NOT NULL
        OR b.customer_email_folded IS NOT NULL OR b.customer_phone IS NOT NULL)`,
    },
    {
      rows: rowsOf('showtimes'),
      broken: sql<{ what: string }>`
      SELECT s.id || ' has ' || s.capacity || ' places (' || s.seating || '), its layout ' || l.capacity || ' (' || l.seating || ')' AS what
      FROM showtimes AS s JOIN layouts AS l ON l.auditorium_id = s.auditorium_id AND l.version = s.layout_version
      WHERE l.capacity <> s.capacity OR l.seating <> s.seating`,
    },
  ],
)

/** Rows of a table that disagree in one of these columns with the row they refer to. */
function differs(table: string, columns: readonly string[], other: string, reference: string): Rule {
  const told = (row: string) =>
    sql.join(
      columns.map((column) => sql`COALESCE(${sql.ref(`${row}.${column}`)}, 'nothing')`),
      sql` || ', ' || `,
    )
  const disagreements = columns.map(
    (column) => sql`${sql.ref(`theirs.${column}`)} <> COALESCE(${sql.ref(`mine.${column}`)}, '')`,
  )
  return {
    rows: rowsOf(table),
    broken: sql<{ what: string }>`
      SELECT mine.id || ' is of ' || ${told('mine')} || ', its ' || theirs.id || ' of ' || ${told('theirs')} AS what
      FROM ${sql.table(table)} AS mine JOIN ${sql.table(other)} AS theirs ON theirs.id = mine.${sql.id(reference)}
      WHERE ${sql.join(disagreements, sql` OR `)}`,
  }
}

/** Rows of a table that name something that is not there. */
function missing(table: string, reference: string, other: string): Rule {
  return {
    rows: rowsOf(table, sql`${sql.id(reference)} IS NOT NULL`),
    broken: sql<{ what: string }>`
      SELECT mine.id || ' names ' || mine.${sql.id(reference)} || ', which is not there' AS what
      FROM ${sql.table(table)} AS mine LEFT JOIN ${sql.table(other)} AS theirs ON theirs.id = mine.${sql.id(reference)}
      WHERE mine.${sql.id(reference)} IS NOT NULL AND theirs.id IS NULL`,
  }
}

interface LayoutInUse {
  readonly auditoriumId: string
  readonly version: number
  readonly layout: string
}

/** Read by itself, apart from the parser of `venues/`: the ids of the seats that a stored layout has. */
function seatIdsIn(layout: string): Set<string> {
  const ids = new Set<string>()
  const { rows }: { rows?: { label: string; seats: { number: string }[] }[] } = JSON.parse(layout)
  for (const row of rows ?? []) for (const seat of row.seats) ids.add(row.label + seat.number)
  return ids
}

/** Part of I12: what is claimed or sold is a seat of the layout version that the showtime is sold with. */
async function checkSeatsOfLayouts({ query, nowMs }: Snapshot): Promise<Finding> {
  const layouts = await sql<LayoutInUse>`
    SELECT l.auditorium_id, l.version, l.layout FROM layouts AS l WHERE l.seating = 'reserved' AND EXISTS (
      SELECT 1 FROM showtimes AS s WHERE s.auditorium_id = l.auditorium_id AND s.layout_version = l.version)`.execute(
    query,
  )
  const violations: string[] = []
  let rows = 0
  for (const { auditoriumId, version, layout } of layouts.rows) {
    const known = seatIdsIn(layout)
    const here = sql`s.auditorium_id = ${auditoriumId} AND s.layout_version = ${version}`
    // Names that ever were on a claim or a ticket come from indexes alone; of strange ones it is asked whether they count.
    const named = await sql<{ seatId: string }>`
      SELECT c.seat_id FROM showtimes AS s CROSS JOIN seat_claims AS c WHERE c.showtime_id = s.id AND ${here}
      UNION
      SELECT t.seat_id FROM showtimes AS s CROSS JOIN tickets AS t WHERE t.showtime_id = s.id AND ${here}
        AND t.seat_id IS NOT NULL`.execute(query)
    rows += named.rows.length
    const strange = named.rows.map(({ seatId }) => seatId).filter((seatId) => !known.has(seatId))
    if (strange.length === 0) continue
    const used = await sql<{ seatId: string; showtimeId: string }>`
      SELECT seat_id, MIN(showtime_id) AS showtime_id FROM (
        SELECT c.seat_id, c.showtime_id FROM seat_claims AS c JOIN showtimes AS s ON s.id = c.showtime_id
        WHERE ${here} AND (c.expires_at IS NULL OR c.expires_at > ${nowMs})
        UNION ALL
        SELECT t.seat_id, t.showtime_id FROM ${liveLines(nowMs)} AS t JOIN showtimes AS s ON s.id = t.showtime_id
        WHERE ${here}
      ) AS used WHERE seat_id IN (${sql.join(strange)}) GROUP BY seat_id`.execute(query)
    for (const { seatId, showtimeId } of used.rows) {
      violations.push(`${seatId} of ${showtimeId} is no seat of layout ${version} of ${auditoriumId}`)
    }
  }
  return found(rows, violations)
}

const tenancy: Invariant = {
  id: referencesHold.id,
  title: referencesHold.title,
  check: async (snapshot) =>
    together([
      await referencesHold.check(snapshot),
      await checkSeatsOfLayouts(snapshot),
      await checkAuditChain(snapshot),
    ]),
}

const noOverlaps = bySql('I14', 'No two live showtimes overlap in an auditorium', () => [
  {
    rows: rowsOf('showtimes', sql`status <> 'cancelled'`),
    broken: sql<{ what: string }>`
      SELECT id || ' starts in ' || auditorium_id || ' while it is busy with another showtime' AS what FROM (
        SELECT id, auditorium_id, starts_at, MAX(busy_until) OVER (PARTITION BY auditorium_id ORDER BY starts_at, id
          ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS busy_before
        FROM showtimes WHERE status <> 'cancelled') AS programme
      WHERE busy_before > starts_at`,
  },
])

export const tenancyInvariants: readonly Invariant[] = [tenancy, noOverlaps]
