import { sql } from 'kysely'
import type { Grouping, RevenueRow } from '../../contract/reports.ts'
import { streamRows } from '../database/stream-rows.ts'
import { factsFor, sumColumns, withNames } from './facts.ts'
import type { ReportQuestion } from './model.ts'
import { groupLabels } from './names.ts'
import type { Source } from './source.ts'
import { Totals } from './sums.ts'
import type { Built } from './write.ts'

/** Money by group and currency, in the order of the groups' keys. */
export async function buildRevenue(
  source: Source,
  question: ReportQuestion,
  groupBy: Grouping,
): Promise<Built<RevenueRow>> {
  const { names, rows: facts } = await factsFor(source, question, groupBy)
  const labelOf = await groupLabels(source, groupBy)
  const totals = new Totals()
  const statement = sql<Omit<RevenueRow, 'label' | 'net'>>`${withNames(names)}
    SELECT key, currency, ${sumColumns} FROM (${facts}) AS facts GROUP BY key, currency ORDER BY key, currency`
  async function* rows(): AsyncGenerator<RevenueRow[]> {
    for await (const part of streamRows(source.query, statement)) {
      for (const row of part) totals.add(row)
      yield part.map(({ key, currency, gross, refunded, tickets, bookings }) => {
        const money = { currency, gross, refunded, net: gross - refunded }
        return { key, label: labelOf(key), ...money, tickets, bookings }
      })
    }
  }
  return { rows: rows(), totals: async () => totals.list() }
}
