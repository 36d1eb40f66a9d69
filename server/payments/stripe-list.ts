import type { Stripe } from 'stripe'
import type { Period, ProviderTransaction, StatementLine } from './provider.ts'
import { fromStripe, idOf, movesMoney } from './stripe-shapes.ts'

/** An authorisation is captured or gone after a week at most; a day more for the one who reckons in other zones. */
const longestAuthorisationMs = 8 * 24 * 3600_000

/**
 * All that moved at Stripe in a period: charges (authorised, and captured at the time of their balance transaction), refunds
 * and disputes. What was released without a capture is a `void`.
 */
export async function* listAtStripe(stripe: Stripe, period: Period): AsyncGenerator<ProviderTransaction> {
  const created = seconds(period)
  // Captured now may have been authorised days ago.
  const earlier = { ...created, gte: created.gte - longestAuthorisationMs / 1000 }
  const charges = stripe.charges.list({ created: earlier, limit: 100, expand: ['data.balance_transaction'] })
  for await (const charge of charges) yield* within(period, movementsOf(charge))
  for await (const refund of stripe.refunds.list({ created, limit: 100, expand: ['data.payment_intent'] })) {
    if (refund.status === 'failed' || refund.status === 'canceled') continue
    const kind = movesMoney(refund) ? 'refund' : 'void'
    yield* within(period, [describe(kind, refund.payment_intent, refund.amount, refund.currency, refund.created)])
  }
  for await (const dispute of stripe.disputes.list({ created, limit: 100, expand: ['data.payment_intent'] })) {
    yield* within(period, [
      describe('dispute', dispute.payment_intent, dispute.amount, dispute.currency, dispute.created),
    ])
  }
}

/** What an amount of such a kind is, beside what is in the books already (charges, refunds, disputes). Source: Stripe, Balance transaction types. */
const statementKinds: Readonly<Record<string, StatementLine['kind']>> = {
  payout: 'payout',
  payout_cancel: 'payout',
  payout_failure: 'payout',
  topup: 'payout',
  topup_reversal: 'payout',
  stripe_fee: 'fee',
  stripe_fx_fee: 'fee',
  tax_fee: 'fee',
  contribution: 'fee',
}

/** What Stripe kept of each movement and in invoices of its own, and what it paid out (or was given to pay out with). */
export async function* listStatementAtStripe(stripe: Stripe, period: Period): AsyncGenerator<StatementLine> {
  const created = seconds(period)
  const all = stripe.balanceTransactions.list({ created, limit: 100, expand: ['data.source'] })
  for await (const moved of all) {
    const at = moved.created * 1000
    if (at < period.from || at >= period.to) continue
    const kind = statementKinds[moved.type]
    // Its amount is what the house has more there: whatever was kept or paid out is below zero.
    const sums = { fee: moved.fee - (kind === 'fee' ? moved.amount : 0), payout: kind === 'payout' ? -moved.amount : 0 }
    for (const each of ['fee', 'payout'] as const) {
      if (sums[each] !== 0) yield { ...lineOf(moved), kind: each, amountMinor: fromStripe(sums[each], moved.currency) }
    }
  }
}

function lineOf({ id, source, currency, created }: Stripe.BalanceTransaction) {
  const about = typeof source === 'object' && source !== null && 'payment_intent' in source ? source : null
  const metadata = about !== null && 'metadata' in about ? about.metadata : null
  return {
    id,
    currency: currency.toUpperCase(),
    at: created * 1000,
    providerRef: idOf(about?.payment_intent),
    paymentId: metadata?.['paymentId'] ?? null,
  }
}

function seconds({ from, to }: Period) {
  return { gte: Math.floor(from / 1000), lt: Math.ceil(to / 1000) }
}

function within({ from, to }: Period, moved: readonly ProviderTransaction[]): ProviderTransaction[] {
  return moved.filter(({ at, providerRef }) => at >= from && at < to && providerRef !== '')
}

function movementsOf(charge: Stripe.Charge): ProviderTransaction[] {
  if (charge.status !== 'succeeded') return []
  const { amount, amount_captured: captured, currency, created, metadata } = charge
  const about = { id: idOf(charge.payment_intent) ?? '', metadata }
  const authorised = describe('authorisation', about, amount, currency, created)
  const moved = charge.balance_transaction
  if (!charge.captured || moved === null || typeof moved === 'string') return [authorised]
  return [authorised, describe('capture', about, captured, currency, moved.created)]
}

/** `intent`: with its metadata, where it was asked for with it. */
function describe(
  kind: ProviderTransaction['kind'],
  intent: string | { readonly id: string; readonly metadata: Stripe.Metadata } | null,
  amount: number,
  currency: string,
  created: number,
): ProviderTransaction {
  return {
    providerRef: idOf(intent) ?? '',
    paymentId: typeof intent === 'object' ? (intent?.metadata['paymentId'] ?? null) : null,
    kind,
    amountMinor: fromStripe(amount, currency),
    currency: currency.toUpperCase(),
    at: created * 1000,
  }
}
