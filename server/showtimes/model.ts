import type { ShowtimeRow } from '../database/tables/showtimes.ts'
import type { FieldProblem } from '../http/validate.ts'
import { addMinutes, businessDate, isTimeProblem, parseTime } from '../platform/time.ts'
import type { Settings } from '../venues/settings.ts'

const hourMs = 3_600_000
/** Longer than any marathon, and short enough to bound every search for what is on; the table checks it too. */
export const longestShowtimeMs = 48 * hourMs
/** Between two showtimes; as long as the contract lets a turnaround be. */
export const longestTurnaroundMs = 8 * hourMs

export type Status = ShowtimeRow['status']

/** How a showtime's status may change; what is cancelled stays so. */
const transitions: Readonly<Record<Status, readonly Status[]>> = {
  draft: ['scheduled', 'cancelled'],
  scheduled: ['draft', 'cancelled'],
  cancelled: [],
}

/** Whether a showtime may go from one status to another (or stay as it is). */
export function mayBecome(from: Status, to: Status): boolean {
  return from === to || transitions[from].includes(to)
}

/** Where a showtime takes place: what it copies from its auditorium and theatre when it is made. */
export interface Hall {
  readonly auditoriumId: string
  readonly theatreId: string
  readonly ownerId: string | null
  readonly timeZone: string
  readonly currency: string
  readonly settings: Settings
  /** The auditorium's own, else the theatre's. */
  readonly turnaroundMinutes: number
  readonly layoutVersion: number
  readonly seating: 'reserved' | 'general'
  readonly capacity: number
  /** The price categories of its seats. */
  readonly categories: readonly string[]
}

/** When a showtime is on, milliseconds since the epoch. */
export type Times = Pick<ShowtimeRow, 'startsAt' | 'endsAt' | 'busyUntil' | 'businessDate'>

/** Trailers and film, in instants: what the clocks do meanwhile moves no end. */
export function usualEnd(startsAt: number, runtimeMinutes: number, hall: Hall): number {
  return addMinutes(startsAt, hall.settings.trailerMinutes + runtimeMinutes)
}

export function timesOf(startsAt: number, endsAt: number, hall: Hall): Times {
  return {
    startsAt,
    endsAt,
    busyUntil: addMinutes(endsAt, hall.turnaroundMinutes),
    businessDate: businessDate(startsAt, hall.timeZone, hall.settings.businessDayStartsAt),
  }
}

/** When the public can no longer buy, unless the showtime says otherwise: never after its end. */
export function usualSalesClose(times: Times, hall: Hall): number {
  return Math.min(addMinutes(times.startsAt, hall.settings.salesCloseMinutes), times.endsAt)
}

/** What is wrong with the times of a showtime. */
export function timeProblems({ startsAt, endsAt, salesOpenAt, salesCloseAt }: TimesOnSale): FieldProblem[] {
  const problems: FieldProblem[] = []
  if (endsAt <= startsAt) problems.push({ path: '/endsAt', message: 'must be after the start' })
  else if (endsAt - startsAt > longestShowtimeMs) {
    problems.push({ path: '/endsAt', message: 'must be within 48 hours of the start' })
  } else if (salesCloseAt > endsAt) problems.push({ path: '/salesCloseAt', message: 'must not be after the end' })
  if (salesOpenAt !== null && salesOpenAt >= salesCloseAt) {
    problems.push({ path: '/salesOpenAt', message: 'must be before sales close' })
  }
  return problems
}

type TimesOnSale = Pick<ShowtimeRow, 'startsAt' | 'endsAt' | 'salesOpenAt' | 'salesCloseAt'>

/** Reads the times of a body in a theatre's zone; what cannot be read is noted in `problems`. */
export function timeReader(timeZone: string, problems: FieldProblem[]): (path: string, text: string) => number {
  return (path, text) => {
    const time = parseTime(text, timeZone)
    if (!isTimeProblem(time)) return time
    problems.push({ path, message: time.problem })
    return Number.NaN
  }
}

/** Whether the public may know of it: drafts and private screenings are the house's own. */
export function isPublic({ status, visibility }: Pick<ShowtimeRow, 'status' | 'visibility'>): boolean {
  return status !== 'draft' && visibility !== 'private'
}
