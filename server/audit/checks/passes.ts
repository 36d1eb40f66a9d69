import { sql } from 'kysely'
import type { RawBuilder } from 'kysely'
import type { Counts } from '../invariant.ts'
import { liveBooking, secured } from './fragments.ts'

/*
 * Passes over large tables that rules of several invariants share: each counts what would break one of them, or what is in
 * order. Only where the numbers leave a doubt does a rule ask by itself.
 */

/**
 * Every ticket beside its booking and its lock. `elsewhere`, `early` and `open` count what breaks a rule; `sold` the seats that
 * are sold, `locked` those of them that are locked for as long as they should be, and `general` such locks of general
 * admission. Two tickets of one seat, which could make up for a lock without any, are a matter of I1.
 */
export function ticketsPass(nowMs: number): RawBuilder<Counts> {
  const sold = sql`t.status <> 'void' AND t.seat_id IS NOT NULL AND ${liveBooking(nowMs)}`
  const sameEnd = sql`COALESCE(c.expires_at, -1) = COALESCE(b.expires_at, -1)`
  return sql<Counts>`
    SELECT COUNT(CASE WHEN t.showtime_id <> b.showtime_id AND (t.status <> 'void' OR COALESCE((SELECT s.theatre_id
        FROM showtimes AS s WHERE s.id = t.showtime_id), '') <> b.theatre_id) THEN 1 END) AS elsewhere,
      COUNT(CASE WHEN t.status = 'used' AND (b.confirmed_at IS NULL OR t.checked_in_at < b.confirmed_at) THEN 1 END) AS early,
      COUNT(CASE WHEN t.status <> 'void' AND b.status IN ('expired', 'cancelled') THEN 1 END) AS "open",
      COUNT(CASE WHEN ${sold} THEN 1 END) AS sold,
      COUNT(CASE WHEN ${sold} AND ${sameEnd} THEN c.ref END) AS locked,
      (SELECT COUNT(*) FROM showtimes AS g CROSS JOIN seat_claims AS c JOIN bookings AS b ON b.id = c.ref AND ${liveBooking(nowMs)}
        WHERE g.seating = 'general' AND c.showtime_id = g.id AND c.kind = 'booking' AND ${sameEnd}) AS general
    FROM tickets AS t JOIN bookings AS b ON b.id = t.booking_id
    LEFT JOIN seat_claims AS c ON c.showtime_id = t.showtime_id AND c.seat_id = t.seat_id AND c.kind = 'booking'
      AND c.ref = t.booking_id`
}

/** Bookings and holds that name each other. */
export const holdsPass = sql<Counts>`
  SELECT COUNT(*) AS paired FROM bookings AS b JOIN holds AS h ON h.id = b.hold_id AND h.booking_id = b.id`

/** Payments that agree with their bookings. */
export const paymentsPass = sql<Counts>`
  SELECT COUNT(*) AS agreed FROM payments AS p
  JOIN bookings AS b ON b.id = p.booking_id AND b.theatre_id = p.theatre_id AND b.currency = p.currency`

/** Admissions that stand and the used tickets that they are of: the database keeps one of each ticket. */
export const admissionsPass = sql<Counts>`
  SELECT COUNT(*) AS admitted FROM check_ins AS c JOIN tickets AS t ON t.id = c.ticket_id AND t.status = 'used'
  WHERE c.outcome = 'admitted' AND c.undone_at IS NULL`

/**
 * Every booking beside its payments and refunds: `balanced` counts those whose sums are theirs, `covered` the confirmed ones that
 * were paid for before.
 */
export const moneyPass = sql<Counts>`
  SELECT COUNT(CASE WHEN b.paid = COALESCE(b.came, 0) AND b.refunded = COALESCE(gone.went, 0) THEN 1 END) AS balanced,
    COUNT(CASE WHEN b.confirmed_at IS NOT NULL AND COALESCE(b.promised, 0) - COALESCE(gone.went_before, 0) >= b.total
      THEN 1 END) AS covered
  FROM (SELECT b.id, b.paid, b.refunded, b.total, b.confirmed_at, SUM(CASE WHEN p.status IN ${secured} THEN p.amount END) AS came,
      SUM(CASE WHEN p.status IN ${secured} OR (b.status = 'cancelled' AND p.authorised_at IS NOT NULL) THEN p.amount END) AS promised
    FROM bookings AS b LEFT JOIN payments AS p ON p.booking_id = b.id GROUP BY b.id) AS b
  LEFT JOIN (SELECT r.booking_id, SUM(r.amount) AS went, SUM(CASE WHEN r.created_at < of.confirmed_at THEN r.amount END) AS went_before
    FROM refunds AS r JOIN bookings AS of ON of.id = r.booking_id WHERE r.status <> 'failed' GROUP BY r.booking_id) AS gone
    ON gone.booking_id = b.id`
