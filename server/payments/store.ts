import type { Transaction } from '../database/database.ts'
import { announce } from '../database/events.ts'
import { enqueue } from '../database/outbox.ts'
import { insertRow, readBy, updateRow } from '../database/rows.ts'
import type { BookingRow, PaymentRow, RefundRow } from '../database/tables/money.ts'
import { paymentReleased, refundRecorded } from '../money-ledger/model.ts'
import { post } from '../money-ledger/post.ts'
import { assert } from '../platform/assert.ts'
import { newId } from '../platform/ids.ts'
import { mayBecome, refundable } from './model.ts'
import type { PaymentStatus } from './model.ts'
import { shiftOfRefund } from './shift-store.ts'
import { returnToVoucher } from './spend-voucher.ts'

/** Outbox work of this slice: what providers are told after a commit. */
export const captureWork = 'payment.capture'
export const voidWork = 'payment.void'
export const refundWork = 'payment.refund'
/** Outbox work: look how an open payment stands, shortly before its booking lapses. */
export const checkWork = 'payment.check'
/** Outbox work: tell the buyer of a refund that came with no cancellation. */
export const refundMail = 'mail.refund'

export async function paymentsOf(tx: Transaction, bookingId: string): Promise<PaymentRow[]> {
  return await readBy(tx, 'payments', 'bookingId', bookingId)
}

export async function findPayment(tx: Transaction, id: string): Promise<PaymentRow | null> {
  const [payment] = await readBy(tx, 'payments', 'id', id)
  return payment ?? null
}

/** A payment of a booking as it begins; its status and how it is paid are the caller's. `amount`: minor units. */
export function newPayment(
  tx: Transaction,
  booking: Pick<BookingRow, 'id' | 'theatreId' | 'currency'>,
  provider: PaymentRow['provider'],
  amount: number,
  createdBy: string | null,
): Omit<PaymentRow, 'status'> {
  return {
    id: newId('payment', tx.nowMs),
    bookingId: booking.id,
    theatreId: booking.theatreId,
    provider,
    providerReference: null,
    amount,
    refunded: 0,
    currency: booking.currency,
    tender: null,
    tendered: null,
    terminalReference: null,
    shiftId: null,
    returnUrl: null,
    actionUrl: null,
    createdBy,
    disputed: 0,
    createdAt: tx.nowMs,
    authorisedAt: null,
    capturedAt: null,
    captured: null,
    endedAt: null,
  }
}

export async function insertPayment(tx: Transaction, payment: PaymentRow): Promise<void> {
  insertRow(tx, 'payments', payment)
}

/** Moves a payment on, by its table of transitions alone. */
export async function changePayment(
  tx: Transaction,
  payment: PaymentRow,
  status: PaymentStatus,
  change: Partial<PaymentRow> = {},
): Promise<PaymentRow> {
  assert(mayBecome(payment.status, status), `A payment that is ${payment.status} cannot become ${status}`)
  const changed: PaymentRow = { ...payment, ...change, status }
  updateRow(tx, 'payments', payment.id, { ...change, status })
  const isLost = payment.status === 'authorised' && (status === 'voided' || status === 'failed')
  if (isLost) post(tx, paymentReleased(changed, tx.nowMs))
  return changed
}

/** Ends those of a booking's payments that are open; the provider hears of it after the commit. */
export async function endOpenPayments(tx: Transaction, payments: readonly PaymentRow[]): Promise<void> {
  for (const payment of payments) {
    if (payment.status !== 'pending') continue
    await changePayment(tx, payment, 'expired', { endedAt: tx.nowMs })
    await releaseAtProvider(tx, payment)
  }
}

/** After the commit, the provider is to keep nothing of a payment that does not count. */
export async function releaseAtProvider(tx: Transaction, payment: PaymentRow): Promise<void> {
  if (payment.providerReference !== null) await enqueue(tx, voidWork, { paymentId: payment.id })
}

/** Why and by whom money is given back. */
export interface Giving {
  readonly reason: string | null
  readonly userId: string | null
  /** The house is handing it over. Otherwise money that the counter took is due there until somebody comes for it. */
  readonly isAtCounter: boolean
}

/** Money that goes back although nobody asked for it. */
export function ofItself(reason: string): Giving {
  return { reason, userId: null, isAtCounter: false }
}

/** Records a refund and tells the provider after the commit. `amount`: minor units, at most what is left. */
export async function recordRefund(
  tx: Transaction,
  payment: PaymentRow,
  amount: number,
  { reason, userId, isAtCounter }: Giving,
): Promise<RefundRow> {
  assert(amount > 0 && amount <= refundable(payment), 'A refund is at most what is left of the payment')
  const captured = payment.status === 'authorised' ? await changePayment(tx, payment, 'succeeded') : payment
  const refunded = captured.refunded + amount
  await changePayment(tx, captured, refunded === captured.amount ? 'refunded' : 'partially_refunded', { refunded })
  const isOnline = payment.provider !== 'counter'
  // A voucher has its value again by itself.
  const isDone = !isOnline && (isAtCounter || payment.tender === 'voucher')
  const refund: RefundRow = {
    id: newId('refund', tx.nowMs),
    paymentId: payment.id,
    bookingId: payment.bookingId,
    theatreId: payment.theatreId,
    amount,
    currency: payment.currency,
    status: isDone ? 'succeeded' : 'pending',
    reason,
    providerReference: null,
    shiftId: isAtCounter ? await shiftOfRefund(tx, payment, userId) : null,
    paidOutBy: null,
    createdBy: userId,
    createdAt: tx.nowMs,
    settledAt: isDone ? tx.nowMs : null,
  }
  await tx.query.insertInto('refunds').values(refund).execute()
  await tx.query
    .updateTable('bookings')
    .set((set) => ({ refunded: set('refunded', '+', amount), updatedAt: tx.nowMs }))
    .where('id', '=', payment.bookingId)
    .execute()
  const voucherId = payment.tender === 'voucher' ? await returnToVoucher(tx, refund) : null
  post(tx, refundRecorded(refund, payment, voucherId))
  if (isOnline) await enqueue(tx, refundWork, { refundId: refund.id })
  const { bookingId, currency } = payment
  const told = { refundId: refund.id, paymentId: payment.id, bookingId, amount: { amount, currency }, reason }
  await announce(tx, 'payment.refunded', payment.theatreId, told)
  return refund
}

/** Gives an amount back over a booking's payments, the latest first. Answers what was given back, minor units. */
export async function refundAcross(
  tx: Transaction,
  bookingId: string,
  amount: number,
  giving: Giving,
): Promise<RefundRow[]> {
  const refunds: RefundRow[] = []
  let left = amount
  for (const payment of (await paymentsOf(tx, bookingId)).toReversed()) {
    const share = Math.min(left, refundable(payment))
    if (share === 0) continue
    refunds.push(await recordRefund(tx, payment, share, giving))
    left -= share
  }
  return refunds
}
