import type { IncomingHttpHeaders } from 'node:http'
import type { PaymentRow } from '../database/tables/money.ts'
import type { Refusal } from '../platform/refusal.ts'

/** Providers that take money online; the counter is the house itself. */
export type ProviderName = Exclude<PaymentRow['provider'], 'counter'>

/** What is to be paid, and where the payer goes afterwards. */
export interface PaymentOrder {
  readonly paymentId: string
  readonly bookingId: string
  /** A line for the payer: what it is for. */
  readonly description: string
  readonly amountMinor: number
  /** ISO 4217, upper case. */
  readonly currency: string
  readonly customerEmail: string | null
  readonly returnUrl: string
  /** Where the provider tells of the payment; null: nowhere that it could reach. */
  readonly notifyUrl: string | null
  /** When the payment began, milliseconds since the epoch: the same however often it is asked for. */
  readonly createdAt: number
}

export interface BegunPayment {
  /** What the provider calls it. */
  readonly reference: string
  /** The provider's page, to which the payer is sent. */
  readonly url: string
}

/** One of our payments at its provider. */
export interface PaymentAt {
  readonly paymentId: string
  readonly reference: string
  readonly amountMinor: number
  readonly currency: string
}

export interface ProviderRefund {
  readonly reference: string
  /** Ours, where it was us who asked for it; null: made in the provider's own pages. */
  readonly refundId: string | null
  readonly amountMinor: number
  readonly state: 'pending' | 'succeeded' | 'failed'
}

export interface ProviderDispute {
  readonly reference: string
  readonly amountMinor: number
  readonly state: 'open' | 'won' | 'lost'
}

/** A payment as its provider knows it at this moment. */
export interface ProviderPayment {
  /** It may be another one than before: a provider may name the page first and the money later. */
  readonly reference: string
  /** Ours, where the provider was told it. */
  readonly paymentId: string | null
  readonly state: 'open' | 'authorised' | 'captured' | 'declined' | 'voided'
  /** What was asked for, minor units. */
  readonly amountMinor: number
  readonly capturedMinor: number
  readonly currency: string
  readonly refunds: readonly ProviderRefund[]
  readonly disputes: readonly ProviderDispute[]
}

/** What a provider tells by itself. `id`: never told twice with another meaning. */
export interface ProviderEvent {
  readonly id: string
  readonly payment: ProviderPayment
}

/** One movement of money as a provider's own list has it. */
export interface ProviderTransaction {
  /** The payment it belongs to, as the provider calls it: `payments.provider_reference` (of the test provider: our id). */
  readonly providerRef: string
  /** Our id of that payment, where the provider was told it; null: somebody else's, or made in the provider's own pages. */
  readonly paymentId: string | null
  readonly kind: 'authorisation' | 'capture' | 'refund' | 'void' | 'dispute'
  /** Minor units, never negative: `kind` tells the direction. */
  readonly amountMinor: number
  /** ISO 4217, upper case. */
  readonly currency: string
  /** Milliseconds since the epoch. */
  readonly at: number
}

/** A line of a provider's statement: what it kept for itself, or paid out to the house's bank. */
export interface StatementLine {
  /** What the provider calls it: there is one of each kind by this name, for ever. */
  readonly id: string
  readonly kind: 'fee' | 'payout'
  /** Minor units; below zero what came back: a fee that was not due, a payout that did not arrive. */
  readonly amountMinor: number
  /** ISO 4217, upper case. */
  readonly currency: string
  /** Milliseconds since the epoch. */
  readonly at: number
  /** The payment it was kept for, named as in `ProviderTransaction`; null: none, or nobody knows. */
  readonly providerRef: string | null
  readonly paymentId: string | null
}

/** Milliseconds since the epoch; `from` belongs to it, `to` does not. */
export interface Period {
  readonly from: number
  readonly to: number
}

export type WebhookRefusal = Refusal<'invalid_signature' | 'malformed_request' | 'validation_failed'>

/**
 * Whoever takes money online. Every call may be made again, by another server too, and then does nothing new and answers how
 * things stand. A call that cannot be answered throws `ProviderError`. None is ever made inside a transaction.
 */
export interface PaymentProvider {
  readonly name: ProviderName
  /** Begins a payment that is authorised now and captured later. */
  begin(order: PaymentOrder): Promise<BegunPayment>
  /** How a payment stands, by the provider's name for it. */
  read(reference: string): Promise<ProviderPayment>
  /** Captures what was authorised, or less of it (the rest is released). `amountMinor`: minor units. */
  capture(payment: PaymentAt, amountMinor: number): Promise<ProviderPayment>
  /** Ends a payment that is open or authorised, so that nothing of it is ever taken; one that was captured stays so. */
  cancel(payment: PaymentAt): Promise<ProviderPayment>
  /** Gives captured money back. `key` names this refund; `refundId` is ours, null for money that never counted. */
  refund(
    payment: PaymentAt,
    refund: { readonly key: string; readonly refundId: string | null; readonly amountMinor: number },
  ): Promise<ProviderRefund>
  /** Reads what the provider posted: its body as it came. Null: it is none of our business. */
  readWebhook(headers: IncomingHttpHeaders, body: string, nowMs: number): Promise<ProviderEvent | WebhookRefusal | null>
  /** All that moved in a period, for reconciliation; in no particular order. */
  listTransactions(period: Period): AsyncIterable<ProviderTransaction>
  /** What it kept and paid out in a period, in no particular order; null where it does not tell us. */
  readonly listStatement: ((period: Period) => AsyncIterable<StatementLine>) | null
}

/** A provider's "no" (`isFinal`: it would say so again), or its silence. The message never holds a secret. */
export class ProviderError extends Error {
  override readonly name = 'ProviderError'
  readonly isFinal: boolean

  constructor(message: string, isFinal: boolean) {
    super(message)
    this.isFinal = isFinal
  }
}
