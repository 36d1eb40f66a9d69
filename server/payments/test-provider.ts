import type { Database } from '../database/database.ts'
import type { PaymentRow, RefundRow } from '../database/tables/money.ts'
import { isRefusal, refuse } from '../platform/refusal.ts'
import { paymentAt } from './model.ts'
import { ProviderError } from './provider.ts'
import type { PaymentProvider, Period, ProviderEvent, ProviderPayment, ProviderTransaction } from './provider.ts'
import { readTestEvent, verifyTestWebhook } from './test-webhook.ts'
import type { TestEvent } from './test-webhook.ts'

/** Takes no money and always says yes. It has no books of its own: what it tells is what we wrote down of it. */
export function createTestProvider(database: Database, webhookSecret: string | null): PaymentProvider {
  const read = async (paymentId: string) => {
    const payment = await find(database, paymentId)
    if (!payment) throw new ProviderError(`There is no payment ${paymentId}`, true)
    return describe(payment, stateOf(payment))
  }
  return {
    name: 'test',
    // Its page is the web app's own, which knows the way there.
    begin: async ({ paymentId }) => ({ reference: paymentId, url: `/pay/${paymentId}` }),
    read,
    async capture({ paymentId }, amountMinor) {
      return { ...(await read(paymentId)), state: 'captured', capturedMinor: amountMinor }
    },
    async cancel({ paymentId }) {
      const payment = await read(paymentId)
      return payment.state === 'captured' ? payment : { ...payment, state: 'voided' }
    },
    refund: async (_payment, { key, refundId, amountMinor }) => ({
      reference: `test-${key}`,
      refundId,
      amountMinor,
      state: 'succeeded',
    }),
    async readWebhook(headers, body, nowMs) {
      if (webhookSecret === null) return refuse('invalid_signature', 'This provider is not set up here.')
      if (!verifyTestWebhook(webhookSecret, headers, body, nowMs)) return refuse('invalid_signature')
      const event = readTestEvent(body)
      return isRefusal(event) ? event : await eventOf(database, event)
    },
    listTransactions: (period) => listTransactions(database, period),
    listStatement: null,
  }
}

const told: Readonly<Record<TestEvent['outcome'], ProviderPayment['state']>> = {
  succeed: 'authorised',
  decline: 'declined',
  timeout: 'open',
}

async function eventOf(database: Database, { id, paymentId, outcome }: TestEvent): Promise<ProviderEvent | null> {
  const payment = await find(database, paymentId)
  return payment ? { id, payment: describe(payment, told[outcome]) } : null
}

async function find({ read }: Database, id: string): Promise<PaymentRow | undefined> {
  return await read
    .selectFrom('payments')
    .selectAll()
    .where('id', '=', id)
    .where('provider', '=', 'test')
    .executeTakeFirst()
}

function stateOf({ status, capturedAt, authorisedAt }: PaymentRow): ProviderPayment['state'] {
  if (capturedAt !== null) return 'captured'
  if (status === 'failed') return 'declined'
  if (status === 'expired' || status === 'voided') return 'voided'
  return authorisedAt === null ? 'open' : 'authorised'
}

function describe(payment: PaymentRow, state: ProviderPayment['state']): ProviderPayment {
  return { ...paymentAt(payment), state, capturedMinor: payment.captured ?? 0, refunds: [], disputes: [] }
}

const rowsAtOnce = 500

async function* listTransactions(database: Database, period: Period): AsyncIterable<ProviderTransaction> {
  for (let after = ''; ;) {
    const payments = await database.read
      .selectFrom('payments')
      .selectAll()
      .where('provider', '=', 'test')
      .where('id', '>', after)
      .where('createdAt', '<', period.to)
      .orderBy('id')
      .limit(rowsAtOnce)
      .execute()
    const refunds = await refundsOf(database, payments)
    for (const payment of payments) {
      const own = refunds.filter(({ paymentId }) => paymentId === payment.id)
      yield* movementsOf(payment, own).filter(({ at }) => at >= period.from && at < period.to)
    }
    const last = payments.at(-1)
    if (!last || payments.length < rowsAtOnce) return
    after = last.id
  }
}

async function refundsOf({ read }: Database, payments: readonly PaymentRow[]): Promise<RefundRow[]> {
  if (payments.length === 0) return []
  const ids = payments.map(({ id }) => id)
  return await read
    .selectFrom('refunds')
    .selectAll()
    .where('paymentId', 'in', ids)
    .orderBy('createdAt')
    .orderBy('id')
    .execute()
}

function movementsOf(payment: PaymentRow, refunds: readonly RefundRow[]): ProviderTransaction[] {
  const { id, amount, captured, currency, authorisedAt, capturedAt } = payment
  const moved = (kind: ProviderTransaction['kind'], amountMinor: number, at: number | null) =>
    at === null ? [] : [{ providerRef: id, paymentId: id, kind, amountMinor, currency, at }]
  const settled = refunds.filter(({ status }) => status === 'succeeded')
  if (capturedAt === null) {
    // What was given back before it was captured was never taken.
    const released = settled.reduce((sum, refund) => sum + refund.amount, 0)
    const endedAt = payment.endedAt ?? settled.at(-1)?.settledAt ?? null
    return [
      ...moved('authorisation', amount, authorisedAt),
      ...(authorisedAt !== null && (released === amount || payment.endedAt !== null)
        ? moved('void', amount, endedAt)
        : []),
    ]
  }
  const taken = captured ?? amount
  // What was given back before the capture was not captured.
  let released = amount - taken
  const returned = settled.flatMap((refund) => {
    const ofIt = Math.min(refund.amount, released)
    released -= ofIt
    return refund.amount > ofIt ? [{ ...refund, amount: refund.amount - ofIt }] : []
  })
  return [
    ...moved('authorisation', amount, authorisedAt),
    ...moved('capture', taken, capturedAt),
    ...returned.flatMap((refund) => moved('refund', refund.amount, refund.settledAt)),
  ]
}
