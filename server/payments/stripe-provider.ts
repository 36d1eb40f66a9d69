import type { IncomingHttpHeaders } from 'node:http'
import type { Stripe } from 'stripe'
import { refuse } from '../platform/refusal.ts'
import { ProviderError } from './provider.ts'
import type {
  BegunPayment,
  PaymentAt,
  PaymentOrder,
  PaymentProvider,
  ProviderEvent,
  ProviderPayment,
  ProviderRefund,
  WebhookRefusal,
} from './provider.ts'
import { listAtStripe, listStatementAtStripe } from './stripe-list.ts'
import { chargeOf, idOf, readIntent, readRefund, readSession, toStripe } from './stripe-shapes.ts'

export interface StripeSettings {
  readonly secretKey: string
  readonly webhookSecret: string
  /** Null: Stripe itself. */
  readonly url: URL | null
}

/** What this is written for and tested with; Stripe keeps answering in it. */
const apiVersion = '2026-10-28.endive'
const timeoutMs = 5000
/** How long the page may be used: longer than a booking waits, for it is ended with that. Stripe allows 30 minutes to 24 hours. */
const pageMs = 3600_000
const toleranceSeconds = 300

/** Cards and wallets by Stripe's own page (Checkout): nothing of a card comes near the house, no script of theirs is needed. */
export function createStripeProvider(settings: StripeSettings): PaymentProvider {
  let opened: Promise<Stripe> | null = null
  const open = async () => await (opened ??= connect(settings))
  const ask = async <Result>(work: (stripe: Stripe) => Promise<Result>): Promise<Result> => {
    try {
      return await work(await open())
    } catch (error) {
      throw asProviderError(error)
    }
  }
  return {
    name: 'stripe',
    begin: async (order) => await ask(async (stripe) => await begin(stripe, order)),
    read: async (reference) => await ask(async (stripe) => await read(stripe, reference)),
    capture: async (payment, amountMinor) => await ask(async (stripe) => await capture(stripe, payment, amountMinor)),
    cancel: async (payment) => await ask(async (stripe) => await cancel(stripe, payment)),
    refund: async (payment, refund) => await ask(async (stripe) => await giveBack(stripe, payment, refund)),
    async readWebhook(headers, body, nowMs) {
      const event = verify(await open(), settings.webhookSecret, headers, body, nowMs)
      return 'code' in event ? event : await ask(async (stripe) => await followUp(stripe, event))
    },
    listTransactions: (period) => listed(async () => listAtStripe(await open(), period)),
    listStatement: (period) => listed(async () => listStatementAtStripe(await open(), period)),
  }
}

async function* listed<Item>(list: () => Promise<AsyncGenerator<Item>>): AsyncGenerator<Item> {
  try {
    yield* await list()
  } catch (error) {
    throw asProviderError(error)
  }
}

/** Loaded only where it is used: the library takes its time to start. */
async function connect({ secretKey, url }: StripeSettings): Promise<Stripe> {
  const { Stripe: Client } = await import('stripe')
  return new Client(secretKey, {
    apiVersion,
    timeout: timeoutMs,
    // With the same idempotency key: what was done already is not done again.
    maxNetworkRetries: 1,
    telemetry: false,
    appInfo: { name: 'Matinee' },
    ...(url && { host: url.hostname, port: url.port, protocol: url.protocol === 'http:' ? 'http' : 'https' }),
  })
}

/** Only what the request itself is to blame for is final; a wrong key or a limit is mended by somebody. */
function asProviderError(error: unknown): unknown {
  if (!(error instanceof Error) || !('rawType' in error)) return error
  const status = 'statusCode' in error ? Number(error.statusCode) : 0
  const isFinal = status === 400 || status === 402 || status === 404
  return new ProviderError(`Stripe: ${error.message}`, isFinal)
}

/**
 * Does something under an idempotency key. Stripe answers a key as it did at first, a failure of its own too; where that is all
 * it has to say, another key asks again. Only for what is looked for before, or can be done once only, or that nobody knows of.
 */
async function underKey<Result>(key: string, work: (idempotencyKey: string) => Promise<Result>): Promise<Result> {
  try {
    return await work(key)
  } catch (error) {
    if (!isKeptFailure(error)) throw error
    return await work(`${key}-again`)
  }
}

function isKeptFailure(error: unknown): boolean {
  if (!(error instanceof Error) || !('statusCode' in error) || !('headers' in error)) return false
  const { headers, statusCode } = error
  const isReplayed = typeof headers === 'object' && headers !== null && 'idempotent-replayed' in headers
  return Number(statusCode) >= 500 && isReplayed && headers['idempotent-replayed'] === 'true'
}

