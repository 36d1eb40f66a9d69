import { bases, groupings } from '../../../contract/reports.ts'
import type { Basis, Grouping } from '../../../contract/reports.ts'
import type { Period } from './period.ts'

export const reportNames = ['revenue', 'capacity', 'popular-movies', 'film-returns'] as const
export type ReportName = (typeof reportNames)[number]

/** What a report can be grouped by, the usual first. */
export const groupingsOf: Readonly<Record<ReportName, readonly Grouping[]>> = {
  revenue: ['day', 'week', 'month', 'movie', 'auditorium'],
  capacity: ['day', 'week', 'month', 'movie', 'auditorium'],
  'popular-movies': ['movie', 'day', 'week', 'month'],
  'film-returns': ['week', 'day', 'month', 'movie'],
}
const usualBasis: Readonly<Record<ReportName, Basis>> = {
  revenue: 'sale',
  capacity: 'show',
  'popular-movies': 'show',
  'film-returns': 'show',
}

export interface Asked extends Period {
  readonly groupBy: Grouping
  readonly basis: Basis
}

const day = /^\d{4}-\d{2}-\d{2}$/

/** Reads what an address asks for; what it does not say, or says wrongly, is as usual. */
export function queryOf(name: ReportName, search: URLSearchParams, usual: Period): Asked & Record<string, string> {
  const dayOf = (key: 'from' | 'to') => {
    const text = search.get(key) ?? ''
    return day.test(text) ? text : usual[key]
  }
  const grouping = groupings.find((one) => one === search.get('groupBy'))
  const basis = bases.find((one) => one === search.get('basis')) ?? usualBasis[name]
  const [from, to] = [dayOf('from'), dayOf('to')].toSorted()
  const allowed = groupingsOf[name]
  const groupBy = grouping && allowed.includes(grouping) ? grouping : (allowed[0] ?? 'day')
  return { from: from ?? usual.from, to: to ?? usual.to, groupBy, basis }
}
