import type { Basis, Grouping } from '../../contract/reports.ts'
import { addDays, dayOfWeek } from '../platform/time.ts'

export const reportNames = ['revenue', 'capacity', 'popular-movies', 'film-returns', 'ledger'] as const
export type ReportName = (typeof reportNames)[number]

/** What a report is about; days are business days, both ends included, null is open. */
export interface ReportQuestion {
  readonly from: string | null
  readonly to: string | null
  /** Null is every theatre. */
  readonly theatreIds: readonly string[] | null
  readonly basis: Basis
}

/** What a thread is asked to write. */
export interface ReportOrder {
  readonly name: ReportName
  readonly groupBy: Grouping | 'showtime'
  readonly format: 'json' | 'csv'
  readonly question: ReportQuestion
}

/** A theatre as reports need it: whose days and weeks count. */
export interface ReportTheatre {
  readonly id: string
  readonly name: string
  readonly timeZone: string
  readonly businessDayStartsAt: string
  readonly filmWeekStartsOn: string
}

const weekdays = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday']

/** The group that a day belongs to: itself, the first day of the theatre's film week, or a month. */
export function groupOfDay(
  groupBy: 'day' | 'week' | 'month',
  day: string,
  { filmWeekStartsOn }: Pick<ReportTheatre, 'filmWeekStartsOn'>,
): string {
  if (groupBy === 'day') return day
  return groupBy === 'month' ? day.slice(0, 7) : startOfWeek(day, filmWeekStartsOn)
}

/** The day on which the week of a day began; `weekday` is its first, in lower case. */
export function startOfWeek(date: string, weekday: string): string {
  const first = weekdays.indexOf(weekday) + 1
  return addDays(date, -((dayOfWeek(date) - first + 7) % 7))
}
