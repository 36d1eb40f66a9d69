import type { Grouping, ReportQuery, ReportTotal } from '../../contract/reports.ts'
import * as contract from '../../contract/reports.ts'
import { managedTheatres } from '../bookings/managed.ts'
import type { Database } from '../database/database.ts'
import type { Bytes } from '../http/answer.ts'
import type { Caller } from '../http/caller.ts'
import type { Routes } from '../http/routes.ts'
import { isRefusal, refuseField } from '../platform/refusal.ts'
import type { Refusal } from '../platform/refusal.ts'
import { isDay } from '../platform/time.ts'
import { buildCapacity } from './build-capacity.ts'
import { buildFilmReturns } from './build-film-returns.ts'
import { buildPopularMovies } from './build-popular-movies.ts'
import { buildRevenue } from './build-revenue.ts'
import type { ReportQuestion } from './model.ts'
import { fromSnapshot } from './source.ts'
import type { Source } from './source.ts'
import {
  capacityColumns,
  filmReturnColumns,
  popularMovieColumns,
  revenueColumns,
  writeCsv,
  writeJson,
} from './write.ts'
import type { Columns } from './write.ts'

/** The reports of a house: owners of their theatres alone, administrators of everything. */
export function addReportRoutes(routes: Routes, database: Database): void {
  const answer = answerFrom(database)
  routes.add(contract.reportRevenue, {
    handle: ({ query, caller }) =>
      answer(caller, query, {
        name: 'revenue',
        groupBy: 'day',
        basis: 'sale',
        build: buildRevenue,
        columns: revenueColumns,
      }),
  })
  routes.add(contract.reportCapacity, {
    handle: ({ query, caller }) =>
      answer(caller, query, {
        name: 'capacity',
        groupBy: 'showtime',
        basis: 'show',
        build: buildCapacity,
        columns: capacityColumns,
      }),
  })
  routes.add(contract.reportPopularMovies, {
    handle: ({ query, caller }) =>
      answer(caller, query, {
        name: 'popular-movies',
        groupBy: 'movie',
        basis: 'show',
        build: buildPopularMovies,
        columns: popularMovieColumns,
      }),
  })
  routes.add(contract.reportFilmReturns, {
    handle: ({ query, caller }) =>
      answer(caller, query, {
        name: 'film-returns',
        groupBy: 'movie',
        basis: 'sale',
        build: buildFilmReturns,
        columns: filmReturnColumns,
      }),
  })
}

interface Report<Row, Groups extends Grouping | 'showtime'> {
  readonly name: string
  /** The defaults. */
  readonly groupBy: Groups
  readonly basis: contract.Basis
  readonly build: (
    source: Source,
    question: ReportQuestion,
    groupBy: Groups | Grouping,
  ) => Promise<{ rows: Row[]; totals: ReportTotal[] }>
  readonly columns: Columns<Row>
}

function answerFrom(database: Database) {
  return async <Row, Groups extends Grouping | 'showtime'>(
    caller: Caller,
    query: ReportQuery,
    report: Report<Row, Groups>,
  ): Promise<Bytes | Refusal<'not_found' | 'forbidden' | 'validation_failed'>> => {
    const theatreIds = await managedTheatres(database, caller, query.theatreId)
    if (isRefusal(theatreIds)) return theatreIds
    const period = readDays(query)
    if (isRefusal(period)) return period
    const { basis = report.basis, format = 'json' } = query
    const groupBy: Groups | Grouping = query.groupBy ?? report.groupBy
    const question = { ...period, theatreIds, basis }
    const { rows, totals } = await fromSnapshot(database, (source) => report.build(source, question, groupBy))
    if (format === 'csv') return await writeCsv(report.name, report.columns, rows)
    return await writeJson(rows, { totals, from: period.from, to: period.to, groupBy, basis })
  }
}

function readDays(query: ReportQuery): Pick<ReportQuestion, 'from' | 'to'> | Refusal<'validation_failed'> {
  const from = query.from ?? null
  const to = query.to ?? null
  if (from !== null && !isDay(from)) return refuseField('/from', 'must be a day like 2026-12-24')
  if (to !== null && !isDay(to)) return refuseField('/to', 'must be a day like 2026-12-24')
  if (from !== null && to !== null && to < from) return refuseField('/to', 'must not be before from')
  return { from, to }
}
