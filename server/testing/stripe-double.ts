import { createHmac } from 'node:crypto'
import { must } from '../platform/assert.ts'
import { startProviderServer } from './provider-server.ts'
import type { Answered, Asked, PostedWebhook, ProviderDouble } from './provider-server.ts'

export const stripeSecrets = { STRIPE_SECRET_KEY: 'sk_test_double', STRIPE_WEBHOOK_SECRET: 'whsec_double' }

type Thing = Record<string, unknown> & { id: string; object: string }
type Metadata = Record<string, string>

interface Intent {
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

interface Session {
  readonly id: string
  status: 'open' | 'complete' | 'expired'
  readonly amount: number
  readonly currency: string
  readonly metadata: Metadata
  intent: Intent | null
}

/**
 * Speaks as much of Stripe's API (2026-10-28) as a house needs: Checkout sessions with manual capture, payment intents,
 * charges, refunds, disputes and their lists. `now`: milliseconds since the epoch.
 */
export async function startStripeDouble(now: () => number): Promise<ProviderDouble> {
  const sessions: Session[] = []
  const events: Thing[] = []
  const seconds = () => Math.floor(now() / 1000)
  let ids = 0
  const newId = (prefix: string) => `${prefix}_${String((ids += 1)).padStart(8, '0')}`
  const intents = () => sessions.flatMap(({ intent }) => intent ?? [])
  const emit = (type: string, object: unknown) =>
    void events.push({ id: newId('evt'), object: 'event', type, created: seconds(), data: { object } })
  const sessionOf = (paymentId: string) =>
    must(
      sessions.findLast(({ metadata }) => metadata['paymentId'] === paymentId),
      'It was begun',
    )
  const intentOf = (paymentId: string) => must(sessionOf(paymentId).intent, 'It was paid')

  function addRefund(intent: Intent, amount: number, metadata: Metadata, moves: boolean): Thing {
    const made: Thing = {
      id: newId('re'),
      object: 'refund',
      amount,
      currency: intent.currency,
      status: 'succeeded',
      metadata,
      payment_intent: intent.id,
      balance_transaction: moves ? newId('txn') : null,
      created: seconds(),
    }
    intent.refunds.unshift(made)
    emit('charge.refunded', chargeOf(intent))
    return made
  }

  function create(form: URLSearchParams): Answered {
    const metadata = readMetadata(form, 'metadata')
    const lives = Number(form.get('expires_at')) - seconds()
    if (lives < 1800 || lives > 86_400) return failure(400, 'invalid_request_error', 'expires_at')
    if (form.get('payment_intent_data[capture_method]') !== 'manual')
      return failure(400, 'invalid_request_error', 'mode')
    const session: Session = {
      id: newId('cs_test'),
      status: 'open',
      amount: Number(form.get('line_items[0][price_data][unit_amount]')),
      currency: form.get('line_items[0][price_data][currency]') ?? '',
      metadata,
      intent: null,
    }
    sessions.push(session)
    return { status: 200, body: describeSession(session) }
  }

  function expire(session: Session): Answered {
    if (session.status !== 'open') return failure(400, 'invalid_request_error', 'not open')
    session.status = 'expired'
    emit('checkout.session.expired', describeSession(session))
    return { status: 200, body: describeSession(session) }
  }

  function capture(intent: Intent, form: URLSearchParams): Answered {
    const amount = Number(form.get('amount_to_capture') ?? intent.amount)
    if (intent.status !== 'requires_capture' || amount > intent.amount) {
      return failure(400, 'invalid_request_error', 'payment_intent_unexpected_state')
    }
    Object.assign(intent, { status: 'succeeded', captured: amount, capturedAt: seconds() })
    if (amount < intent.amount) addRefund(intent, intent.amount - amount, {}, false)
    emit('payment_intent.succeeded', describeIntent(intent, false))
    return { status: 200, body: describeIntent(intent, false) }
  }

  function cancel(intent: Intent): Answered {
    if (intent.status === 'succeeded' || intent.status === 'canceled') {
      return failure(400, 'invalid_request_error', 'payment_intent_unexpected_state')
    }
    const wasAuthorised = intent.status === 'requires_capture'
    intent.status = 'canceled'
    if (wasAuthorised) addRefund(intent, intent.amount, {}, false)
    emit('payment_intent.canceled', describeIntent(intent, false))
    return { status: 200, body: describeIntent(intent, false) }
  }

  function refund(form: URLSearchParams): Answered {
    const intent = intents().find(({ id }) => id === form.get('payment_intent'))
    const amount = Number(form.get('amount'))
    if (!intent || intent.status !== 'succeeded') return failure(400, 'invalid_request_error', 'not captured')
    if (amount > intent.captured - returned(intent)) return failure(400, 'invalid_request_error', 'too much')
    return { status: 200, body: addRefund(intent, amount, readMetadata(form, 'metadata'), true) }
  }

  function list(things: readonly Thing[], query: URLSearchParams): Answered {
    const from = Number(query.get('created[gte]') ?? 0)
    const to = Number(query.get('created[lt]') ?? Number.MAX_SAFE_INTEGER)
    const intent = query.get('payment_intent')
    const after = query.get('starting_after')
    const found = things
      .filter(({ created }) => Number(created) >= from && Number(created) < to)
      .filter((thing) => intent === null || thing['payment_intent'] === intent)
    const start = after === null ? 0 : found.findIndex(({ id }) => id === after) + 1
    // Two at a time, so that whoever reads must turn pages.
    const data = found.slice(start, start + 2).map((thing) => withIntent(thing, query))
    return { status: 200, body: { object: 'list', data, has_more: start + 2 < found.length, url: '/' } }
  }

  function withIntent(thing: Thing, query: URLSearchParams): Thing {
    if (!query.getAll('expand[0]').includes('data.payment_intent')) return thing
    const intent = must(
      intents().find(({ id }) => id === thing['payment_intent']),
      'It is there',
    )
    return { ...thing, payment_intent: describeIntent(intent, false) }
  }

  function work({ method, path, body, headers }: Asked): Answered {
    if (headers['authorization'] !== `Bearer ${stripeSecrets.STRIPE_SECRET_KEY}`)
      return failure(401, 'api_error', 'key')
    const url = new URL(path, 'http://stripe')
    const form = new URLSearchParams(body)
    const [, , kind = '', id = '', verb = ''] = url.pathname.split('/')
    if (kind === 'checkout') return workOnSession(method, url.pathname.split('/'), form)
    if (kind === 'refunds') {
      return method === 'POST'
        ? refund(form)
        : list(
            intents().flatMap(({ refunds }) => refunds),
            url.searchParams,
          )
    }
    if (kind === 'charges') return list(intents().map(chargeOf), url.searchParams)
    if (kind === 'disputes')
      return list(
        intents().flatMap(({ dispute }) => dispute ?? []),
        url.searchParams,
      )
    const intent = intents().find((each) => each.id === id)
    if (kind !== 'payment_intents' || !intent) return failure(404, 'invalid_request_error', 'resource_missing')
    if (verb === 'capture') return capture(intent, form)
    if (verb === 'cancel') return cancel(intent)
    return { status: 200, body: describeIntent(intent, url.search.includes('latest_charge')) }
  }

  function workOnSession(method: string, [, , , , id = '', verb = '']: string[], form: URLSearchParams): Answered {
    if (method === 'POST' && id === '') return create(form)
    const session = sessions.find((each) => each.id === id)
    if (!session) return failure(404, 'invalid_request_error', 'resource_missing')
    return verb === 'expire' ? expire(session) : { status: 200, body: describeSession(session) }
  }

  const server = await startProviderServer('idempotency-key', work, (status) => failure(status, 'api_error', 'x').body)
  return {
    server,
    requests: {
      begin: /^POST \/v1\/checkout\/sessions$/,
      read: /^GET \/v1\/(payment_intents|checkout)/,
      capture: /\/capture$/,
      cancel: /\/(cancel|expire)$/,
      refund: /^POST \/v1\/refunds/,
    },
    pay(paymentId, amountMinor) {
      const session = sessionOf(paymentId)
      const { amount, currency, metadata } = session
      session.status = 'complete'
      session.intent = {
        id: newId('pi'),
        status: 'requires_capture',
        amount: amountMinor ?? amount,
        currency,
        metadata,
        captured: 0,
        capturedAt: null,
        refunds: [],
        dispute: null,
        created: seconds(),
      }
      emit('payment_intent.created', { ...describeIntent(session.intent, false), status: 'requires_payment_method' })
      emit('payment_intent.amount_capturable_updated', describeIntent(session.intent, false))
      emit('checkout.session.completed', describeSession(session))
    },
    expirePage: (paymentId) => void expire(sessionOf(paymentId)),
    lapse: (paymentId) => void cancel(intentOf(paymentId)),
    refundThere: (paymentId, amountMinor) => void addRefund(intentOf(paymentId), amountMinor, {}, true),
    failRefunds(paymentId) {
      for (const each of intentOf(paymentId).refunds) {
        each['status'] = 'failed'
        emit('refund.failed', { ...each })
      }
    },
    dispute(paymentId, state) {
      const intent = intentOf(paymentId)
      const { amount, currency, id: payment_intent } = intent
      const opened = { id: newId('dp'), object: 'dispute', amount, currency, payment_intent, created: seconds() }
      intent.dispute = { ...(intent.dispute ?? opened), status: state === 'open' ? 'needs_response' : state }
      emit(state === 'open' ? 'charge.dispute.created' : 'charge.dispute.closed', { ...intent.dispute })
    },
    webhooks: () => events.splice(0).map((event) => signed(event, seconds())),
    truth(paymentId) {
      const all = sessions.filter(({ metadata }) => metadata['paymentId'] === paymentId)
      const { intent, status = 'none' } = all.at(-1) ?? {}
      const [captured, refunded] = intent ? [intent.captured, returned(intent)] : [0, 0]
      return { state: intent?.status ?? status, captured, refunded, pages: all.length }
    },
  }
}

/** What was really given back: neither what was only released nor what came back. */
function returned({ refunds }: Intent): number {
  return refunds
    .filter(({ status, balance_transaction: moved }) => status !== 'failed' && moved !== null)
    .reduce((sum, { amount }) => sum + Number(amount), 0)
}

function describeSession({ id, status, amount, currency, metadata, intent }: Session): Thing {
  const payment_intent = intent?.id ?? null
  const url = status === 'open' ? `https://checkout.stripe.test/${id}` : null
  return { id, object: 'checkout.session', status, amount_total: amount, currency, metadata, payment_intent, url }
}

function describeIntent(intent: Intent, withCharge: boolean): Thing {
  const { id, status, amount, currency, metadata, captured } = intent
  const latest_charge = withCharge ? chargeOf(intent) : `ch_${id}`
  return { id, object: 'payment_intent', status, amount, amount_received: captured, currency, metadata, latest_charge }
}

function chargeOf(intent: Intent): Thing {
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

function readMetadata(form: URLSearchParams, name: string): Metadata {
  const entries = [...form].flatMap(([key, value]) => {
    const match = new RegExp(`^${name}\\[(\\w+)\\]$`).exec(key)
    return match?.[1] === undefined ? [] : [[match[1], value] as const]
  })
  return Object.fromEntries(entries)
}

function failure(status: number, type: string, message: string): Answered {
  return { status, body: { error: { type, message } } }
}

/** As Stripe signs: HMAC-SHA-256 of `time.body`. */
export function signed(event: unknown, seconds: number, secret = stripeSecrets.STRIPE_WEBHOOK_SECRET): PostedWebhook {
  const payload = JSON.stringify(event)
  const signature = createHmac('sha256', secret).update(`${seconds}.${payload}`).digest('hex')
  const headers = { 'content-type': 'application/json', 'stripe-signature': `t=${seconds},v1=${signature}` }
  return { headers, payload }
}
