import type { PaymentRow } from '../database/tables/money.ts'
import type { PaymentAt } from './provider.ts'

export type PaymentStatus = PaymentRow['status']

/**
 * The life of a payment: from each status, the ones it may take next. Source: API.md, Payments.
 * A refund of what is only authorised passes through `succeeded` in the same transaction: it will be captured for less. The
 * two ways back are of a refund that the provider could not make.
 */
export const paymentTransitions: Readonly<Record<PaymentStatus, readonly PaymentStatus[]>> = {
  pending: ['authorised', 'failed', 'expired'],
  authorised: ['succeeded', 'voided', 'failed'],
  succeeded: ['partially_refunded', 'refunded'],
  partially_refunded: ['partially_refunded', 'refunded', 'succeeded'],
  refunded: ['partially_refunded', 'succeeded'],
  failed: [],
  expired: [],
  voided: [],
}

export function mayBecome(from: PaymentStatus, to: PaymentStatus): boolean {
  return paymentTransitions[from].includes(to)
}

/** Whether money of this payment is (or will be) in the house's hands. */
export function holdsMoney(status: PaymentStatus): boolean {
  return status === 'authorised' || status === 'succeeded' || status === 'partially_refunded'
}

/** How a provider is asked about a payment; where it gave no name of its own, ours is the name. */
export function paymentAt({ id, providerReference, amount, currency }: PaymentRow): PaymentAt {
  return { paymentId: id, reference: providerReference ?? id, amountMinor: amount, currency }
}

/** What of a payment can be given back, minor units; a complimentary ticket brought no money. */
export function refundable(payment: Pick<PaymentRow, 'status' | 'amount' | 'refunded' | 'tender'>): number {
  if (payment.tender === 'comp') return 0
  return holdsMoney(payment.status) ? payment.amount - payment.refunded : 0
}
