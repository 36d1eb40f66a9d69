import { must } from '../platform/assert.ts'
import type { Movement, StatementEntry } from './provider-statement.ts'

export type Thing = Record<string, unknown> & { id: string; object: string }
export type Metadata = Record<string, string>

export interface Intent {
  readonly id: string
  status: 'requires_payment_method' | 'requires_capture' | 'succeeded' | 'canceled'
  readonly amount: number
  readonly currency: string
  readonly metadata: Metadata
  captured: number
  capturedAt: number | null
  refunds: Thing[]
  dispute: Thing | null
  readonly created: number
}

export interface Session {
  readonly id: string
  status: 'open' | 'complete' | 'expired'
  readonly amount: number
  readonly currency: string
  readonly metadata: Metadata
  /** Where the payer is sent afterwards. */
  readonly back: Readonly<Record<'success_url' | 'cancel_url', string | null>>
  intent: Intent | null
}

/** What was really given back: neither what was only released nor what came back. */
export function returned({ refunds }: Intent): number {
  return refunds
    .filter(({ status, balance_transaction: moved }) => status !== 'failed' && moved !== null)
    .reduce((sum, { amount }) => sum + Number(amount), 0)
}

export function describeSession({ id, status, amount, currency, metadata, back, intent }: Session): Thing {
  const payment_intent = intent?.id ?? null
  const url = status === 'open' ? `https://checkout.stripe.test/${id}` : null
  const about = { id, object: 'checkout.session', status, amount_total: amount, currency, metadata, payment_intent }
  return { ...about, ...back, url }
}

export function describeIntent(intent: Intent, withCharge: boolean): Thing {
  const { id, status, amount, currency, metadata, captured } = intent
  const latest_charge = withCharge ? chargeOf(intent) : `ch_${id}`
  return { id, object: 'payment_intent', status, amount, amount_received: captured, currency, metadata, latest_charge }
}

export function chargeOf(intent: Intent): Thing {
  const { id, amount, currency, metadata, captured, capturedAt, created, refunds, dispute } = intent
  return {
    id: `ch_${id}`,
    object: 'charge',
    status: 'succeeded',
    amount,
    amount_captured: captured,
    captured: capturedAt !== null,
    currency,
    metadata,
    payment_intent: id,
    disputed: dispute !== null,
    balance_transaction: capturedAt === null ? null : { id: `txn_${id}`, created: capturedAt },
    refunds: { object: 'list', data: refunds, has_more: false },
    created,
  }
}

const movementTypes: Readonly<Record<Movement, string>> = {
  captured: 'charge',
  refunded: 'refund',
  'refund returned': 'refund_failure',
  disputed: 'adjustment',
  'dispute won': 'adjustment',
  'paid out': 'payout',
  'payout returned': 'payout_failure',
  invoiced: 'stripe_fee',
}

/** Its source is the intent that it is about, until it is asked for with it. */
export function describeMovement({ id, movement, amount, fee, currency, at, reference }: StatementEntry): Thing {
  const sums = { amount, fee, net: amount - fee, currency: currency.toLowerCase() }
  const type = movementTypes[movement]
  return { id, object: 'balance_transaction', type, ...sums, created: at / 1000, source: reference }
}

/** A thing of a list with what was asked for with it. `paid`: all intents. */
export function expand(thing: Thing, asked: string | null, paid: ReadonlyMap<string, Intent>): Thing {
  const of = (member: string) => paid.get(String(thing[member]))
  if (asked === 'data.payment_intent') {
    return { ...thing, payment_intent: describeIntent(must(of('payment_intent'), 'It is there'), false) }
  }
  if (asked !== 'data.source') return thing
  const about = of('source')
  return { ...thing, source: about ? chargeOf(about) : null }
}
