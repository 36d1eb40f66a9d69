import { sql } from 'kysely'
import { bySql } from '../invariant.ts'
import type { Counts, Invariant } from '../invariant.ts'
import { liveBooking, liveLines, membersOf, rowsOf } from './fragments.ts'
import { ticketsPass } from './passes.ts'

/** Counted over holds and tickets, not over the table of claims: its key cannot hold a seat twice in any case. */
const oneClaim = bySql('I1', 'One seat, one live claim', ({ nowMs, engine }) => {
  const held = sql`
    SELECT h.showtime_id, seat.value AS seat_id, h.id AS claimant FROM holds AS h CROSS JOIN ${membersOf(engine, sql`h.seats`, 'seat')}
    WHERE h.status = 'live' AND h.expires_at > ${nowMs}`
  return [
    {
      rows: rowsOf('tickets', sql`status <> 'void'`),
      // Seats that have one ticket and no hold belong to one at most; only of the others is it asked who counts.
      broken: sql<{ what: string }>`
        WITH held AS (${held}), doubted AS (
          SELECT showtime_id, seat_id FROM tickets WHERE seat_id IS NOT NULL GROUP BY showtime_id, seat_id HAVING COUNT(*) > 1
          UNION SELECT showtime_id, seat_id FROM held
        ), claims AS (
          SELECT t.showtime_id, t.seat_id, t.booking_id AS claimant FROM doubted AS d CROSS JOIN tickets AS t
            JOIN bookings AS b ON b.id = t.booking_id AND ${liveBooking(nowMs)}
          WHERE t.showtime_id = d.showtime_id AND t.seat_id = d.seat_id AND t.status <> 'void'
          UNION ALL SELECT showtime_id, seat_id, claimant FROM held
        )
        SELECT 'seat ' || seat_id || ' of ' || showtime_id || ' belongs to ' || MIN(claimant) || ' and ' || MAX(claimant) AS what
        FROM claims GROUP BY showtime_id, seat_id HAVING COUNT(*) > 1`,
    },
  ]
})

/** Every lock of a booking was met when tickets were looked at, or is one of general admission that stands. */
function allLocks({ locked = 0, general = 0 }: Counts, locks: number): boolean {
  return locked + general === locks
}

const locksAreClaims = bySql('I2', 'Every seat that is sold or held has its lock', ({ nowMs, engine }) => [
  {
    rows: rowsOf('tickets', sql`status <> 'void'`),
    broken: sql<{ what: string }>`
      SELECT 'seat ' || sold.seat_id || ' of ' || sold.showtime_id || ' is sold to ' || sold.booking_id
        || ' and not locked for it' AS what
      FROM ${liveLines(nowMs)} AS sold
      LEFT JOIN seat_claims AS c ON c.showtime_id = sold.showtime_id AND c.seat_id = sold.seat_id
        AND c.kind = 'booking' AND c.ref = sold.booking_id
      WHERE sold.seat_id IS NOT NULL AND c.ref IS NULL`,
    inOrder: { counts: ticketsPass(nowMs), proves: ({ sold, locked }) => sold === locked },
  },
  {
    rows: rowsOf('seat_claims', sql`kind = 'booking'`),
    broken: sql<{ what: string }>`
      SELECT 'seat ' || c.seat_id || ' of ' || c.showtime_id || ' is locked for ' || c.ref || ', ' || CASE
        WHEN COALESCE(c.expires_at, -1) <> COALESCE(b.expires_at, -1) THEN 'and does not end with it'
        ELSE 'which has no ticket for it' END AS what
      FROM seat_claims AS c
      JOIN bookings AS b ON b.id = c.ref AND ${liveBooking(nowMs)}
      WHERE c.kind = 'booking' AND (COALESCE(c.expires_at, -1) <> COALESCE(b.expires_at, -1)
        OR (NOT EXISTS (SELECT 1 FROM tickets AS t WHERE t.booking_id = c.ref
            AND t.showtime_id = c.showtime_id AND t.seat_id = c.seat_id AND t.status <> 'void')
          AND EXISTS (SELECT 1 FROM showtimes AS s WHERE s.id = c.showtime_id AND s.seating = 'reserved')))`,
    inOrder: { counts: ticketsPass(nowMs), proves: allLocks },
  },
  {
    rows: rowsOf('bookings', sql`status IN ('confirmed', 'pending')`),
    broken: sql<{ what: string }>`
      SELECT b.id || ' has ' || COALESCE(sold.tickets, 0) || ' tickets of general admission and '
        || COALESCE(locked.places, 0) || ' places' AS what
      FROM bookings AS b JOIN showtimes AS s ON s.id = b.showtime_id AND s.seating = 'general'
      LEFT JOIN (SELECT of.id, COUNT(*) AS tickets FROM showtimes AS g CROSS JOIN bookings AS of CROSS JOIN tickets AS t
        WHERE g.seating = 'general' AND of.showtime_id = g.id AND t.booking_id = of.id AND t.status <> 'void' GROUP BY of.id) AS sold
        ON sold.id = b.id
      LEFT JOIN (SELECT c.ref, c.showtime_id, SUM(c.places) AS places FROM showtimes AS g
        CROSS JOIN seat_claims AS c WHERE g.seating = 'general' AND c.showtime_id = g.id AND c.kind = 'booking'
        GROUP BY c.ref, c.showtime_id) AS locked ON locked.ref = b.id AND locked.showtime_id = b.showtime_id
      WHERE ${liveBooking(nowMs)} AND COALESCE(sold.tickets, 0) <> COALESCE(locked.places, 0)`,
  },
  {
    // A seat that somebody else has is a matter of I1.
    rows: rowsOf('holds', sql`status = 'live' AND expires_at > ${nowMs}`),
    broken: sql<{ what: string }>`
      SELECT h.id || ' holds ' || h.count || ' places and has the locks of ' || COALESCE(own.places, 0) AS what
      FROM holds AS h LEFT JOIN (SELECT ref, showtime_id, SUM(places) AS places FROM seat_claims WHERE kind = 'hold'
        GROUP BY ref, showtime_id) AS own ON own.ref = h.id AND own.showtime_id = h.showtime_id
      WHERE h.status = 'live' AND h.expires_at > ${nowMs} AND COALESCE(own.places, 0) < h.count
        AND NOT EXISTS (SELECT 1 FROM ${membersOf(engine, sql`h.seats`, 'seat')} JOIN seat_claims AS taken
          ON taken.showtime_id = h.showtime_id AND taken.seat_id = seat.value AND taken.ref <> h.id)`,
  },
])