async function begin(stripe: Stripe, order: PaymentOrder): Promise<BegunPayment> {
  const { paymentId, bookingId, currency, description, returnUrl } = order
  const metadata = { paymentId, bookingId }
  const back = new URL(returnUrl)
  back.searchParams.set('payment', 'left')
  const page: Stripe.Checkout.SessionCreateParams = {
    mode: 'payment',
    line_items: [
      {
        quantity: 1,
        price_data: {
          currency: currency.toLowerCase(),
          unit_amount: toStripe(order.amountMinor, currency),
          product_data: { name: description },
        },
      },
    ],
    payment_intent_data: { capture_method: 'manual', description, metadata },
    metadata,
    client_reference_id: paymentId,
    success_url: returnUrl,
    cancel_url: back.href,
    expires_at: Math.floor((order.createdAt + pageMs) / 1000),
    ...(order.customerEmail !== null && { customer_email: order.customerEmail }),
  }
  const session = await underKey(
    paymentId,
    async (idempotencyKey) => await stripe.checkout.sessions.create(page, { idempotencyKey }),
  )
  if (session.url === null) throw new ProviderError('Stripe: the page has no address', true)
  return { reference: session.id, url: session.url }
}

/** By the name of the page or of the money: the page comes first, and leads to the money once somebody has paid. */
async function read(stripe: Stripe, reference: string): Promise<ProviderPayment> {
  if (!reference.startsWith('cs_')) return await readMoney(stripe, reference)
  const session = await stripe.checkout.sessions.retrieve(reference)
  const intentId = idOf(session.payment_intent)
  const money = intentId === null ? null : await readMoney(stripe, intentId)
  return money === null || (money.state === 'open' && session.status !== 'complete') ? readSession(session) : money
}

async function readMoney(stripe: Stripe, intentId: string): Promise<ProviderPayment> {
  const intent = await stripe.paymentIntents.retrieve(intentId, { expand: ['latest_charge.refunds'] })
  const isDisputed = chargeOf(intent)?.disputed ?? false
  const disputes = isDisputed ? (await stripe.disputes.list({ payment_intent: intentId, limit: 100 })).data : []
  return readIntent(intent, disputes)
}

/** Does it, unless Stripe says that it cannot be done (any more): how things stand tells why. */
async function attempt(stripe: Stripe, reference: string, work: () => Promise<unknown>): Promise<ProviderPayment> {
  try {
    await work()
  } catch (error) {
    const refused = asProviderError(error)
    if (!(refused instanceof ProviderError) || !refused.isFinal) throw refused
  }
  return await read(stripe, reference)
}

async function capture(stripe: Stripe, payment: PaymentAt, amountMinor: number): Promise<ProviderPayment> {
  const { paymentId, reference, currency } = payment
  return await attempt(stripe, reference, async () => {
    const part = { amount_to_capture: toStripe(amountMinor, currency) }
    await underKey(
      `${paymentId}-capture-${amountMinor}`,
      async (idempotencyKey) => await stripe.paymentIntents.capture(reference, part, { idempotencyKey }),
    )
  })
}

async function cancel(stripe: Stripe, { reference }: PaymentAt): Promise<ProviderPayment> {
  const before = await read(stripe, reference)
  if (before.state === 'captured' || before.state === 'voided') return before
  return await attempt(stripe, reference, async () => {
    if (before.reference.startsWith('cs_')) await stripe.checkout.sessions.expire(before.reference)
    else await stripe.paymentIntents.cancel(before.reference)
  })
}

/** Looks first whether it was made: Stripe forgets idempotency keys after a day, and a provider may be away for longer. */
async function giveBack(
  stripe: Stripe,
  { reference, currency }: PaymentAt,
  refund: Parameters<PaymentProvider['refund']>[1],
): Promise<ProviderRefund> {
  const intentId = reference.startsWith('cs_') ? (await read(stripe, reference)).reference : reference
  const { key, refundId, amountMinor } = refund
  const made = await stripe.refunds.list({ payment_intent: intentId, limit: 100 })
  const known = made.data.find(({ metadata }) => metadata?.['key'] === key)
  if (known) return readRefund(known)
  const order = {
    payment_intent: intentId,
    amount: toStripe(amountMinor, currency),
    metadata: { key, ...(refundId !== null && { refundId }) },
  }
  return readRefund(
    await underKey(key, async (idempotencyKey) => await stripe.refunds.create(order, { idempotencyKey })),
  )
}

function verify(
  stripe: Stripe,
  secret: string,
  headers: IncomingHttpHeaders,
  body: string,
  nowMs: number,
): Stripe.Event | WebhookRefusal {
  const signature = headers['stripe-signature']
  if (typeof signature !== 'string') return refuse('invalid_signature')
  try {
    return stripe.webhooks.constructEvent(body, signature, secret, toleranceSeconds, undefined, nowMs)
  } catch {
    return refuse('invalid_signature')
  }
}

/** An event only says where to look: what it holds may be old by now, and what is read is not. */
async function followUp(stripe: Stripe, event: Stripe.Event): Promise<ProviderEvent | null> {
  const { object } = event.data
  const reference = referenceIn(object)
  return reference === null ? null : { id: event.id, payment: await read(stripe, reference) }
}

/** Of which payment an object of Stripe's tells, if of any. */
function referenceIn(object: object): string | null {
  if (!('object' in object) || !('id' in object) || typeof object.id !== 'string') return null
  if (object.object === 'checkout.session' || object.object === 'payment_intent') return object.id
  const intent = 'payment_intent' in object ? object.payment_intent : null
  if (typeof intent === 'string') return intent
  return typeof intent === 'object' && intent !== null && 'id' in intent ? String(intent.id) : null
}
