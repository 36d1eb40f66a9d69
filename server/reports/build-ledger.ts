import { sql } from 'kysely'
import type { LedgerRow, LedgerTotal } from '../../contract/reports.ts'
import { accounts } from '../money-ledger/model.ts'
import { businessDayRange } from '../platform/time.ts'
import { must } from '../platform/assert.ts'
import { given } from './fragments.ts'
import type { ReportQuestion, ReportTheatre } from './model.ts'
import { askedTheatres } from './source.ts'
import type { Source } from './source.ts'
import type { Built } from './write.ts'

interface Moved extends Pick<LedgerRow, 'account' | 'currency' | 'opening' | 'debit' | 'credit'> {
  readonly place: string
}

/** A theatre, or what belongs to none. */
interface Place extends Pick<ReportTheatre, 'name' | 'timeZone' | 'businessDayStartsAt'> {
  readonly id: string | null
}

/** Its days are those of UTC. */
const noTheatre: Place = { id: null, name: '', timeZone: 'UTC', businessDayStartsAt: '00:00' }

/**
 * The books of a period: of each theatre, what stood on every account before it, what moved, and what stands there after it.
 * A posting has both of its sides in one place, so each place adds up to zero by itself. Vouchers belong to no theatre: who
 * asks for all of them is told of those last.
 */
export function buildLedger(source: Source, question: ReportQuestion): Built<LedgerRow> {
  const places = [...askedTheatres(source, question), ...(question.theatreIds === null ? [noTheatre] : [])]
  const totals = new Map<string, LedgerTotal>()
  async function* rows(): AsyncGenerator<LedgerRow[]> {
    const all = Map.groupBy(await readAccounts(source, places, question), ({ place }) => place)
    for (const place of places) {
      const moved = (all.get(place.id ?? '') ?? []).toSorted(byChart)
      for (const { currency, debit, credit } of moved) {
        const total = totals.getOrInsertComputed(currency, () => ({ currency, debit: 0, credit: 0 }))
        total.debit += debit
        total.credit += credit
      }
      yield moved.map((one) => rowOf(place, one))
    }
  }
  const byCurrency = () => [...totals.values()].toSorted((one, other) => (one.currency < other.currency ? -1 : 1))
  return { rows: rows(), totals: async () => byCurrency() }
}

const chart = new Map(Object.entries(accounts).map(([name, { kind }], index) => [name, { kind, index }]))
const inChart = (account: string) => must(chart.get(account), 'Every posting is between accounts of the chart')

function byChart(one: Moved, other: Moved): number {
  return inChart(one.account).index - inChart(other.account).index || (one.currency < other.currency ? -1 : 1)
}

function rowOf({ id, name }: Place, { account, currency, opening, debit, credit }: Moved): LedgerRow {
  const { kind } = inChart(account)
  const closing = opening + debit - credit
  return { key: id ?? '', label: name, theatreId: id, account, kind, currency, opening, debit, credit, closing }
}

/** All in one reading of the ledger, however many theatres there are. */
async function readAccounts(
  { engine, query }: Source,
  places: readonly Place[],
  { from, to }: ReportQuestion,
): Promise<readonly Moved[]> {
  const asked = places.map(({ id, timeZone, businessDayStartsAt }) => {
    const rangeOf = (day: string) => businessDayRange(day, timeZone, businessDayStartsAt)
    const from_ms = from === null ? 0 : rangeOf(from).fromMs
    return { place: id ?? '', from_ms, before_ms: to === null ? Number.MAX_SAFE_INTEGER : rangeOf(to).toMs }
  })
  const sumOf = (amount: string, is: string) =>
    sql.raw(`CAST(SUM(CASE WHEN at ${is} from_ms THEN ${amount} ELSE 0 END) AS BIGINT)`)
  const { rows } = await sql<Moved>`
    WITH ${given(engine, 'places', { place: 'text', from_ms: 'bigint', before_ms: 'bigint' }, asked)},
    sides AS (
      SELECT COALESCE(theatre_id, '') AS place, debit AS account, currency, at, amount AS debit, 0 AS credit FROM money_postings
      UNION ALL SELECT COALESCE(theatre_id, ''), credit, currency, at, 0, amount FROM money_postings
    )
    SELECT p.place, account, currency, ${sumOf('debit - credit', '<')} AS opening,
      ${sumOf('debit', '>=')} AS debit, ${sumOf('credit', '>=')} AS credit
    FROM sides AS s JOIN places AS p ON p.place = s.place WHERE at < before_ms
    GROUP BY p.place, account, currency`.execute(query)
  return rows
}
