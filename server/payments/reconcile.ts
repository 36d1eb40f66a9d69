import { sql } from 'kysely'
import type { Database } from '../database/database.ts'
import { must } from '../platform/assert.ts'
import { bookStatement } from './book-statement.ts'
import type { StatementPair } from './book-statement.ts'
import type { PaymentProvider, Period, ProviderTransaction, StatementLine } from './provider.ts'
import type { Providers } from './providers.ts'

const kinds = ['authorisation', 'capture', 'refund', 'dispute'] as const
type Kind = (typeof kinds)[number]

/** What moved for a payment in one way, minor units. */
export interface Moved {
  readonly amountMinor: number
  readonly currency: string
}

/** Something that our books and a provider's list do not agree on. */
export interface Difference {
  readonly provider: string
  /** Ours; null: nobody told the provider, and we do not know it. */
  readonly paymentId: string | null
  /** What the provider calls the payment, or the line of its statement. */
  readonly providerRef: string
  readonly kind: Kind | StatementLine['kind']
  readonly problem: 'only_here' | 'only_there' | 'amount' | 'currency' | 'state'
  readonly here: Moved | null
  readonly there: Moved | null
  /** Milliseconds since the epoch. */
  readonly at: number
}

export interface ReconciledSum {
  readonly provider: string
  readonly kind: Kind | StatementLine['kind']
  readonly currency: string
  readonly hereMinor: number
  readonly thereMinor: number
}

export interface Reconciliation extends Period {
  readonly sums: readonly ReconciledSum[]
  readonly differences: readonly Difference[]
}

/** The two clocks are not one: what moved so shortly before or after the period may stand on its other side there. */
const slackMs = 3600_000

/**
 * Compares the ledger of money with what the providers list for a period: what stands on one side only, other amounts and
 * currencies, and money that we count on and the provider has let go. Books what they kept and paid out by their statements, and
 * changes nothing else. Throws `ProviderError` when a provider cannot be asked.
 */
export async function reconcile(database: Database, providers: Providers, period: Period): Promise<Reconciliation> {
  const sums: ReconciledSum[] = []
  const differences: Difference[] = []
  for (const provider of providers.values()) {
    const found = await reconcileOne(database, provider, period)
    const statement = await bookStatement(database, provider, period)
    sums.push(...found.sums, ...statementSums(provider.name, statement))
    differences.push(...found.differences, ...statement.flatMap((pair) => statementDifference(pair)))
  }
  return { ...period, sums, differences }
}

interface Side {
  readonly amounts: Map<Kind, { amountMinor: number; currency: string; at: number }>
  isReleased: boolean
}

interface Pair {
  readonly paymentId: string | null
  readonly providerRef: string
  readonly here: Side
  readonly there: Side
}

async function reconcileOne(database: Database, provider: PaymentProvider, period: Period) {
  const wide = { from: period.from - slackMs, to: period.to + slackMs }
  const pairs = new Map<string, Pair>()
  for (const row of await readBooks(database, provider.name, wide)) {
    note(pairOf(pairs, row.paymentId, row.providerRef).here, row.kind, row)
  }
  const names = await namesOf(database, provider, wide)
  for (const moved of names.moved) {
    const paymentId = moved.paymentId ?? names.byReference.get(moved.providerRef) ?? null
    note(pairOf(pairs, paymentId, moved.providerRef).there, moved.kind, moved)
  }
  const isAsked = (at: number) => at >= period.from && at < period.to
  const differences = [...pairs.values()].flatMap((pair) =>
    differencesOf(provider.name, pair).filter(({ at }) => isAsked(at)),
  )
  return { differences, sums: sumsOf(provider.name, [...pairs.values()], isAsked) }
}

function pairOf(pairs: Map<string, Pair>, paymentId: string | null, providerRef: string): Pair {
  const side = (): Side => ({ amounts: new Map(), isReleased: false })
  return pairs.getOrInsertComputed(paymentId ?? `at the provider: ${providerRef}`, () => ({
    paymentId,
    providerRef,
    here: side(),
    there: side(),
  }))
}

function note(side: Side, kind: Kind | 'void', { amountMinor, currency, at }: Moved & { readonly at: number }): void {
  if (kind === 'void') {
    side.isReleased = true
    return
  }
  const before = side.amounts.get(kind)
  side.amounts.set(kind, { amountMinor: (before?.amountMinor ?? 0) + amountMinor, currency, at: before?.at ?? at })
}

interface Booked extends Moved {
  readonly paymentId: string
  readonly providerRef: string
  readonly kind: Kind | 'void'
  readonly at: number
}

/** What our books say of a provider's payments in a period. Of the test provider, our id is the name. */
async function readBooks(database: Database, name: string, { from, to }: Period): Promise<readonly Booked[]> {
  const asked = sql`m.at >= ${from} AND m.at < ${to} AND p.provider = ${name}`
  const columns = sql`p.id AS payment_id, COALESCE(p.provider_reference, p.id) AS provider_ref, m.amount AS amount_minor, m.currency, m.at`
  const { rows } = await sql<Booked>`
    SELECT CASE m.fact WHEN 'authorised' THEN 'authorisation' WHEN 'captured' THEN 'capture' ELSE 'void' END AS kind, ${columns}
    FROM money_postings AS m JOIN payments AS p ON p.id = m.fact_id
    WHERE m.fact IN ('authorised', 'captured', 'released') AND ${asked}
    UNION ALL SELECT CASE m.credit WHEN 'promised' THEN 'void' ELSE 'refund' END, ${columns}
    FROM money_postings AS m JOIN refunds AS r ON r.id = m.fact_id JOIN payments AS p ON p.id = r.payment_id
    WHERE m.fact = 'refund_paid' AND ${asked}
    UNION ALL SELECT 'dispute', ${columns}
    FROM money_postings AS m JOIN payment_disputes AS d ON d.provider_reference = m.fact_id
      JOIN payments AS p ON p.id = d.payment_id AND p.booking_id = m.subject_id
    WHERE m.fact = 'dispute_opened' AND ${asked}`.execute(database.read)
  return rows
}

