import type { Basis, Grouping } from '../../contract/reports.ts'
import { addDays, dayOfWeek } from '../platform/time.ts'

/** What a report is about; days are business days, both ends included, null is open. */
export interface ReportQuestion {
  readonly from: string | null
  readonly to: string | null
  /** Undefined is every theatre. */
  readonly theatreIds: readonly string[] | undefined
  readonly basis: Basis
}

/** A theatre as reports need it: whose days and weeks count. */
export interface ReportTheatre {
  readonly id: string
  readonly name: string
  readonly timeZone: string
  readonly businessDayStartsAt: string
  readonly filmWeekStartsOn: string
}

/** Something that was sold or given back, summed as far as its day and showtime. Sums are minor units. */
export interface Fact {
  readonly theatreId: string
  readonly auditoriumId: string
  readonly movieId: string
  readonly showtimeId: string
  /** The business day it counts for. */
  readonly date: string
  readonly currency: string
  readonly gross: number
  readonly refunded: number
  readonly tickets: number
  readonly bookings: number
}

/** Tickets of one kind and price that were sold for a showtime. */
export interface AdmissionFact {
  readonly theatreId: string
  readonly auditoriumId: string
  readonly movieId: string
  readonly showtimeId: string
  readonly date: string
  readonly currency: string
  readonly ticketType: string
  /** Minor units, after discounts, without fees; 0 for complimentary tickets. */
  readonly price: number
  readonly admissions: number
  /** Minor units. */
  readonly tax: number
}

/** A showtime as reports show it. */
export interface ReportShowtime {
  readonly id: string
  readonly theatreId: string
  readonly auditoriumId: string
  readonly movieId: string
  readonly startsAt: number
  readonly businessDate: string
  readonly timeZone: string
  readonly currency: string
  readonly capacity: number
  readonly status: 'draft' | 'scheduled' | 'cancelled'
}

const weekdays = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday']

type Placed = Pick<Fact, 'theatreId' | 'auditoriumId' | 'movieId' | 'date'>

/** The group that something belongs to: a day, the first day of the theatre's film week, a month, or an id. */
export function groupKey(
  groupBy: Grouping,
  fact: Placed,
  theatreOf: (id: string) => Pick<ReportTheatre, 'filmWeekStartsOn'>,
): string {
  if (groupBy === 'day') return fact.date
  if (groupBy === 'month') return fact.date.slice(0, 7)
  if (groupBy === 'week') return startOfWeek(fact.date, theatreOf(fact.theatreId).filmWeekStartsOn)
  if (groupBy === 'movie') return fact.movieId
  return groupBy === 'theatre' ? fact.theatreId : fact.auditoriumId
}

/** The day on which the week of a day began; `weekday` is its first, in lower case. */
export function startOfWeek(date: string, weekday: string): string {
  const first = weekdays.indexOf(weekday) + 1
  return addDays(date, -((dayOfWeek(date) - first + 7) % 7))
}
