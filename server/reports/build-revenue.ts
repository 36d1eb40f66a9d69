import type { Grouping, ReportTotal, RevenueRow } from '../../contract/reports.ts'
import { factsFor } from './facts.ts'
import { groupKey } from './model.ts'
import type { ReportQuestion } from './model.ts'
import { groupLabels } from './names.ts'
import { theatreIn } from './source.ts'
import type { Source } from './source.ts'
import { Sums, totalsOf } from './sums.ts'

/** Money by group and currency, in the order of the groups' keys. */
export async function buildRevenue(
  source: Source,
  question: ReportQuestion,
  groupBy: Grouping,
): Promise<{ rows: RevenueRow[]; totals: ReportTotal[] }> {
  const groups = new Sums()
  const totals = new Sums()
  for await (const fact of factsFor(source, question)) {
    groups.add([groupKey(groupBy, fact, (id) => theatreIn(source, id)), fact.currency], fact)
    totals.add([fact.currency], fact)
  }
  const entries = groups.entries()
  const labelOf = await groupLabels(
    source,
    groupBy,
    entries.map(({ key: [key = ''] }) => key),
  )
  const rows = entries.map(({ key: [key = '', currency = ''], sum }) => ({
    key,
    label: labelOf(key),
    currency,
    gross: sum.gross,
    refunded: sum.refunded,
    net: sum.gross - sum.refunded,
    tickets: sum.tickets,
    bookings: sum.bookings,
  }))
  return { rows, totals: totalsOf(totals) }
}
