import type { Database } from '../database/database.ts'
import type { PaymentRow, RefundRow } from '../database/tables/money.ts'
import type { PaymentProvider, Period, ProviderTransaction } from './provider.ts'

/** Takes no money and always says yes. It has no books of its own: what it tells is what we wrote down of it. */
export function createTestProvider(database: Database): PaymentProvider {
  return { name: 'test', listTransactions: (period) => listTransactions(database, period) }
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
  return await read.selectFrom('refunds').selectAll().where('paymentId', 'in', ids).execute()
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
  const returned = settled.filter(({ settledAt }) => settledAt !== null && settledAt >= capturedAt)
  return [
    ...moved('authorisation', amount, authorisedAt),
    ...moved('capture', taken, capturedAt),
    ...returned.flatMap((refund) => moved('refund', refund.amount, refund.settledAt)),
  ]
}
