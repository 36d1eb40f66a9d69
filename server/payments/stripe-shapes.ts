import type { Stripe } from 'stripe'
import type { ProviderDispute, ProviderPayment, ProviderRefund } from './provider.ts'

/** Where Stripe holds hundredths although ISO 4217 knows none. Source: Stripe, Supported currencies, special cases. */
const inHundredths = new Set(['ISK', 'UGX'])

/** Our minor units as Stripe counts them. */
export function toStripe(amountMinor: number, currency: string): number {
  return inHundredths.has(currency) ? amountMinor * 100 : amountMinor
}

/** Stripe's amount as we count it. */
export function fromStripe(amount: number, currency: string): number {
  return inHundredths.has(currency.toUpperCase()) ? Math.round(amount / 100) : amount
}

type Reference = string | { readonly id: string } | null | undefined

export function idOf(reference: Reference): string | null {
  return typeof reference === 'string' ? reference : (reference?.id ?? null)
}

/** The charge of an intent, where it was asked for with it. */
export function chargeOf({ latest_charge: charge }: Stripe.PaymentIntent): Stripe.Charge | null {
  return typeof charge === 'object' ? charge : null
}

const intentStates: Readonly<Record<string, ProviderPayment['state']>> = {
  requires_capture: 'authorised',
  succeeded: 'captured',
  canceled: 'voided',
}

/** A payment intent, with its charge and that one's refunds. */
export function readIntent(intent: Stripe.PaymentIntent, disputes: readonly Stripe.Dispute[]): ProviderPayment {
  const currency = intent.currency.toUpperCase()
  return {
    reference: intent.id,
    paymentId: intent.metadata['paymentId'] ?? null,
    // A card that was refused is no end: the page asks for another one.
    state: intentStates[intent.status] ?? 'open',
    amountMinor: fromStripe(intent.amount, currency),
    capturedMinor: fromStripe(intent.amount_received, currency),
    currency,
    refunds: (chargeOf(intent)?.refunds?.data ?? []).filter((refund) => movesMoney(refund)).map(readRefund),
    disputes: disputes.map(readDispute),
  }
}

/** A page on which nobody has paid yet. */
export function readSession(session: Stripe.Checkout.Session): ProviderPayment {
  const currency = session.currency?.toUpperCase() ?? ''
  return {
    reference: session.id,
    paymentId: session.metadata?.['paymentId'] ?? null,
    state: session.status === 'expired' ? 'voided' : 'open',
    amountMinor: fromStripe(session.amount_total ?? 0, currency),
    capturedMinor: 0,
    currency,
    refunds: [],
    disputes: [],
  }
}

/** What is released without having been captured looks like a refund, too, but moves nothing. */
export function movesMoney({ balance_transaction: moved, metadata }: Stripe.Refund): boolean {
  return idOf(moved) !== null || metadata?.['refundId'] !== undefined
}

export function readRefund({ id, amount, currency, status, metadata }: Stripe.Refund): ProviderRefund {
  const isOver = status === 'failed' || status === 'canceled'
  return {
    reference: id,
    refundId: metadata?.['refundId'] ?? null,
    amountMinor: fromStripe(amount, currency),
    state: isOver ? 'failed' : status === 'succeeded' ? 'succeeded' : 'pending',
  }
}

function readDispute({ id, amount, currency, status }: Stripe.Dispute): ProviderDispute {
  // An inquiry that ended without a chargeback took nothing.
  const isWon = status === 'won' || status === 'warning_closed' || status === 'prevented'
  return {
    reference: id,
    amountMinor: fromStripe(amount, currency),
    state: isWon ? 'won' : status === 'lost' ? 'lost' : 'open',
  }
}
