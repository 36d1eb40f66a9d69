import { sql } from 'kysely'
import { auditDatabase } from '../audit/audit.ts'
import type { Acknowledged } from '../audit/journal.ts'
import type { Database } from '../database/database.ts'

/** What must never be found, each in a query of its own; `$now` is the moment of the check, milliseconds. */
const findings: Readonly<Record<string, string>> = {
  'a seat with two live tickets': `SELECT t.showtime_id || ' ' || t.seat_id AS found FROM tickets t JOIN bookings b ON b.id = t.booking_id
    WHERE t.status <> 'void' AND t.seat_id IS NOT NULL AND (b.status = 'confirmed' OR (b.status = 'pending' AND (b.expires_at IS NULL OR b.expires_at > $now)))
    GROUP BY t.showtime_id, t.seat_id HAVING COUNT(*) > 1`,
  'a ticket that is sold but has no claim': `SELECT t.id AS found FROM tickets t JOIN bookings b ON b.id = t.booking_id
    WHERE t.status <> 'void' AND (b.status = 'confirmed' OR (b.status = 'pending' AND (b.expires_at IS NULL OR b.expires_at > $now)))
    AND NOT EXISTS (SELECT 1 FROM seat_claims c WHERE c.showtime_id = t.showtime_id AND c.ref = b.id AND c.kind = 'booking' AND c.seat_id = t.seat_id)
    AND (t.seat_id IS NOT NULL OR NOT EXISTS (SELECT 1 FROM seat_claims c WHERE c.showtime_id = t.showtime_id AND c.ref = b.id AND c.kind = 'booking'))`,
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
  'a change of seats beyond the version of its showtime': `SELECT l.showtime_id AS found FROM showtime_ledgers l WHERE
    l.version < (SELECT MAX(c.version) FROM seat_changes c WHERE c.showtime_id = l.showtime_id)`,
  'two answers for one hold': `SELECT hold_id AS found FROM bookings WHERE hold_id IS NOT NULL GROUP BY hold_id HAVING COUNT(*) > 1`,
}

/**
 * Looks a whole database over: all that the audit finds, and what only a test can ask (no change of seats has been swept
 * away yet, nobody has been erased). Everything that may never be, as `what: which`.
 */
export async function ledgerProblems(database: Database, nowMs: number): Promise<string[]> {
  const problems = await auditProblems(database, nowMs)
  await database.snapshot(async (query) => {
    for (const [what, text] of Object.entries(findings)) {
      const { rows } = await sql.raw<{ found: string }>(text.replaceAll('$now', String(nowMs))).execute(query)
      problems.push(...rows.map(({ found }) => `${what}: ${found}`))
    }
  })
  return problems
}

/** What the audit finds, named by its invariant; `journal`: what clients were told. */
export async function auditProblems(
  database: Database,
  nowMs: number,
  journal: readonly Acknowledged[] = [],
): Promise<string[]> {
  const { invariants } = await auditDatabase(database, nowMs, { journal })
  return invariants.flatMap(({ id, title, violations }) => violations.map((what) => `${id} ${title}: ${what}`))
}
