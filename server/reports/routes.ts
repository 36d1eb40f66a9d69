import type { Grouping, ReportQuery } from '../../contract/reports.ts'
import * as contract from '../../contract/reports.ts'
import { managedTheatres } from '../bookings/managed.ts'
import type { Database } from '../database/database.ts'
import { Pieces } from '../http/answer.ts'
import type { Caller } from '../http/caller.ts'
import type { Routes } from '../http/routes.ts'
import { isRefusal, refuseField } from '../platform/refusal.ts'
import type { Refusal } from '../platform/refusal.ts'
import { isDay } from '../platform/time.ts'
import type { ReportName, ReportOrder, ReportQuestion } from './model.ts'
import type { ReportDesk } from './report-desk.ts'

/** The reports of a house: owners of their theatres alone, administrators of everything. */
export function addReportRoutes(routes: Routes, database: Database, desk: ReportDesk): void {
  const answer = answerFrom(database, desk)
  routes.add(contract.reportRevenue, {
    patient: true,
    handle: ({ query, caller }) => answer(caller, query, { name: 'revenue', groupBy: 'day', basis: 'sale' }),
  })
  routes.add(contract.reportCapacity, {
    patient: true,
    handle: ({ query, caller }) => answer(caller, query, { name: 'capacity', groupBy: 'showtime', basis: 'show' }),
  })
  routes.add(contract.reportPopularMovies, {
    patient: true,
    handle: ({ query, caller }) => answer(caller, query, { name: 'popular-movies', groupBy: 'movie', basis: 'show' }),
  })
  routes.add(contract.reportFilmReturns, {
    patient: true,
    handle: ({ query, caller }) => answer(caller, query, { name: 'film-returns', groupBy: 'movie', basis: 'sale' }),
  })
  routes.add(contract.reportLedger, {
    patient: true,
    handle: ({ query, caller }) => answer(caller, query, { name: 'ledger', groupBy: 'theatre', basis: 'sale' }),
  })
}

/** A report, and what it is by default. */
interface Report {
  readonly name: ReportName
  readonly groupBy: Grouping | 'showtime'
  readonly basis: contract.Basis
}

const headersOf = {
  csv: (name: ReportName) => ({
    'content-type': 'text/csv; charset=utf-8; header=present',
    'content-disposition': `attachment; filename="${name}.csv"`,
  }),
  json: () => ({ 'content-type': 'application/json; charset=utf-8' }),
} satisfies Record<ReportOrder['format'], (name: ReportName) => Record<string, string>>

function answerFrom(database: Database, desk: ReportDesk) {
  return async (
    caller: Caller,
    query: ReportQuery,
    report: Report,
  ): Promise<Pieces | Refusal<'not_found' | 'forbidden' | 'validation_failed' | 'overloaded'>> => {
    const theatreIds = await managedTheatres(database, caller, query.theatreId)
    if (isRefusal(theatreIds)) return theatreIds
    const period = readDays(query)
    if (isRefusal(period)) return period
    const { basis = report.basis, format = 'json', groupBy = report.groupBy } = query
    const question = { ...period, theatreIds: theatreIds ?? null, basis }
    const pieces = await desk.order({ name: report.name, groupBy, format, question })
    if (isRefusal(pieces)) return pieces
    return new Pieces(pieces, { ...headersOf[format](report.name), 'cache-control': 'no-store' })
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
