import { createHmac } from 'node:crypto'
import { must } from '../platform/assert.ts'
import {
  chargeOf,
  describeIntent,
  describeMovement,
  describeSession,
  expand,
  returned,
} from './stripe-double-shapes.ts'
import type { Intent, Metadata, Session, Thing } from './stripe-double-shapes.ts'
import { createStatement } from './provider-statement.ts'
import { startProviderServer } from './provider-server.ts'
import type { Answered, Asked, PostedWebhook, ProviderDouble } from './provider-server.ts'

export const stripeSecrets = { STRIPE_SECRET_KEY: 'sk_test_double', STRIPE_WEBHOOK_SECRET: 'whsec_double' }

/**
 * Speaks as much of Stripe's API (2026-10-28) as a house needs: Checkout sessions with manual capture, payment intents,
 * charges, refunds, disputes and their lists, on short pages. `now`: milliseconds since the epoch.
 */
export async function startStripeDouble(now: () => number, pageSize = 2): Promise<ProviderDouble> {
  const sessions: Session[] = []
  const events: Thing[] = []
  const seconds = () => Math.floor(now() / 1000)
  let ids = 0
  const newId = (prefix: string) => `${prefix}_${String((ids += 1)).padStart(8, '0')}`
  const intents = () => sessions.flatMap(({ intent }) => intent ?? [])
  const statement = createStatement(now, () => newId('txn'))
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
    if (moves) statement.move('refunded', -amount, intent.currency, intent.id)
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
      back: { success_url: form.get('success_url'), cancel_url: form.get('cancel_url') },
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
    statement.move('captured', amount, intent.currency, intent.id)
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
    const paid = new Map(intents().map((each) => [each.id, each]))
    const data = found.slice(start, start + pageSize).map((thing) => expand(thing, query.get('expand[0]'), paid))
    return { status: 200, body: { object: 'list', data, has_more: start + pageSize < found.length, url: '/' } }
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
    if (kind === 'balance_transactions') return list(statement.entries.map(describeMovement), url.searchParams)
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
    statement,
    requests: {
      begin: /^POST \/v1\/checkout\/sessions$/,
      read: /^GET \/v1\/(payment_intents|checkout)/,
      capture: /\/capture$/,
      cancel: /\/(cancel|expire)$/,
      refund: /^POST \/v1\/refunds/,
      statement: /^GET \/v1\/balance_transactions/,
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
      const intent = intentOf(paymentId)
      for (const each of intent.refunds) {
        if (each['status'] !== 'failed' && each['balance_transaction'] !== null)
          statement.move('refund returned', Number(each['amount']), intent.currency, intent.id)
        each['status'] = 'failed'
        emit('refund.failed', { ...each })
      }
    },
    dispute(paymentId, state) {
      const intent = intentOf(paymentId)
      const { amount, currency, id: payment_intent } = intent
      const opened = { id: newId('dp'), object: 'dispute', amount, currency, payment_intent, created: seconds() }
      intent.dispute = { ...(intent.dispute ?? opened), status: state === 'open' ? 'needs_response' : state }
      if (state === 'open') statement.move('disputed', -amount, currency, intent.id)
      if (state === 'won') statement.move('dispute won', amount, currency, intent.id)
      emit(state === 'open' ? 'charge.dispute.created' : 'charge.dispute.closed', { ...intent.dispute })
    },
    webhooks: () => events.splice(0).map((event) => signed(event, seconds())),
    payments: () => [...new Set(sessions.map(({ metadata }) => metadata['paymentId'] ?? ''))],
    truth(paymentId) {
      const all = sessions.filter(({ metadata }) => metadata['paymentId'] === paymentId)
      const paid = all.flatMap(({ intent }) => intent ?? [])
      const sum = (of: (intent: Intent) => number) => paid.reduce((total, intent) => total + of(intent), 0)
      const state = paid.at(-1)?.status ?? all.at(-1)?.status ?? 'none'
      return { state, captured: sum(({ captured }) => captured), refunded: sum(returned), pages: all.length }
    },
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
