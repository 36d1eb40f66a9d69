import type { BookingRow, PaymentRow, RefundRow } from '../../database/tables/money.ts'
import {
  paymentCaptured,
  paymentReceived,
  refundPaid,
  refundRecorded,
  saleChanged,
  saleOf,
  noSale,
} from '../../money-ledger/model.ts'
import type { Posting } from '../../money-ledger/model.ts'
import { saleMade } from '../../money-ledger/post-sale.ts'
import { must } from '../../platform/assert.ts'
import { newId } from '../../platform/ids.ts'
import type { Sales, SalesPlan } from './sales.ts'

/** The payment of a booking that was paid, its refund when it was cancelled, and both in the ledger of money. */
export function addMoney(sales: Sales, booking: BookingRow, plan: SalesPlan): void {
  const at = must(booking.confirmedAt, 'Paid bookings were confirmed')
  const isBack = booking.status === 'cancelled'
  const atCounter = booking.channel === 'counter'
  const payment: PaymentRow = {
    id: newId('payment', plan.nowMs),
    bookingId: booking.id,
    theatreId: booking.theatreId,
    provider: atCounter ? 'counter' : 'test',
    providerReference: null,
    status: isBack ? 'refunded' : 'succeeded',
    amount: booking.total,
    refunded: booking.refunded,
    currency: booking.currency,
    tender: atCounter ? 'card' : null,
    tendered: null,
    terminalReference: null,
    shiftId: null,
    returnUrl: null,
    actionUrl: null,
    createdBy: atCounter ? plan.sellerId : null,
    disputed: 0,
    createdAt: at,
    authorisedAt: at,
    capturedAt: at,
    captured: booking.total,
    endedAt: null,
  }
  sales.payments.push(payment)
  const refund = isBack && booking.total > 0 ? refundOf(booking, payment, plan) : null
  if (refund) sales.refunds.push(refund)
  sales.moneyPostings.push(...postingsOf(booking, payment, refund))
}

function refundOf(booking: BookingRow, payment: PaymentRow, plan: SalesPlan): RefundRow {
  return {
    id: newId('refund', plan.nowMs),
    paymentId: payment.id,
    bookingId: booking.id,
    theatreId: booking.theatreId,
    amount: booking.total,
    currency: booking.currency,
    status: 'succeeded',
    reason: null,
    providerReference: null,
    shiftId: null,
    paidOutBy: null,
    createdBy: null,
    createdAt: must(booking.endedAt, 'It was cancelled'),
    settledAt: booking.endedAt,
  }
}

/** What the sale of a booking leaves in the ledger of money, and what its cancellation does when it was refunded. */
function postingsOf(booking: BookingRow, payment: PaymentRow, refund: RefundRow | null): Posting[] {
  const { createdAt: at } = payment
  const atProvider = payment.provider !== 'counter'
  return [
    ...paymentReceived(payment),
    ...saleMade({ ...booking, refunded: 0 }, 0),
    ...(atProvider ? paymentCaptured(payment, payment.amount, at) : []),
    ...(refund ? refundRecorded(refund, payment) : []),
    ...(refund && atProvider ? refundPaid(refund, 0, refund.createdAt) : []),
    ...(refund ? cancelled(booking, refund) : []),
  ]
}

function cancelled(booking: BookingRow, refund: RefundRow): Posting[] {
  const { id, currency, theatreId, subtotal, discount, fees, tax, taxIncluded, paid } = booking
  const factId = newId('event', refund.createdAt)
  const about = { subjectId: id, fact: 'sale_changed', factId, currency, theatreId, at: refund.createdAt }
  return saleChanged(about, saleOf({ prices: subtotal - discount, fees, tax, taxIncluded }, paid, 0), noSale)
}
