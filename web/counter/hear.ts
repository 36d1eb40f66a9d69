import type { Booking } from '../../contract/bookings.ts'
import { act } from './act.ts'
import type { Outcome, Sale } from './sale.ts'

/** The next state of a sale for what the server answered. */
export function hear(sale: Sale, outcome: Outcome): Sale {
  switch (outcome.type) {
    case 'held':
      return goOn({ ...sale, work: null, hold: outcome.hold })
    case 'booked':
      return goOn(afterBooking({ ...sale, work: null, booking: outcome.booking }))
    case 'paid':
      return afterPayment({ ...sale, work: null, queue: [], payment: outcome.payment })
    case 'givenUp':
      return { ...sale, work: null, queue: [], hold: null, booking: null, stage: 'choose', typed: '' }
    case 'failed':
      return afterFailure({ ...sale, work: null, queue: [], problem: outcome.problem })
    case 'expired':
      return {
        ...sale,
        work: null,
        queue: [],
        hold: null,
        booking: null,
        stage: 'choose',
        typed: '',
        problem: { code: 'hold_expired', seats: [], suggestions: [] },
      }
    case 'freed':
      return { ...sale, loose: sale.loose.filter((one) => one !== outcome.loose) }
    case 'extended':
      return sale.hold?.id === outcome.hold.id ? { ...sale, hold: outcome.hold } : sale
    default:
      return sale.booking?.id === outcome.booking.id ? { ...sale, booking: outcome.booking } : sale
  }
}

/** What was pressed meanwhile happens now, up to the next thing that needs the server. */
function goOn(sale: Sale): Sale {
  let next: Sale = { ...sale, queue: [] }
  for (const [index, waiting] of sale.queue.entries()) {
    if (next.work) return next.work.kind === 'pay' ? next : { ...next, queue: sale.queue.slice(index) }
    next = act(next, waiting)
  }
  return next
}

function afterBooking(sale: Sale): Sale {
  if (sale.booking?.status === 'confirmed') return { ...sale, stage: 'done', typed: '' }
  return sale.details.payBy === '' ? sale : { ...sale, stage: 'reserved', typed: '' }
}

function afterPayment(sale: Sale): Sale {
  const { booking, payment } = sale
  if (!booking || !payment) return sale
  const paid = { ...booking.paid, amount: booking.paid.amount + payment.amount.amount }
  const isMet = paid.amount >= booking.total.amount
  const next: Booking = { ...booking, paid, status: isMet ? 'confirmed' : booking.status, expiresAt: null }
  return { ...sale, booking: next, stage: isMet ? 'done' : 'tender', typed: '' }
}

/** Seats that could not be had send the sale back to its beginning; everything else stays where it was. */
function afterFailure(sale: Sale): Sale {
  const hasNothing = sale.hold === null && sale.booking === null
  if (hasNothing) return { ...sale, stage: 'choose' }
  const code = sale.problem?.code
  if (code === 'hold_expired' || code === 'booking_expired') {
    return { ...sale, hold: null, booking: null, stage: 'choose', typed: '' }
  }
  return sale.booking === null ? { ...sale, stage: 'tender' } : sale
}
