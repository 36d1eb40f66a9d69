import { sql } from 'kysely'
import type { Grouping, PopularMovieRow } from '../../contract/reports.ts'
import { streamRows } from '../database/stream-rows.ts'
import { factsFor, sumColumns, withNames } from './facts.ts'
import type { ReportQuestion } from './model.ts'
import { groupLabels } from './names.ts'
import type { Source } from './source.ts'
import { Totals } from './sums.ts'
import type { Built } from './write.ts'

type Sold = Omit<PopularMovieRow, 'label' | 'rank' | 'net'>

/** Films by the tickets they sold, ranked within each group; a film shown in two currencies has a row for each, one rank. */
export async function buildPopularMovies(
  source: Source,
  question: ReportQuestion,
  groupBy: Grouping,
): Promise<Built<PopularMovieRow>> {
  const { names, rows: facts } = await factsFor(source, question, groupBy, { withMovie: true })
  const labelOf = await groupLabels(source, groupBy)
  const totals = new Totals()
  const rankOf = ranks()
  // Grouped by film, all films compete; else those of a group.
  const contest = groupBy === 'movie' ? sql`` : sql`key,`
  const statement = sql<Sold>`${withNames(names)}
    SELECT films.*, m.title FROM (
      SELECT key, movie_id, currency, ${sumColumns}, SUM(SUM(tickets)) OVER (PARTITION BY key, movie_id) AS sold
      FROM (${facts}) AS facts GROUP BY key, movie_id, currency
    ) AS films JOIN movies AS m ON m.id = films.movie_id
    ORDER BY ${contest} sold DESC, m.title, movie_id, currency`
  async function* rows(): AsyncGenerator<PopularMovieRow[]> {
    for await (const part of streamRows(source.query, statement)) {
      for (const row of part) totals.add(row)
      yield part.map(({ key, movieId, title, tickets, bookings, currency, gross, refunded }) => ({
        key,
        label: labelOf(key),
        rank: rankOf(groupBy === 'movie' ? '' : key, movieId),
        movieId,
        title,
        tickets,
        bookings,
        currency,
        gross,
        refunded,
        net: gross - refunded,
      }))
    }
  }
  return { rows: rows(), totals: async () => totals.list() }
}

/** Counts films while they pass by in their order, anew in each contest. */
function ranks(): (contest: string, movieId: string) => number {
  let before: { readonly contest: string; readonly movieId: string } | null = null
  let rank = 0
  return (contest, movieId) => {
    if (before?.contest !== contest) rank = 1
    else if (before.movieId !== movieId) rank += 1
    before = { contest, movieId }
    return rank
  }
}
