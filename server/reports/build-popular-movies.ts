import type { Grouping, PopularMovieRow, ReportTotal } from '../../contract/reports.ts'
import { factsFor } from './facts.ts'
import { groupKey } from './model.ts'
import type { ReportQuestion } from './model.ts'
import { groupLabels, movieNames } from './names.ts'
import { theatreIn } from './source.ts'
import type { Source } from './source.ts'
import { Sums, totalsOf } from './sums.ts'

/** Films by the tickets they sold, ranked within each group; a film shown in two currencies has a row for each, one rank. */
export async function buildPopularMovies(
  source: Source,
  question: ReportQuestion,
  groupBy: Grouping,
): Promise<{ rows: PopularMovieRow[]; totals: ReportTotal[] }> {
  const films = new Sums()
  const tickets = new Map<string, number>()
  const totals = new Sums()
  for await (const fact of factsFor(source, question)) {
    const key = groupKey(groupBy, fact, (id) => theatreIn(source, id))
    films.add([key, fact.movieId, fact.currency], fact)
    const name = rankName(groupBy, key, fact.movieId)
    tickets.set(name, (tickets.get(name) ?? 0) + fact.tickets)
    totals.add([fact.currency], fact)
  }
  const entries = films.entries()
  const names = await movieNames(
    source,
    entries.map(({ key }) => key[1] ?? ''),
  )
  const labelOf = await groupLabels(
    source,
    groupBy,
    entries.map(({ key }) => key[0] ?? ''),
  )
  const unranked = entries.map(({ key: [key = '', movieId = '', currency = ''], sum }) => ({
    key,
    label: labelOf(key),
    movieId,
    title: names.get(movieId)?.title ?? movieId,
    tickets: sum.tickets,
    bookings: sum.bookings,
    currency,
    gross: sum.gross,
    refunded: sum.refunded,
    net: sum.gross - sum.refunded,
  }))
  const sold = (row: { key: string; movieId: string }) => tickets.get(rankName(groupBy, row.key, row.movieId)) ?? 0
  return { rows: ranked(unranked, groupBy, sold), totals: totalsOf(totals) }
}

/** Grouped by film, all films compete; else those of a group. */
function rankName(groupBy: Grouping, key: string, movieId: string): string {
  return groupBy === 'movie' ? movieId : `${key}\n${movieId}`
}

function ranked(
  rows: readonly Omit<PopularMovieRow, 'rank'>[],
  groupBy: Grouping,
  sold: (row: Omit<PopularMovieRow, 'rank'>) => number,
): PopularMovieRow[] {
  const groupOf = (row: Omit<PopularMovieRow, 'rank'>) => (groupBy === 'movie' ? '' : row.key)
  const sorted = rows.toSorted(
    (one, other) =>
      compare(groupOf(one), groupOf(other)) ||
      sold(other) - sold(one) ||
      compare(one.title, other.title) ||
      compare(one.movieId, other.movieId) ||
      compare(one.currency, other.currency),
  )
  let rank = 0
  return sorted.map((row, at) => {
    const before = sorted[at - 1]
    if (!before || groupOf(before) !== groupOf(row)) rank = 1
    else if (before.movieId !== row.movieId) rank += 1
    return { ...row, rank }
  })
}

function compare(one: string, other: string): number {
  return one === other ? 0 : one < other ? -1 : 1
}
