import { must } from '../platform/assert.ts'
import { amountOf, fromMollie } from '../payments/mollie-money.ts'
import type { MollieAmount } from '../payments/mollie-money.ts'
import { startProviderServer } from './provider-server.ts'
import type { Answered, Asked, ProviderDouble } from './provider-server.ts'

export const mollieSecrets = { MOLLIE_API_KEY: 'test_double' }

interface Refund {
  readonly id: string
  readonly paymentId: string
  readonly amount: MollieAmount
  status: string
  readonly metadata: Record<string, string>
  readonly createdAt: string
}

interface Payment {
  readonly id: string
  status: 'open' | 'authorized' | 'paid' | 'canceled' | 'expired'
  amount: MollieAmount
  amountCaptured: MollieAmount | null
  readonly metadata: Record<string, string>
  readonly createdAt: string
  authorizedAt: string | null
  paidAt: string | null
  canceledAt: string | null
  expiredAt: string | null
  readonly refunds: Refund[]
  chargeback: {
    readonly id: string
    readonly amount: MollieAmount
    readonly createdAt: string
    reversedAt: string | null
  } | null
}

/** Speaks as much of Mollie's API (v2) as a house needs. `now`: milliseconds since the epoch. */
export async function startMollieDouble(now: () => number): Promise<ProviderDouble> {
  const payments: Payment[] = []
  const changed: string[] = []
  let ids = 0
  const newId = (prefix: string) => `${prefix}_${String((ids += 1)).padStart(8, '0')}`
  const moment = () => new Date(now()).toISOString()
  const find = (paymentId: string) =>
    must(
      payments.findLast(({ metadata }) => metadata['paymentId'] === paymentId),
      'It was begun',
    )
  const change = (payment: Payment, to: Partial<Payment>) => {
    Object.assign(payment, to)
    changed.push(payment.id)
  }

  function create(body: Pick<Payment, 'amount' | 'metadata'> & { readonly captureMode?: string }): Answered {
    if (body.captureMode !== 'manual') return failure(422)
    const payment: Payment = {
      id: newId('tr'),
      status: 'open',
      amount: body.amount,
      amountCaptured: null,
      metadata: body.metadata,
      createdAt: moment(),
      authorizedAt: null,
      paidAt: null,
      canceledAt: null,
      expiredAt: null,
      refunds: [],
      chargeback: null,
    }
    payments.unshift(payment)
    return { status: 201, body: describe(payment) }
  }

  function addRefund(payment: Payment, amount: MollieAmount, metadata: Record<string, string>): Refund {
    const refund = { id: newId('re'), paymentId: payment.id, amount, status: 'refunded', metadata, createdAt: moment() }
    payment.refunds.push(refund)
    changed.push(payment.id)
    return refund
  }

  function workOn(payment: Payment, method: string, verb: string, body: never): Answered {
    const { status } = payment
    if (method === 'DELETE') {
      if (status !== 'open') return failure(422)
      change(payment, { status: 'canceled', canceledAt: moment() })
    }
    if (verb === 'release-authorization') {
      if (status !== 'authorized') return failure(422)
      change(payment, { status: 'canceled', canceledAt: moment() })
      return { status: 202, body: null }
    }
    const { amount, metadata }: { amount: MollieAmount; metadata: Record<string, string> } = body ?? {}
    if (verb === 'captures') {
      if (status !== 'authorized' || fromMollie(amount) > fromMollie(payment.amount)) return failure(422)
      change(payment, { status: 'paid', amountCaptured: amount, paidAt: moment() })
      return { status: 201, body: { resource: 'capture', id: newId('cpt'), amount, status: 'succeeded' } }
    }
    if (verb === 'refunds') {
      const left = fromMollie(payment.amountCaptured ?? amountOf(0, 'GBP')) - returned(payment)
      return status === 'paid' && fromMollie(amount) <= left
        ? { status: 201, body: addRefund(payment, amount, metadata) }
        : failure(422)
    }
    return { status: 200, body: describe(payment) }
  }

  function work({ method, path, body, headers }: Asked): Answered {
    if (headers['authorization'] !== `Bearer ${mollieSecrets.MOLLIE_API_KEY}`) return failure(401)
    const { pathname, searchParams } = new URL(path, 'http://mollie')
    const [, , kind = '', id = '', verb = ''] = pathname.split('/')
    const given = body === '' ? undefined : JSON.parse(body)
    if (kind === 'payments' && id === '')
      return method === 'POST' ? create(given) : list('payments', payments.map(describe), searchParams)
    if (kind === 'refunds')
      return list(
        'refunds',
        payments.flatMap(({ refunds }) => refunds),
        searchParams,
      )
    if (kind === 'chargebacks')
      return list(
        'chargebacks',
        payments.flatMap((each) => chargebacksOf(each)),
        searchParams,
      )
    const payment = payments.find((each) => each.id === id)
    return payment ? workOn(payment, method, verb, given as never) : failure(404)
  }

  const server = await startProviderServer('idempotency-key', work, (status) => failure(status).body)
  return {
    server,
    requests: {
      begin: /^POST \/v2\/payments$/,
      read: /^GET \/v2\/payments\/tr_/,
      capture: /\/captures$/,
      cancel: /^DELETE|release-authorization$/,
      refund: /^POST .*\/refunds$/,
    },
    pay(paymentId, amountMinor) {
      const payment = find(paymentId)
      const amount = amountMinor === undefined ? payment.amount : amountOf(amountMinor, payment.amount.currency)
      change(payment, { status: 'authorized', authorizedAt: moment(), amount })
    },
    expirePage: (paymentId) => change(find(paymentId), { status: 'expired', expiredAt: moment() }),
    lapse: (paymentId) => change(find(paymentId), { status: 'expired', expiredAt: moment() }),
    refundThere: (paymentId, amountMinor) => void addRefund(find(paymentId), amountOf(amountMinor, 'GBP'), {}),
    failRefunds(paymentId) {
      const payment = find(paymentId)
      for (const refund of payment.refunds) refund.status = 'failed'
      changed.push(payment.id)
    },
    dispute(paymentId, state) {
      const payment = find(paymentId)
      const { amount, chargeback } = payment
      const reversedAt = state === 'won' ? moment() : null
      change(payment, {
        chargeback: { ...(chargeback ?? { id: newId('chb'), amount, createdAt: moment() }), reversedAt },
      })
    },
    webhooks: () =>
      changed.splice(0).map((id) => ({
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        payload: `id=${id}`,
      })),
    truth(paymentId) {
      const all = payments.filter(({ metadata }) => metadata['paymentId'] === paymentId)
      const [payment] = all
      const captured = payment?.amountCaptured ? fromMollie(payment.amountCaptured) : 0
      return {
        state: payment?.status ?? 'none',
        captured,
        refunded: payment ? returned(payment) : 0,
        pages: all.length,
      }
    },
  }
}

/** Two at a time, so that whoever reads must turn pages. */
function list(name: string, things: readonly { readonly id: string }[], query: URLSearchParams): Answered {
  const from = query.get('from')
  const start = from === null ? 0 : things.findIndex(({ id }) => id === from)
  const next = things[start + 2]
  const href = next && `/v2/${name}?from=${next.id}`
  return {
    status: 200,
    body: { _embedded: { [name]: things.slice(start, start + 2) }, _links: { next: href ? { href } : null } },
  }
}

function returned({ refunds }: Payment): number {
  return refunds.reduce((sum, { amount, status }) => (status === 'failed' ? sum : sum + fromMollie(amount)), 0)
}

function chargebacksOf({ id: paymentId, chargeback }: Payment) {
  return chargeback ? [{ ...chargeback, paymentId }] : []
}

function describe(payment: Payment) {
  const { refunds, ...own } = payment
  return {
    resource: 'payment',
    ...own,
    _links: { checkout: payment.status === 'open' ? { href: `https://www.mollie.test/checkout/${payment.id}` } : null },
    _embedded: { refunds, chargebacks: chargebacksOf(payment) },
  }
}

function failure(status: number): Answered {
  return { status, body: { status, title: 'Refused', detail: 'It cannot be done' } }
}
