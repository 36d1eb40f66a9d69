import type { Payment } from '../../contract/payments.ts'
import type { PaymentRow, RefundRow } from '../database/tables/money.ts'
import { formatInstant, formatInstantOrNull } from '../platform/time.ts'

/** A payment as its payer sees it: authorised money of a confirmed booking reads `succeeded`; capture follows by itself. */
export function presentPayment(payment: PaymentRow, refunds: readonly RefundRow[], bookingConfirmed: boolean): Payment {
  const money = (amount: number) => ({ amount, currency: payment.currency })
  const { tendered, shiftId, tender, terminalReference } = payment
  return {
    id: payment.id,
    bookingId: payment.bookingId,
    provider: payment.provider,
    status: payment.status === 'authorised' && bookingConfirmed ? 'succeeded' : payment.status,
    amount: money(payment.amount),
    refunded: money(payment.refunded),
    action:
      payment.status === 'pending' && payment.actionUrl !== null
        ? { type: 'redirect', url: payment.actionUrl }
        : { type: 'none', url: null },
    ...(tender !== null && { tender }),
    ...(tendered !== null && { tendered: money(tendered), change: money(tendered - payment.amount) }),
    ...(terminalReference !== null && { terminalReference }),
    ...(shiftId !== null && { shiftId }),
    disputed: payment.disputed === 1,
    capturedAt: formatInstantOrNull(payment.capturedAt),
    refunds: refunds
      .filter(({ paymentId }) => paymentId === payment.id)
      .map((refund) => ({
        id: refund.id,
        amount: money(refund.amount),
        status: refund.status,
        reason: refund.reason,
        createdAt: formatInstant(refund.createdAt),
      })),
    createdAt: formatInstant(payment.createdAt),
  }
}
