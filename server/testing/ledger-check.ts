import { sql } from 'kysely'
import type { Database } from '../database/database.ts'

/** What must never be found, each in a query of its own; `$now` is the moment of the check, milliseconds. */
const findings: Readonly<Record<string, string>> = {
  'a seat with two live tickets': `SELECT t.showtime_id || ' ' || t.seat_id AS found FROM tickets t JOIN bookings b ON b.id = t.booking_id
    WHERE t.status <> 'void' AND t.seat_id IS NOT NULL AND (b.status = 'confirmed' OR (b.status = 'pending' AND (b.expires_at IS NULL OR b.expires_at > $now)))
    GROUP BY t.showtime_id, t.seat_id HAVING COUNT(*) > 1`,
  'a ticket that is sold but has no claim': `SELECT t.id AS found FROM tickets t JOIN bookings b ON b.id = t.booking_id
    WHERE t.status <> 'void' AND (b.status = 'confirmed' OR (b.status = 'pending' AND (b.expires_at IS NULL OR b.expires_at > $now)))
    AND NOT EXISTS (SELECT 1 FROM seat_claims c WHERE c.showtime_id = t.showtime_id AND c.ref = b.id AND c.kind = 'booking' AND (t.seat_id IS NULL OR c.seat_id = t.seat_id))`,
  'a claim of a booking that has ended': `SELECT c.seat_id || ' ' || c.ref AS found FROM seat_claims c LEFT JOIN bookings b ON b.id = c.ref
    WHERE c.kind = 'booking' AND (b.id IS NULL OR b.status IN ('cancelled', 'expired'))`,
  'a claim that does not lapse with its booking': `SELECT c.seat_id || ' ' || c.ref AS found FROM seat_claims c JOIN bookings b ON b.id = c.ref
    WHERE COALESCE(c.expires_at, -1) <> COALESCE(b.expires_at, -1)`,
  'a live claim of a hold that is not live': `SELECT c.seat_id || ' ' || c.ref AS found FROM seat_claims c LEFT JOIN holds h ON h.id = c.ref
    WHERE c.kind = 'hold' AND c.expires_at > $now AND (h.id IS NULL OR h.status <> 'live' OR h.expires_at <> c.expires_at)`,
  'a live hold without its claims': `SELECT h.id AS found FROM holds h WHERE h.status = 'live' AND h.expires_at > $now
    AND h.count <> (SELECT COALESCE(SUM(c.places), 0) FROM seat_claims c WHERE c.showtime_id = h.showtime_id AND c.ref = h.id)`,
  'places that do not add up': `SELECT b.id AS found FROM bookings b JOIN showtimes s ON s.id = b.showtime_id
    WHERE s.seating = 'general' AND b.status = 'confirmed' AND (SELECT COUNT(*) FROM tickets t WHERE t.booking_id = b.id AND t.status <> 'void')
      <> (SELECT COALESCE(SUM(c.places), 0) FROM seat_claims c WHERE c.ref = b.id)`,
  'more places than there are': `SELECT s.id AS found FROM showtimes s JOIN seat_claims c ON c.showtime_id = s.id
    WHERE c.expires_at IS NULL OR c.expires_at > $now GROUP BY s.id, s.capacity HAVING SUM(c.places) > s.capacity`,
  'a booking whose money does not add up': `SELECT b.id AS found FROM bookings b WHERE
    b.paid <> (SELECT COALESCE(SUM(p.amount), 0) FROM payments p WHERE p.booking_id = b.id AND p.status IN ('authorised', 'succeeded', 'partially_refunded', 'refunded'))
    OR b.refunded <> (SELECT COALESCE(SUM(r.amount), 0) FROM refunds r WHERE r.booking_id = b.id AND r.status <> 'failed')`,
  'a payment whose refunds do not add up': `SELECT p.id AS found FROM payments p WHERE
    p.refunded <> (SELECT COALESCE(SUM(r.amount), 0) FROM refunds r WHERE r.payment_id = p.id AND r.status <> 'failed')`,
  'a booking that is confirmed and not paid': `SELECT id AS found FROM bookings WHERE status = 'confirmed' AND paid < total`,
  'a booking that has ended and keeps an open payment': `SELECT p.id AS found FROM payments p JOIN bookings b ON b.id = p.booking_id
    WHERE b.status <> 'pending' AND p.status = 'pending'`,
  'an expired booking that keeps money': `SELECT id AS found FROM bookings WHERE status = 'expired' AND paid <> refunded`,
  'a showtime whose changes skip a version': `SELECT l.showtime_id AS found FROM showtime_ledgers l WHERE
    l.version <> 1 + (SELECT COUNT(*) FROM seat_changes c WHERE c.showtime_id = l.showtime_id)`,
  'a promotion that does not count its uses': `SELECT p.id AS found FROM promotions p WHERE
    p.uses <> (SELECT COUNT(*) FROM promotion_uses u WHERE u.promotion_id = p.id AND u.lapsed_at IS NULL)`,
  'a use of a booking that has ended': `SELECT u.booking_id AS found FROM promotion_uses u JOIN bookings b ON b.id = u.booking_id
    WHERE u.lapsed_at IS NULL AND b.status IN ('cancelled', 'expired')`,
  'a booking that keeps a discount whose use has lapsed': `SELECT b.id AS found FROM bookings b JOIN promotion_uses u ON u.booking_id = b.id
    WHERE b.status = 'confirmed' AND (u.lapsed_at IS NOT NULL OR u.expires_at IS NOT NULL)`,
  'a voucher whose balance is not what its entries make': `SELECT v.id AS found FROM vouchers v WHERE
    v.balance <> (SELECT COALESCE(SUM(e.amount), 0) FROM voucher_entries e WHERE e.voucher_id = v.id)`,
  'a payment by voucher that its voucher does not know': `SELECT p.id AS found FROM payments p WHERE p.tender = 'voucher'
    AND p.refunded - p.amount <> (SELECT COALESCE(SUM(e.amount), 0) FROM voucher_entries e WHERE e.payment_id = p.id)`,
  'two answers for one hold': `SELECT hold_id AS found FROM bookings WHERE hold_id IS NOT NULL GROUP BY hold_id HAVING COUNT(*) > 1`,
}

/**
 * Looks a whole database over by its own SQL, apart from the code that wrote it, in one snapshot: everything that may
 * never be, as `what: which`. `changesKept`: whether no change of seats has been swept away yet.
 */
export async function ledgerProblems(database: Database, nowMs: number): Promise<string[]> {
  return await database.snapshot(async (query) => {
    const problems: string[] = []
    for (const [what, text] of Object.entries(findings)) {
      const { rows } = await sql.raw<{ found: string }>(text.replaceAll('$now', String(nowMs))).execute(query)
      problems.push(...rows.map(({ found }) => `${what}: ${found}`))
    }
    return problems
  })
}
