import { sql } from 'kysely'
import { bySql } from '../invariant.ts'
import type { Invariant } from '../invariant.ts'
import { liveBooking, liveLines, membersOf, rowsOf } from './fragments.ts'

/** Counted over holds and tickets, not over the table of claims: its key cannot hold a seat twice in any case. */
const oneClaim = bySql('I1', 'One seat, one live claim', ({ nowMs, engine }) => {
  const claims = sql`(
    SELECT showtime_id, seat_id, booking_id AS claimant FROM ${liveLines(nowMs)} AS sold WHERE seat_id IS NOT NULL
    UNION ALL
    SELECT h.showtime_id, seat.value, h.id FROM holds AS h CROSS JOIN ${membersOf(engine, sql`h.seats`, 'seat')}
    WHERE h.status = 'live' AND h.expires_at > ${nowMs})`
  return [
    {
      rows: sql<{ rows: number }>`SELECT COUNT(*) AS "rows" FROM ${claims} AS claims`,
      broken: sql<{ what: string }>`
        SELECT 'seat ' || seat_id || ' of ' || showtime_id || ' belongs to ' || MIN(claimant) || ' and ' || MAX(claimant) AS what
        FROM ${claims} AS claims GROUP BY showtime_id, seat_id HAVING COUNT(*) > 1`,
    },
  ]
})

const locksAreClaims = bySql('I2', 'Every seat that is sold or held has its lock', ({ nowMs, engine }) => [
  {
    rows: sql<{ rows: number }>`SELECT COUNT(*) AS "rows" FROM ${liveLines(nowMs)} AS sold`,
    broken: sql<{ what: string }>`
      SELECT 'seat ' || sold.seat_id || ' of ' || sold.showtime_id || ' is sold to ' || sold.booking_id
        || ' and not locked for it' AS what
      FROM ${liveLines(nowMs)} AS sold
      LEFT JOIN seat_claims AS c ON c.showtime_id = sold.showtime_id AND c.seat_id = sold.seat_id
        AND c.kind = 'booking' AND c.ref = sold.booking_id
      WHERE sold.seat_id IS NOT NULL AND c.ref IS NULL`,
  },
  {
    rows: rowsOf('seat_claims', sql`kind = 'booking'`),
    broken: sql<{ what: string }>`
      SELECT 'seat ' || c.seat_id || ' of ' || c.showtime_id || ' is locked for ' || c.ref || ', which has no ticket for it' AS what
      FROM seat_claims AS c
      JOIN bookings AS b ON b.id = c.ref AND ${liveBooking(nowMs)}
      JOIN showtimes AS s ON s.id = c.showtime_id AND s.seating = 'reserved'
      WHERE c.kind = 'booking' AND NOT EXISTS (SELECT 1 FROM tickets AS t WHERE t.booking_id = c.ref
        AND t.showtime_id = c.showtime_id AND t.seat_id = c.seat_id AND t.status <> 'void')`,
  },
  {
    rows: sql<{ rows: number }>`SELECT COUNT(*) AS "rows" FROM bookings AS b WHERE ${liveBooking(nowMs)}`,
    broken: sql<{ what: string }>`
      SELECT b.id || ' has ' || COALESCE(sold.tickets, 0) || ' tickets of general admission and '
        || COALESCE(locked.places, 0) || ' places' AS what
      FROM bookings AS b JOIN showtimes AS s ON s.id = b.showtime_id AND s.seating = 'general'
      LEFT JOIN (SELECT booking_id, COUNT(*) AS tickets FROM tickets WHERE status <> 'void' GROUP BY booking_id) AS sold
        ON sold.booking_id = b.id
      LEFT JOIN (SELECT ref, showtime_id, SUM(places) AS places FROM seat_claims WHERE kind = 'booking'
        GROUP BY ref, showtime_id) AS locked ON locked.ref = b.id AND locked.showtime_id = b.showtime_id
      WHERE ${liveBooking(nowMs)} AND COALESCE(sold.tickets, 0) <> COALESCE(locked.places, 0)`,
  },
  {
    rows: sql<{ rows: number }>`SELECT COUNT(*) AS "rows" FROM bookings AS b WHERE ${liveBooking(nowMs)}`,
    broken: sql<{ what: string }>`
      SELECT 'the lock of ' || c.seat_id || ' of ' || c.showtime_id || ' does not end with ' || b.id AS what
      FROM seat_claims AS c JOIN bookings AS b ON b.id = c.ref AND ${liveBooking(nowMs)}
      WHERE c.kind = 'booking' AND COALESCE(c.expires_at, -1) <> COALESCE(b.expires_at, -1)`,
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
    rows: rowsOf('showtimes'),
    broken: sql<{ what: string }>`
      SELECT s.id || ' has ' || s.capacity || ' places, and ' || sold.tickets || ' tickets are sold' AS what
      FROM showtimes AS s JOIN (SELECT showtime_id, COUNT(*) AS tickets FROM ${liveLines(nowMs)} AS live
        GROUP BY showtime_id) AS sold ON sold.showtime_id = s.id
      WHERE sold.tickets > s.capacity`,
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
  },
])

export const seatInvariants: readonly Invariant[] = [oneClaim, locksAreClaims, withinCapacity, nothingPastItsTime]
