import type { Database } from '../../database/database.ts'
import { auditProblems, ledgerProblems } from '../ledger-check.ts'
import type { Journal, Purchase } from './buyers.ts'

/** How a purchase must stand once all that was unknown is settled: the statuses of its hold, its booking and its payment. */
function expectedOf({ hold, booking, payment, outcome, released, cancelled }: Purchase): Record<string, string> {
  const paid = outcome === 'succeed'
  return {
    ...(hold && { [hold.id]: released ? 'released' : booking ? 'booked' : 'live' }),
    ...(booking && { [booking.id]: cancelled ? 'cancelled' : paid ? 'confirmed' : 'pending' }),
    ...(payment && { [payment.id]: paymentStatus(outcome, cancelled ?? false) }),
  }
}

/** Capture and refund follow from the outbox, sooner or later: both count as paid, and as given back. */
function paymentStatus(outcome: Purchase['outcome'], cancelled: boolean): string {
  if (outcome === 'succeed') return cancelled ? 'refunded' : 'paid'
  if (outcome === 'decline') return 'failed'
  return cancelled ? 'expired' : 'pending'
}

/**
 * Compares what clients were told with what is there: everything that was acknowledged, in the state it was acknowledged
 * in, and nothing that nobody was told of. All unknowns are settled before.
 */
export async function compareWithJournal(database: Database, journal: Journal, nowMs: number): Promise<string[]> {
  const expected = new Map(journal.purchases.flatMap((purchase) => Object.entries(expectedOf(purchase))))
  const found = new Map<string, string>()
  await database.snapshot(async (query) => {
    for (const table of ['holds', 'bookings', 'payments'] as const) {
      const rows = await query.selectFrom(table).select(['id', 'status']).execute()
      for (const { id, status } of rows) {
        found.set(id, status === 'authorised' || status === 'succeeded' ? 'paid' : status)
      }
    }
  })
  const lost = [...expected].filter(([id, status]) => found.get(id) !== status)
  const orphans = [...found.keys()].filter((id) => !expected.has(id))
  return [
    ...journal.faults,
    ...lost.map(([id, status]) => `${id} was acknowledged as ${status} and is ${found.get(id) ?? 'gone'}`),
    ...orphans.map((id) => `${id} is there and nobody was told of it`),
    ...(await auditProblems(database, nowMs, journal.acknowledged)),
    ...(await ledgerProblems(database, nowMs)),
  ]
}
