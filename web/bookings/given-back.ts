import type { Booking } from '../../contract/bookings.ts'

/** Where money goes back to: a tender of the counter, or online the way it came. */
export type Way = 'cash' | 'card' | 'voucher' | 'comp' | 'online'

/** What a change of a booking gave back, by the way it goes, minor units: the clerk has to hand out what is cash. */
export function givenBack(before: Booking, after: Booking): Partial<Record<Way, number>> {
  const known = new Set(refundsOf(before, 'gone').map(({ id }) => id))
  return sumsOf(refundsOf(after, 'gone').filter(({ id }) => !known.has(id)))
}

/** What waits at the counter for its buyer: the refunds, and their sums by the way in which they go back, minor units. */
export function waitingAtCounter(booking: Booking): {
  readonly refunds: readonly string[]
  readonly sums: Partial<Record<Way, number>>
} {
  const waiting = refundsOf(booking, 'waiting')
  return { refunds: waiting.map(({ id }) => id), sums: sumsOf(waiting) }
}

interface GoingBack {
  readonly id: string
  readonly way: Way
  readonly amount: number
}

/** Those that wait at the counter, or those that do not (any more). */
function refundsOf(booking: Booking, which: 'waiting' | 'gone'): readonly GoingBack[] {
  return booking.payments.flatMap(({ provider, tender, refunds }) => {
    const way = provider === 'counter' ? (tender ?? 'cash') : 'online'
    return refunds
      .filter(({ status }) => (way !== 'online' && status === 'pending') === (which === 'waiting'))
      .map(({ id, amount }) => ({ id, way, amount: amount.amount }))
  })
}

function sumsOf(refunds: readonly GoingBack[]): Partial<Record<Way, number>> {
  const sums: Partial<Record<Way, number>> = {}
  for (const { way, amount } of refunds) sums[way] = (sums[way] ?? 0) + amount
  return sums
}

/** What a change took in addition, minor units, by the way it was taken. */
export function takenMore(before: Booking, after: Booking): Partial<Record<Way, number>> {
  const known = new Set(before.payments.map(({ id }) => id))
  const sums: Partial<Record<Way, number>> = {}
  for (const payment of after.payments) {
    if (known.has(payment.id)) continue
    const way = payment.provider === 'counter' ? (payment.tender ?? 'cash') : 'online'
    sums[way] = (sums[way] ?? 0) + payment.amount.amount
  }
  return sums
}

/** What is given back for tickets by the house, minor units: what they came to, but never more than is left of what was paid. */
export function worthOf(booking: Booking, ticketIds: ReadonlySet<string>): number {
  const left = booking.paid.amount - booking.refunded.amount
  const live = booking.tickets.filter(({ status }) => status !== 'void')
  const chosen = live.filter(({ id }) => ticketIds.has(id))
  const due = chosen.reduce((sum, { total }) => sum + total.amount, 0)
  return booking.status === 'pending' ? left : Math.min(left, due)
}
