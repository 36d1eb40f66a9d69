import type { Transaction } from '../database/database.ts'
import { readBy, updateRow } from '../database/rows.ts'
import type { BookingRow, PaymentRow, RefundRow } from '../database/tables/money.ts'
import { refundHandedOver } from '../money-ledger/model.ts'
import { post } from '../money-ledger/post.ts'
import { claimShift, openShiftFor } from '../payments/shift-store.ts'
import { paymentsOf } from '../payments/store.ts'
import { must } from '../platform/assert.ts'
import { isRefusal, refuse, refuseField } from '../platform/refusal.ts'
import type { Refusal } from '../platform/refusal.ts'
import { lockBooking } from './store.ts'

/** A refund, and how what it gives back was paid. */
type RefundWithPayment = RefundRow &
  Pick<PaymentRow, 'provider' | 'tender'> & {
    /** The shift in which it was taken. */
    readonly takenInShift: string | null
  }

export interface PayOut {
  readonly bookingId: string
  /** Refunds to hand over; null is all that are due. */
  readonly refundIds: readonly string[] | null
  /** Null is the open shift of who pays out. */
  readonly shiftId: string | null
  readonly userId: string
}

export type PayOutRefusal = Refusal<
  'not_found' | 'nothing_due_at_counter' | 'no_open_shift' | 'shift_closed' | 'validation_failed'
>

/**
 * Hands over what of a booking's refunds is due at the counter: each goes out of the drawer once, whoever else is asked for
 * it at the same time. Cash that was counted in a shift leaves in one; a house without shifts needs none.
 */
export async function payOut(tx: Transaction, request: PayOut): Promise<BookingRow | PayOutRefusal> {
  const booking = await lockBooking(tx, request.bookingId)
  if (!booking) return refuse('not_found')
  const chosen = await chooseRefunds(tx, request)
  if (isRefusal(chosen)) return chosen
  const shiftId = await shiftOf(tx, request, booking)
  if (isRefusal(shiftId)) return shiftId
  if (chosen.length === 0 || !chosen.every(isDue)) return refuse('nothing_due_at_counter')
  if (shiftId === null && chosen.some(({ takenInShift }) => takenInShift !== null)) return refuse('no_open_shift')
  const paid = { status: 'succeeded', shiftId, paidOutBy: request.userId, settledAt: tx.nowMs } as const
  for (const refund of chosen) {
    updateRow(tx, 'refunds', refund.id, paid)
    post(tx, refundHandedOver({ ...refund, ...paid }, refund.tender, tx.nowMs))
  }
  updateRow(tx, 'bookings', booking.id, { updatedAt: tx.nowMs })
  return booking
}

/** Whether something of a booking's money waits at the counter. */
export async function isDueAtCounter(tx: Transaction, bookingId: string): Promise<boolean> {
  return (await refundsOf(tx, bookingId)).some(isDue)
}

function isDue({ status, provider }: RefundWithPayment): boolean {
  return status === 'pending' && provider === 'counter'
}

async function chooseRefunds(
  tx: Transaction,
  { bookingId, refundIds }: PayOut,
): Promise<readonly RefundWithPayment[] | Refusal<'validation_failed'>> {
  const refunds = await refundsOf(tx, bookingId)
  if (refundIds === null) return refunds.filter(isDue)
  const chosen = refunds.filter(({ id }) => refundIds.includes(id))
  return chosen.length === refundIds.length ? chosen : refuseField('/refunds', 'must be refunds of this booking')
}

async function refundsOf(tx: Transaction, bookingId: string): Promise<RefundWithPayment[]> {
  const payments = new Map((await paymentsOf(tx, bookingId)).map((payment) => [payment.id, payment]))
  const refunds = await readBy(tx, 'refunds', 'bookingId', bookingId)
  return refunds.map((refund) => {
    const { provider, tender, shiftId } = must(payments.get(refund.paymentId), 'A refund has its payment')
    return { ...refund, provider, tender, takenInShift: shiftId }
  })
}

async function shiftOf(
  tx: Transaction,
  { shiftId, userId }: PayOut,
  { theatreId }: BookingRow,
): Promise<string | null | Refusal<'validation_failed' | 'shift_closed' | 'not_found'>> {
  if (shiftId === null) return await openShiftFor(tx, { theatreId, shiftId }, userId)
  return (await claimShift(tx, shiftId, theatreId)) ?? shiftId
}
