import type { Database, Transaction } from '../database/database.ts'
import { inChunks } from '../database/chunks.ts'
import type { ProviderStatementLineRow } from '../database/tables/money-ledger.ts'
import type { PaymentRow } from '../database/tables/money.ts'
import { statementLine } from '../money-ledger/model.ts'
import { post } from '../money-ledger/post.ts'
import type { PaymentProvider, Period, StatementLine } from './provider.ts'

/** Who tells what it kept and paid out. */
export type StatementSource = Pick<PaymentProvider, 'name' | 'listStatement'>

/** A line may appear in a provider's list later than its own time says. */
const latenessMs = 2 * 24 * 3600_000

/** A line of a statement, as the books and the provider have it. */
export interface StatementPair {
  readonly here: ProviderStatementLineRow
  readonly there: StatementLine | null
}

/**
 * Reads a provider's statement of a period, and of the days before it, and books each line that the books do not have: what
 * it kept as a fee, what it paid out as money in the bank. A line is booked once, by the provider's name of it, whoever reads
 * it again at the same time. Answers the lines of the period; none where the provider does not tell. Throws `ProviderError`.
 */
export async function bookStatement(
  database: Database,
  { name, listStatement }: StatementSource,
  { from, to }: Period,
): Promise<readonly StatementPair[]> {
  if (listStatement === null) return []
  const told = await Array.fromAsync(listStatement({ from: from - latenessMs, to }))
  // A list that grows while its pages are turned has a line twice.
  const there = new Map(told.map((line) => [keyOf(line), line]))
  await inChunks([...there.values()], async (lines) => {
    await database.write(async (tx) => await bookLines(tx, name, lines))
    return []
  })
  const rows = await database.read
    .selectFrom('providerStatementLines')
    .selectAll()
    .where('provider', '=', name)
    .where('at', '>=', from)
    .where('at', '<', to)
    .orderBy('at')
    .orderBy('lineId')
    .orderBy('kind')
    .execute()
  return rows.map((here) => ({ here, there: there.get(keyOf({ id: here.lineId, kind: here.kind })) ?? null }))
}

function keyOf({ id, kind }: Pick<StatementLine, 'id' | 'kind'>): string {
  return `${kind} ${id}`
}

async function bookLines(
  tx: Transaction,
  provider: PaymentProvider['name'],
  lines: readonly StatementLine[],
): Promise<void> {
  const payments = await paymentsIn(tx, provider, lines)
  const paymentOf = ({ paymentId, providerRef }: StatementLine) =>
    payments.find(({ id }) => id === paymentId) ??
    payments.find(({ providerReference }) => providerReference !== null && providerReference === providerRef)
  const rows = lines.map((line): ProviderStatementLineRow => {
    const { id: lineId, kind, amountMinor: amount, currency, at } = line
    return { provider, lineId, kind, paymentId: paymentOf(line)?.id ?? null, amount, currency, at }
  })
  const added = await tx.query
    .insertInto('providerStatementLines')
    .values(rows)
    .onConflict((conflict) => conflict.doNothing())
    .returningAll()
    .execute()
  const postings = added.flatMap((row) => statementLine(row, payments.find(({ id }) => id === row.paymentId) ?? null))
  post(tx, postings)
}

type KnownPayment = Pick<PaymentRow, 'id' | 'bookingId' | 'theatreId' | 'providerReference'>

/** Our payments that lines are about: a provider may serve other houses, too. */
async function paymentsIn(
  { query }: Transaction,
  provider: PaymentProvider['name'],
  lines: readonly StatementLine[],
): Promise<KnownPayment[]> {
  const ids = lines.flatMap(({ paymentId }) => paymentId ?? [])
  const references = lines.flatMap(({ providerRef }) => providerRef ?? [])
  return await query
    .selectFrom('payments')
    .select(['id', 'bookingId', 'theatreId', 'providerReference'])
    .where('provider', '=', provider)
    .where((where) =>
      where.or([
        ...(ids.length > 0 ? [where('id', 'in', ids)] : []),
        ...(references.length > 0 ? [where('providerReference', 'in', references)] : []),
      ]),
    )
    .execute()
}
