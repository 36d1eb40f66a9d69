import type { PaymentRow } from '../database/tables/money.ts'

/** Providers that take money online; the counter is the house itself. */
export type ProviderName = Exclude<PaymentRow['provider'], 'counter'>

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

/** Milliseconds since the epoch; `from` belongs to it, `to` does not. */
export interface Period {
  readonly from: number
  readonly to: number
}

/** Whoever takes money online. What it is asked may be asked again: it does each thing once. */
export interface PaymentProvider {
  readonly name: ProviderName
  /** All that moved in a period, for reconciliation; in no particular order. */
  listTransactions(period: Period): AsyncIterable<ProviderTransaction>
}