const referencesAtOnce = 500

/** What a provider lists, and which of our payments are meant where it was not told our ids. */
async function namesOf(database: Database, provider: PaymentProvider, period: Period) {
  const moved: ProviderTransaction[] = await Array.fromAsync(provider.listTransactions(period))
  const unknown = [...new Set(moved.filter((one) => one.paymentId === null).map(({ providerRef }) => providerRef))]
  const byReference = new Map<string, string>()
  for (let start = 0; start < unknown.length; start += referencesAtOnce) {
    const rows = await database.read
      .selectFrom('payments')
      .select(['id', 'providerReference'])
      .where('provider', '=', provider.name)
      .where('providerReference', 'in', unknown.slice(start, start + referencesAtOnce))
      .execute()
    for (const { id, providerReference } of rows) byReference.set(must(providerReference, 'It was asked for'), id)
  }
  return { moved, byReference }
}

function differencesOf(provider: string, pair: Pair): Difference[] {
  const { paymentId, providerRef, here, there } = pair
  if (cameToNothing(pair)) return []
  return kinds.flatMap((kind): Difference[] => {
    const [mine, theirs] = [here.amounts.get(kind) ?? null, there.amounts.get(kind) ?? null]
    const problem = problemOf(pair, kind)
    if (problem === null) return []
    const plain = (one: typeof mine) => one && { amountMinor: one.amountMinor, currency: one.currency }
    const at = (mine ?? must(theirs, 'One side has it')).at
    return [{ provider, paymentId, providerRef, kind, problem, here: plain(mine), there: plain(theirs), at }]
  })
}

function problemOf({ here, there }: Pair, kind: Kind): Difference['problem'] | null {
  const [mine, theirs] = [here.amounts.get(kind), there.amounts.get(kind)]
  if (mine === undefined && theirs === undefined) return null
  if (mine === undefined) return 'only_there'
  if (theirs === undefined) return 'only_here'
  if (mine.currency !== theirs.currency) return 'currency'
  if (mine.amountMinor !== theirs.amountMinor) return 'amount'
  // The provider has let an authorisation go that we count on.
  const isGone = kind === 'authorisation' && there.isReleased && !there.amounts.has('capture')
  return isGone && !here.isReleased ? 'state' : null
}

/** Money that came too late is let go, or given back whole: it never was in the books, and nobody has it. */
function cameToNothing({ here, there }: Pair): boolean {
  if (here.amounts.size > 0 || there.amounts.has('dispute')) return false
  const captured = there.amounts.get('capture')
  if (!captured) return there.isReleased && !there.amounts.has('refund')
  return captured.amountMinor === there.amounts.get('refund')?.amountMinor
}

function sumsOf(provider: string, pairs: readonly Pair[], isAsked: (at: number) => boolean): ReconciledSum[] {
  const sums = new Map<string, { kind: Kind; currency: string; hereMinor: number; thereMinor: number }>()
  for (const pair of pairs) {
    for (const side of ['here', 'there'] as const) {
      for (const [kind, { amountMinor, currency, at }] of pair[side].amounts) {
        if (!isAsked(at)) continue
        const sum = sums.getOrInsertComputed(`${kind} ${currency}`, () => ({
          kind,
          currency,
          hereMinor: 0,
          thereMinor: 0,
        }))
        sum[`${side}Minor`] += amountMinor
      }
    }
  }
  return [...sums.values()]
    .map((sum) => ({ provider, ...sum }))
    .toSorted((one, other) => kinds.indexOf(one.kind) - kinds.indexOf(other.kind))
}

/** What is in the books of a line that the provider tells differently now, or not at all. */
function statementDifference({ here, there }: StatementPair): Difference[] {
  const { provider, lineId: providerRef, kind, paymentId, amount, currency, at } = here
  const theirs = there && { amountMinor: there.amountMinor, currency: there.currency }
  if (theirs?.amountMinor === amount && theirs.currency === currency) return []
  const problem = theirs === null ? 'only_here' : theirs.currency === currency ? 'amount' : 'currency'
  const mine = { amountMinor: amount, currency }
  return [{ provider, paymentId, providerRef, kind, problem, here: mine, there: theirs, at }]
}

function statementSums(provider: string, pairs: readonly StatementPair[]): ReconciledSum[] {
  const groups = Map.groupBy(pairs, ({ here: { kind, currency } }) => `${kind} ${currency}`)
  return [...groups.values()].flatMap((group) => {
    const [first] = group
    if (!first) return []
    const { kind, currency } = first.here
    const hereMinor = group.reduce((sum, { here }) => sum + here.amount, 0)
    const thereMinor = group.reduce((sum, { there }) => sum + (there?.amountMinor ?? 0), 0)
    return [{ provider, kind, currency, hereMinor, thereMinor }]
  })
}
