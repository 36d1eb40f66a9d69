import type { FilmReturnRow, Grouping, ReportTotal } from '../../contract/reports.ts'
import { admissionsFor, factsFor } from './facts.ts'
import { groupKey } from './model.ts'
import type { ReportQuestion } from './model.ts'
import { groupLabels, movieNames } from './names.ts'
import { theatreIn } from './source.ts'
import type { Source } from './source.ts'
import { Sums, totalsOf } from './sums.ts'

interface Line {
  readonly key: string
  readonly movieId: string
  readonly ticketType: string
  readonly price: number
  readonly currency: string
  admissions: number
  tax: number
}

/**
 * Admissions and gross by film, ticket type and price: tickets that stand, at what they were sold for, without fees. The
 * totals are the money of the same period, so that a return can be held against the till.
 */
export async function buildFilmReturns(
  source: Source,
  question: ReportQuestion,
  groupBy: Grouping,
): Promise<{ rows: FilmReturnRow[]; totals: ReportTotal[] }> {
  const lines = new Map<string, Line>()
  for await (const fact of admissionsFor(source, question)) {
    const { movieId, ticketType, price, currency } = fact
    const key = groupKey(groupBy, fact, (id) => theatreIn(source, id))
    const name = [key, movieId, currency, ticketType, String(price).padStart(12, '0')].join('\n')
    let line = lines.get(name)
    if (!line) lines.set(name, (line = { key, movieId, ticketType, price, currency, admissions: 0, tax: 0 }))
    line.admissions += fact.admissions
    line.tax += fact.tax
  }
  const totals = new Sums()
  for await (const fact of factsFor(source, question)) totals.add([fact.currency], fact)
  const sorted = [...lines.entries()].toSorted(([one], [other]) => (one < other ? -1 : 1)).map(([, line]) => line)
  const names = await movieNames(
    source,
    sorted.map(({ movieId }) => movieId),
  )
  const labelOf = await groupLabels(
    source,
    groupBy,
    sorted.map(({ key }) => key),
  )
  const rows = sorted.map(({ key, movieId, ticketType, price, currency, admissions, tax }) => ({
    key,
    label: labelOf(key),
    movieId,
    title: names.get(movieId)?.title ?? movieId,
    distributor: names.get(movieId)?.distributor ?? null,
    ticketType,
    price,
    currency,
    admissions,
    gross: price * admissions,
    tax,
  }))
  return { rows, totals: totalsOf(totals) }
}
