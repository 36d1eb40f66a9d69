import type { Transaction } from '../database/database.ts'
import type { PaymentRow, RefundRow } from '../database/tables/money.ts'
import { disputeClosed, disputeOpened, paymentCaptured, refundFailed } from '../money-ledger/model.ts'
import { postRefundPaid } from '../money-ledger/post-refund.ts'
import { post } from '../money-ledger/post.ts'
import { must } from '../platform/assert.ts'
import { refundable } from './model.ts'
import type { ProviderDispute, ProviderRefund } from './provider.ts'
import { changePayment, findPayment, ofItself, recordRefund } from './store.ts'

/** What providers tell of money, written down. The booking's lock is held, and `payment` was read behind it. */

/**
 * Writes down that a payment was captured. What was given back before is not in it: those refunds are done with that. Once all of
 * it was released uncaptured there is nothing to capture: a provider says one or the other, and the first word counts. (One that
 * says both has the money after all, and its list of transactions shows that.)
 */
export async function noteCapture(tx: Transaction, payment: PaymentRow, capturedMinor: number): Promise<PaymentRow> {
  if (payment.capturedAt !== null) return payment
  const pending = await pendingRefunds(tx, payment.id)
  if (payment.refunded === payment.amount && pending.length === 0) return payment
  const captured = Math.min(capturedMinor, payment.amount)
  const change = { capturedAt: tx.nowMs, captured }
  let left = payment.amount - captured
  for (const refund of pending) {
    if (refund.amount > left) break
    left -= refund.amount
    await settleRefund(tx, payment, refund, null)
  }
  post(tx, paymentCaptured(payment, captured, tx.nowMs))
  if (payment.status === 'authorised') return await changePayment(tx, payment, 'succeeded', change)
  await tx.query.updateTable('payments').set(change).where('id', '=', payment.id).execute()
  return { ...payment, ...change }
}

/** Refunds of a payment that was never captured need nothing more: nothing was taken. */
export async function settleUncaptured(tx: Transaction, payment: PaymentRow): Promise<void> {
  for (const refund of await pendingRefunds(tx, payment.id)) await settleRefund(tx, payment, refund, null)
}

/** Gives back all that is left of a payment, as far as our books go. */
export async function refundWhatIsLeft(tx: Transaction, payment: PaymentRow): Promise<PaymentRow> {
  const left = refundable(payment)
  if (left > 0) await recordRefund(tx, payment, left, ofItself('The payment could not be collected'))
  return must(await findPayment(tx, payment.id), 'Payments are never deleted')
}

/** A refund at the provider: ours goes on, one that was made in the provider's own pages is written down. */
export async function noteRefund(tx: Transaction, payment: PaymentRow, told: ProviderRefund): Promise<PaymentRow> {
  const known = await findRefund(tx, payment, told)
  if (known) {
    if (known.status === 'pending' && told.state === 'succeeded') await settleRefund(tx, payment, known, told.reference)
    else if (known.providerReference === null) await nameRefund(tx, known.id, told.reference)
    return payment
  }
  if (told.refundId !== null || told.amountMinor === 0 || told.amountMinor > refundable(payment)) return payment
  const refund = await recordRefund(tx, payment, told.amountMinor, ofItself('Given back at the provider'))
  await settleRefund(tx, payment, refund, told.reference)
  return must(await findPayment(tx, payment.id), 'Payments are never deleted')
}

/** A refund that came back is none: the money is with the house again, and owed. */
export async function restoreRefund(tx: Transaction, payment: PaymentRow, told: ProviderRefund): Promise<PaymentRow> {
  const refund = await findRefund(tx, payment, told)
  if (!refund || refund.status === 'failed') return payment
  await tx.query
    .updateTable('refunds')
    .set({ status: 'failed', settledAt: tx.nowMs, providerReference: told.reference })
    .where('id', '=', refund.id)
    .execute()
  post(tx, refundFailed(refund, tx.nowMs))
  await tx.query
    .updateTable('bookings')
    .set((set) => ({ refunded: set('refunded', '-', refund.amount), updatedAt: tx.nowMs }))
    .where('id', '=', payment.bookingId)
    .execute()
  const refunded = payment.refunded - refund.amount
  return await changePayment(tx, payment, refunded === 0 ? 'succeeded' : 'partially_refunded', { refunded })
}

/** A dispute that was opened, won or lost; what comes later counts, however late the beginning is told. */
export async function noteDispute(
  tx: Transaction,
  payment: PaymentRow,
  { reference, state, amountMinor }: ProviderDispute,
): Promise<PaymentRow> {
  const closedAt = state === 'open' ? null : tx.nowMs
  const known = await tx.query
    .selectFrom('paymentDisputes')
    .selectAll()
    .where('paymentId', '=', payment.id)
    .where('providerReference', '=', reference)
    .executeTakeFirst()
  const amount = known?.amount ?? amountMinor
  if (!known) post(tx, disputeOpened(payment, reference, amount, tx.nowMs))
  if (state !== 'open' && state !== known?.status) {
    post(tx, disputeClosed(payment, reference, amount, { from: known?.status ?? 'open', to: state }, tx.nowMs))
  }
  await tx.query
    .insertInto('paymentDisputes')
    .values({
      paymentId: payment.id,
      providerReference: reference,
      status: state,
      amount: amountMinor,
      openedAt: tx.nowMs,
      closedAt,
    })
    .onConflict((conflict) =>
      state === 'open'
        ? conflict.columns(['paymentId', 'providerReference']).doNothing()
        : conflict.columns(['paymentId', 'providerReference']).doUpdateSet({ status: state, closedAt }),
    )
    .execute()
  const standing = await tx.query
    .selectFrom('paymentDisputes')
    .select('status')
    .where('paymentId', '=', payment.id)
    .where('status', '<>', 'won')
    .execute()
  const disputed = standing.length > 0 ? 1 : 0
  await tx.query.updateTable('payments').set({ disputed }).where('id', '=', payment.id).execute()
  return { ...payment, disputed }
}

async function pendingRefunds(tx: Transaction, paymentId: string): Promise<RefundRow[]> {
  return await tx.query
    .selectFrom('refunds')
    .selectAll()
    .where('paymentId', '=', paymentId)
    .where('status', '=', 'pending')
    .orderBy('createdAt')
    .orderBy('id')
    .execute()
}

async function findRefund(
  tx: Transaction,
  { id }: PaymentRow,
  { reference, refundId }: ProviderRefund,
): Promise<RefundRow | undefined> {
  return await tx.query
    .selectFrom('refunds')
    .selectAll()
    .where('paymentId', '=', id)
    .where((where) =>
      refundId === null
        ? where('providerReference', '=', reference)
        : where.or([where('providerReference', '=', reference), where('id', '=', refundId)]),
    )
    .executeTakeFirst()
}

async function settleRefund(
  tx: Transaction,
  payment: PaymentRow,
  refund: RefundRow,
  providerReference: string | null,
): Promise<void> {
  const { numUpdatedRows } = await tx.query
    .updateTable('refunds')
    .set({ status: 'succeeded', settledAt: tx.nowMs, ...(providerReference !== null && { providerReference }) })
    .where('id', '=', refund.id)
    .where('status', '=', 'pending')
    .executeTakeFirstOrThrow()
  if (numUpdatedRows > 0n) await postRefundPaid(tx, refund, payment)
}

async function nameRefund(tx: Transaction, id: string, providerReference: string): Promise<void> {
  await tx.query.updateTable('refunds').set({ providerReference }).where('id', '=', id).execute()
}
