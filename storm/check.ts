import { sql } from 'kysely'
import type { Database } from '../server/database/database.ts'
import { auditProblems, ledgerProblems } from '../server/testing/ledger-check.ts'
import type { Journal } from './buyers.ts'
import type { Purchase } from './purchase.ts'

/** What a storm may never leave behind; every list is empty, or something is broken. */
export interface Findings {
  /** Acknowledged, and not there, or in another state. */
  readonly lost: string[]
  /** A seat, a ticket or a key with two effects; also what is there and nobody was told of. */
  readonly double: string[]
  readonly chargedWithoutSeats: string[]
  readonly unpaidWithSeats: string[]
  /** Answers that may never be given, and whatever else the audit finds. */
  readonly other: string[]
}

export function noFindings(): Findings {
  return { lost: [], double: [], chargedWithoutSeats: [], unpaidWithSeats: [], other: [] }
}

/** How a purchase may stand once all that was unknown is settled: the statuses of what it made. */
export function expectedOf(purchase: Purchase): Record<string, readonly string[]> {
  const { hold, booking, payment, outcome, released, cancelled, admitted, showtimeId } = purchase
  const paid = outcome === 'succeed'
  const bookingStatus = cancelled ? ['cancelled'] : paid ? ['confirmed'] : ['pending', 'expired']
  return {
    ...(hold && { [hold.id]: [released ? 'released' : booking ? 'booked' : 'live'] }),
    ...(booking && { [booking.id]: bookingStatus.map((status) => `${status} at ${showtimeId}`) }),
    ...(payment && { [payment.id]: paymentStatuses(outcome, cancelled ?? false) }),
    ...(admitted !== undefined && { [admitted]: ['used'] }),
  }
}

/** Capture and refund follow from the outbox, sooner or later: both count as paid, and as given back. */
function paymentStatuses(outcome: Purchase['outcome'], cancelled: boolean): string[] {
  if (outcome === 'succeed') return [cancelled ? 'refunded' : 'paid']
  if (outcome === 'decline') return ['failed']
  return cancelled ? ['expired'] : ['pending', 'expired']
}

/** What is there, by id: statuses, for a booking with where its seats are. */
async function readStatuses(database: Database): Promise<Map<string, string>> {
  return await database.snapshot(async (query) => {
    const found = new Map<string, string>()
    const holds = await query.selectFrom('holds').select(['id', 'status', 'bookingId']).execute()
    const bookings = await query.selectFrom('bookings').select(['id', 'status', 'showtimeId']).execute()
    const payments = await query.selectFrom('payments').select(['id', 'status']).execute()
    const used = await query.selectFrom('tickets').select(['id', 'status']).where('status', '=', 'used').execute()
    const made = new Set((await query.selectFrom('bookings').select('holdId').execute()).map(({ holdId }) => holdId))
    for (const { id, status, bookingId } of holds) {
      // The hold inside an exchange is nobody's: it is made and booked in one transaction.
      if (bookingId === null || made.has(id)) found.set(id, status)
    }
    for (const { id, status, showtimeId } of bookings) found.set(id, `${status} at ${showtimeId}`)
    for (const { id, status } of payments) {
      found.set(id, status === 'authorised' || status === 'succeeded' ? 'paid' : status)
    }
    for (const { id, status } of used) found.set(id, status)
    return found
  })
}

const charged = `SELECT p.id || ' of ' || b.id AS found FROM payments p JOIN bookings b ON b.id = p.booking_id
  WHERE p.status IN ('authorised', 'succeeded', 'partially_refunded')
  AND p.amount > (SELECT COALESCE(SUM(r.amount), 0) FROM refunds r WHERE r.payment_id = p.id AND r.status <> 'failed')
  AND (b.status <> 'confirmed' OR EXISTS (SELECT 1 FROM tickets t WHERE t.booking_id = b.id AND t.status <> 'void'
    AND NOT EXISTS (SELECT 1 FROM seat_claims c WHERE c.showtime_id = t.showtime_id AND c.ref = b.id AND c.expires_at IS NULL
      AND c.seat_id = t.seat_id)
    AND (t.seat_id IS NOT NULL OR NOT EXISTS (SELECT 1 FROM seat_claims c WHERE c.showtime_id = t.showtime_id AND c.ref = b.id AND c.expires_at IS NULL)))
  OR NOT EXISTS (SELECT 1 FROM tickets t WHERE t.booking_id = b.id AND t.status <> 'void'))`

const unpaid = `SELECT b.id AS found FROM bookings b
  WHERE (b.status = 'confirmed' OR b.id IN (SELECT ref FROM seat_claims WHERE expires_at IS NULL))
  AND b.total > (SELECT COALESCE(SUM(p.amount), 0) FROM payments p WHERE p.booking_id = b.id AND p.status IN ('authorised', 'succeeded', 'partially_refunded'))`

const doubles = `SELECT t.showtime_id || ' ' || t.seat_id AS found FROM tickets t JOIN bookings b ON b.id = t.booking_id
  WHERE t.status <> 'void' AND t.seat_id IS NOT NULL AND b.status = 'confirmed' GROUP BY t.showtime_id, t.seat_id HAVING COUNT(*) > 1
  UNION ALL SELECT 'let in twice: ' || ticket_id AS found FROM check_ins WHERE outcome = 'admitted' GROUP BY ticket_id HAVING COUNT(*) > 1
  UNION ALL SELECT 'two bookings of ' || hold_id AS found FROM bookings WHERE hold_id IS NOT NULL GROUP BY hold_id HAVING COUNT(*) > 1`

/**
 * Compares what clients were told with what is there: everything that was acknowledged, in the state it was acknowledged
 * in, and nothing that nobody was told of. Nothing is unknown any more, and nobody buys meanwhile.
 */
export async function compareWithJournal(
  database: Database,
  journal: Journal,
  expectedFrom: typeof expectedOf,
  nowMs: number,
): Promise<Findings> {
  const expected = new Map(journal.purchases.flatMap((purchase) => Object.entries(expectedFrom(purchase))))
  const found = await readStatuses(database)
  const lost = [...expected].filter(([id, statuses]) => !statuses.includes(found.get(id) ?? 'gone'))
  const orphans = [...found.keys()].filter((id) => !expected.has(id))
  const ask = async (text: string) => {
    const { rows } = await sql.raw<{ found: string }>(text).execute(database.read)
    return rows.map((row) => row.found)
  }
  return {
    lost: lost.map(
      ([id, statuses]) => `${id} was acknowledged as ${statuses.join(' or ')} and is ${found.get(id) ?? 'gone'}`,
    ),
    double: [
      ...journal.doubles,
      ...(await ask(doubles)),
      ...orphans.map((id) => `${id} is there and nobody was told of it`),
    ],
    chargedWithoutSeats: await ask(charged),
    unpaidWithSeats: await ask(unpaid),
    other: [
      ...journal.faults,
      ...(await auditProblems(database, nowMs, journal.acknowledged)),
      ...(await ledgerProblems(database, nowMs)),
    ],
  }
}
