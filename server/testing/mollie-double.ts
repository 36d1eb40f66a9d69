import { must } from '../platform/assert.ts'
import { amountOf, fromMollie } from '../payments/mollie-money.ts'
import type { MollieAmount } from '../payments/mollie-money.ts'
import { createStatement } from './provider-statement.ts'
import type { Movement, StatementEntry } from './provider-statement.ts'
import { startProviderServer } from './provider-server.ts'
import type { Answered, Asked, ProviderDouble } from './provider-server.ts'

export const mollieSecrets = { MOLLIE_API_KEY: 'test_double', MOLLIE_ORGANIZATION_TOKEN: 'access_double' }

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

/** Speaks as much of Mollie's API (v2) as a house needs. `now`: milliseconds since the epoch. Its pages are short, to be turned. */
export async function startMollieDouble(now: () => number, pageSize = 2): Promise<ProviderDouble> {
  const payments: Payment[] = []
  const changed: string[] = []
  let ids = 0
  const newId = (prefix: string) => `${prefix}_${String((ids += 1)).padStart(8, '0')}`
  const statement = createStatement(now, () => newId('baltr'))
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
    statement.move('refunded', -fromMollie(amount), amount.currency, payment.id)
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
      statement.move('captured', fromMollie(amount), amount.currency, payment.id)
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
    const isBalance = path.startsWith('/v2/balances')
    const secret = isBalance ? mollieSecrets.MOLLIE_ORGANIZATION_TOKEN : mollieSecrets.MOLLIE_API_KEY
    if (headers['authorization'] !== `Bearer ${secret}`) return failure(401)
    const { pathname, searchParams } = new URL(path, 'http://mollie')
    const [, , kind = '', id = '', verb = ''] = pathname.split('/')
    const given = body === '' ? undefined : JSON.parse(body)
    if (kind === 'payments' && id === '')
      return method === 'POST' ? create(given) : list('payments', payments.map(describe), searchParams, pageSize)
    if (isBalance) return workOnBalances(id, searchParams)
    if (kind === 'refunds')
      return list(
        'refunds',
        payments.flatMap(({ refunds }) => refunds),
        searchParams,
        pageSize,
      )
    if (kind === 'chargebacks')
      return list(
        'chargebacks',
        payments.flatMap((each) => chargebacksOf(each)),
        searchParams,
        pageSize,
      )
    const payment = payments.find((each) => each.id === id)
    return payment ? workOn(payment, method, verb, given as never) : failure(404)
  }

  /** One of each currency, named by it. */
  function workOnBalances(id: string, query: URLSearchParams): Answered {
    const currencies = [...new Set(statement.entries.map(({ currency }) => currency))]
    if (id === '')
      return list(
        'balances',
        currencies.map((currency) => ({ id: `bal_${currency}` })),
        query,
        pageSize,
      )
    const own = statement.entries.filter(({ currency }) => id === `bal_${currency}`)
    return list('balance_transactions', own.map(describeMovement), query, pageSize, `balances/${id}/transactions`)
  }

  const server = await startProviderServer('idempotency-key', work, (status) => failure(status).body)
  return {
    server,
    statement,
    requests: {
      begin: /^POST \/v2\/payments$/,
      read: /^GET \/v2\/payments\/tr_/,
      capture: /\/captures$/,
      cancel: /^DELETE|release-authorization$/,
      refund: /^POST .*\/refunds$/,
      statement: /^GET \/v2\/balances/,
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
      for (const refund of payment.refunds) {
        const { amount, status } = refund
        if (status !== 'failed') statement.move('refund returned', fromMollie(amount), amount.currency, payment.id)
        refund.status = 'failed'
      }
      changed.push(payment.id)
    },
    dispute(paymentId, state) {
      const payment = find(paymentId)
      const { amount, chargeback } = payment
      const reversedAt = state === 'won' ? moment() : null
      if (state === 'open') statement.move('disputed', -fromMollie(amount), amount.currency, payment.id)
      if (state === 'won') statement.move('dispute won', fromMollie(amount), amount.currency, payment.id)
      change(payment, {
        chargeback: { ...(chargeback ?? { id: newId('chb'), amount, createdAt: moment() }), reversedAt },
      })
    },
    webhooks: () =>
      changed.splice(0).map((id) => ({
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        payload: `id=${id}`,
      })),
    payments: () => [...new Set(payments.map(({ metadata }) => metadata['paymentId'] ?? ''))],
    truth(paymentId) {
      const all = payments.filter(({ metadata }) => metadata['paymentId'] === paymentId)
      const capturedOf = ({ amountCaptured }: Payment) => (amountCaptured ? fromMollie(amountCaptured) : 0)
      return {
        state: all[0]?.status ?? 'none',
        captured: all.reduce((sum, payment) => sum + capturedOf(payment), 0),
        refunded: all.reduce((sum, payment) => sum + returned(payment), 0),
        pages: all.length,
      }
    },
  }
}

/** Who turns the pages goes on where the last one ended. */
function list(
  name: string,
  things: readonly { readonly id: string }[],
  query: URLSearchParams,
  pageSize: number,
  path = name,
): Answered {
  const from = query.get('from')
  const start = from === null ? 0 : things.findIndex(({ id }) => id === from)
  const next = things[start + pageSize]
  const href = next && `/v2/${path}?from=${next.id}`
  return {
    status: 200,
    body: { _embedded: { [name]: things.slice(start, start + pageSize) }, _links: { next: href ? { href } : null } },
  }
}

function returned({ refunds }: Payment): number {
  return refunds.reduce((sum, { amount, status }) => (status === 'failed' ? sum : sum + fromMollie(amount)), 0)
}

const movementTypes: Readonly<Record<Movement, string>> = {
  captured: 'capture',
  refunded: 'refund',
  'refund returned': 'returned-refund',
  disputed: 'chargeback',
  'dispute won': 'chargeback-reversal',
  'paid out': 'outgoing-transfer',
  'payout returned': 'returned-transfer',
  invoiced: 'invoice-compensation',
}

function describeMovement({ id, movement, amount, fee, currency, at, reference }: StatementEntry) {
  return {
    resource: 'balance_transaction',
    id,
    type: movementTypes[movement],
    initialAmount: signed(amount, currency),
    deductions: fee === 0 ? null : signed(-fee, currency),
    resultAmount: signed(amount - fee, currency),
    context: reference === null ? { transferId: `tr_${id}` } : { payment: { paymentId: reference } },
    createdAt: new Date(at).toISOString(),
  }
}

function signed(amountMinor: number, currency: string): MollieAmount {
  const amount = amountOf(Math.abs(amountMinor), currency)
  return amountMinor < 0 ? { ...amount, value: `-${amount.value}` } : amount
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