const withinCapacity = bySql('I13', 'No showtime sells more places than it has', ({ nowMs }) => [
  {
    rows: rowsOf('showtimes', sql`seating = 'general'`),
    broken: sql<{ what: string }>`
      SELECT s.id || ' has ' || s.capacity || ' places, and ' || taken.places || ' are taken' AS what
      FROM showtimes AS s JOIN (SELECT showtime_id, SUM(places) AS places FROM seat_claims
        WHERE expires_at IS NULL OR expires_at > ${nowMs} GROUP BY showtime_id) AS taken ON taken.showtime_id = s.id
      WHERE s.seating = 'general' AND taken.places > s.capacity`,
  },
  {
    // Only where there are more tickets than places, cancelled ones too, is it asked which of them count.
    rows: rowsOf('showtimes'),
    broken: sql<{ what: string }>`
      SELECT id || ' has ' || capacity || ' places, and ' || tickets || ' tickets are sold' AS what FROM (
        SELECT s.id, s.capacity, (SELECT COUNT(*) FROM ${liveLines(nowMs)} AS live WHERE live.showtime_id = s.id) AS tickets
        FROM showtimes AS s JOIN (SELECT showtime_id, COUNT(*) AS tickets FROM tickets GROUP BY showtime_id) AS made
          ON made.showtime_id = s.id AND made.tickets > s.capacity) AS crowded
      WHERE tickets > capacity`,
  },
])

const nothingPastItsTime = bySql('I15', 'Nothing past its time holds a seat', ({ nowMs }) => [
  {
    rows: rowsOf('seat_claims', sql`kind = 'hold'`),
    broken: sql<{ what: string }>`
      SELECT 'seat ' || c.seat_id || ' of ' || c.showtime_id || ' is held for ' || c.ref || ', which is over before the claim' AS what
      FROM seat_claims AS c LEFT JOIN holds AS h ON h.id = c.ref AND h.status = 'live' AND h.expires_at >= c.expires_at
      WHERE c.kind = 'hold' AND c.expires_at > ${nowMs} AND h.id IS NULL`,
  },
  {
    rows: rowsOf('seat_claims', sql`kind = 'booking'`),
    broken: sql<{ what: string }>`
      SELECT 'seat ' || c.seat_id || ' of ' || c.showtime_id || ' is kept for ' || c.ref || ', which is '
        || COALESCE(b.status, 'not there') AS what
      FROM seat_claims AS c LEFT JOIN bookings AS b ON b.id = c.ref
      WHERE c.kind = 'booking' AND (c.expires_at IS NULL OR c.expires_at > ${nowMs})
        AND (b.id IS NULL OR b.status IN ('expired', 'cancelled'))`,
    inOrder: { counts: ticketsPass(nowMs), proves: allLocks },
  },
])

export const seatInvariants: readonly Invariant[] = [oneClaim, locksAreClaims, withinCapacity, nothingPastItsTime]
