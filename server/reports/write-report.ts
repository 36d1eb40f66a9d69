import type { Database } from '../database/database.ts'
import { buildCapacity } from './build-capacity.ts'
import { buildFilmReturns } from './build-film-returns.ts'
import { buildLedger } from './build-ledger.ts'
import { buildPopularMovies } from './build-popular-movies.ts'
import { buildRevenue } from './build-revenue.ts'
import type { ReportOrder } from './model.ts'
import { sourceOf } from './source.ts'
import type { Source } from './source.ts'
import {
  capacityColumns,
  filmReturnColumns,
  ledgerColumns,
  popularMovieColumns,
  revenueColumns,
  writeCsv,
  writeJson,
} from './write.ts'
import type { Built, Columns } from './write.ts'

/**
 * Writes a report from one snapshot, piece by piece: `take` is given each piece of the document and is waited for, so that
 * no more of a long report is in memory than its reader is behind.
 */
export async function writeReport(
  database: Database,
  order: ReportOrder,
  take: (text: string) => Promise<void>,
): Promise<void> {
  await database.snapshot(async (query) => {
    const source = await sourceOf(database.engine, query)
    for await (const text of textOf(source, order)) await take(text)
  })
}

async function* textOf(source: Source, order: ReportOrder): AsyncGenerator<string> {
  const { question, name } = order
  const { groupBy } = order
  if (name === 'capacity') {
    yield* document(order, capacityColumns, await orNothing(order, () => buildCapacity(source, question, groupBy)))
    return
  }
  if (name === 'ledger') {
    yield* document(order, ledgerColumns, await orNothing(order, async () => buildLedger(source, question)))
    return
  }
  // Only capacity tells each showtime.
  const group = groupBy === 'showtime' ? 'day' : groupBy
  if (name === 'revenue') {
    yield* document(order, revenueColumns, await orNothing(order, () => buildRevenue(source, question, group)))
  } else if (name === 'popular-movies') {
    const built = await orNothing(order, () => buildPopularMovies(source, question, group))
    yield* document(order, popularMovieColumns, built)
  } else {
    yield* document(order, filmReturnColumns, await orNothing(order, () => buildFilmReturns(source, question, group)))
  }
}

/** Whoever has no theatre gets a report of nothing. */
async function orNothing<Row>({ question }: ReportOrder, build: () => Promise<Built<Row>>): Promise<Built<Row>> {
  return question.theatreIds?.length === 0 ? { rows: none(), totals: async () => [] } : await build()
}

async function* none(): AsyncGenerator<never> {}

function document<Row>(
  { format, groupBy, question }: ReportOrder,
  columns: Columns<Row>,
  built: Built<Row>,
): AsyncGenerator<string> {
  const { from, to, basis } = question
  return format === 'csv' ? writeCsv(columns, built) : writeJson(built, { from, to, groupBy, basis })
}
