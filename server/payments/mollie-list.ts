import type { MollieBalanceTransaction, MollieClient, MolliePayment } from './mollie-client.ts'
import type { MollieAmount } from './mollie-money.ts'
import { fromMollie } from './mollie-money.ts'
import type { Period, ProviderTransaction, StatementLine } from './provider.ts'

/** How long an authorisation may last at Mollie, at the most (Klarna: 28 days), and a day for other zones. */
const longestAuthorisationMs = 29 * 24 * 3600_000

/** All that moved at Mollie in a period. Its lists begin with the newest: they are read until nothing can matter any more. */
export async function* listAtMollie(mollie: MollieClient, period: Period): AsyncGenerator<ProviderTransaction> {
  for await (const { _embedded: parts } of mollie.pages('payments')) {
    const payments = parts.payments ?? []
    for (const payment of payments) yield* within(period, movementsOf(payment))
    if (isBefore(payments, period.from - longestAuthorisationMs)) break
  }
  for (const [of, kind] of [
    ['refunds', 'refund'],
    ['chargebacks', 'dispute'],
  ] as const) {
    for await (const { _embedded: parts } of mollie.pages(of)) {
      const moved = parts[of] ?? []
      for (const each of moved) {
        const isOver = 'status' in each && (each.status === 'failed' || each.status === 'canceled')
        const about = { id: each.paymentId ?? '', metadata: null }
        if (!isOver) yield* within(period, describe(kind, about, each.amount, each.createdAt))
      }
      if (isBefore(moved, period.from)) break
    }
  }
}

/** What such a movement of a balance is, beside those of payments. Source: Mollie, List balance transactions. */
const statementKinds: Readonly<Record<string, StatementLine['kind']>> = {
  'outgoing-transfer': 'payout',
  'canceled-outgoing-transfer': 'payout',
  'returned-transfer': 'payout',
  'invoice-compensation': 'fee',
  'balance-correction': 'fee',
}

/** What Mollie deducted from each movement and settled by its invoices, and what it paid out, of each currency's balance. */
export async function* listStatementAtMollie(mollie: MollieClient, period: Period): AsyncGenerator<StatementLine> {
  const balances = await Array.fromAsync(mollie.pages('balances'))
  for (const { id } of balances.flatMap(({ _embedded: parts }) => parts.balances ?? [])) {
    for await (const { _embedded: parts } of mollie.pages(`balances/${id}/transactions`)) {
      const moved = parts.balance_transactions ?? []
      for (const each of moved) yield* linesOf(each).filter(({ at }) => at >= period.from && at < period.to)
      if (isBefore(moved, period.from)) break
    }
  }
}

function linesOf({
  id,
  type,
  resultAmount,
  deductions,
  context,
  createdAt,
}: MollieBalanceTransaction): StatementLine[] {
  const { currency } = resultAmount
  const about = { id, currency, at: Date.parse(createdAt), providerRef: paymentIn(context), paymentId: null }
  // What leaves the balance is below zero. What it comes to has the deductions in it already.
  const kind = statementKinds[type] ?? 'fee'
  const amount = statementKinds[type] === undefined ? deductions : resultAmount
  const amountMinor = amount ? -fromMollie(amount) : 0
  return amountMinor === 0 ? [] : [{ ...about, kind, amountMinor }]
}

/** The payment that a movement is about: told plainly, or below the name of its type. */
function paymentIn(context: MollieBalanceTransaction['context']): string | null {
  for (const each of [context, ...Object.values(context ?? {})]) {
    if (typeof each !== 'object' || each === null || !('paymentId' in each)) continue
    if (typeof each.paymentId === 'string') return each.paymentId
  }
  return null
}

function isBefore(things: readonly { readonly createdAt: string }[], ms: number): boolean {
  const last = things.at(-1)
  return last !== undefined && Date.parse(last.createdAt) < ms
}

function within({ from, to }: Period, moved: readonly ProviderTransaction[]): ProviderTransaction[] {
  return moved.filter(({ at, providerRef }) => at >= from && at < to && providerRef !== '')
}

function movementsOf(payment: MolliePayment): ProviderTransaction[] {
  const { amount, amountCaptured, authorizedAt, paidAt, canceledAt, expiredAt } = payment
  // What is captured at once was authorised at that moment, too.
  const authorised = authorizedAt ?? paidAt
  return [
    ...describe('authorisation', payment, amount, authorised),
    ...describe('capture', payment, amountCaptured ?? amount, paidAt),
    ...(authorised === null || authorised === undefined
      ? []
      : describe('void', payment, amount, canceledAt ?? expiredAt)),
  ]
}

function describe(
  kind: ProviderTransaction['kind'],
  { id, metadata }: Pick<MolliePayment, 'id' | 'metadata'>,
  amount: MollieAmount,
  moment: string | null | undefined,
): ProviderTransaction[] {
  if (moment === null || moment === undefined) return []
  const at = Date.parse(moment)
  const { currency } = amount
  const paymentId = metadata?.paymentId ?? null
  return [{ providerRef: id, paymentId, kind, amountMinor: fromMollie(amount), currency, at }]
}
