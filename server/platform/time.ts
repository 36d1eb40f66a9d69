/**
 * Time in the trade: instants are integer milliseconds since the epoch, and only this module knows calendars, clocks and zones.
 * Nothing here reads a clock or the zone of the process. Source of the rules: API.md, Conventions.
 */

/** Why a time or a zone was not understood, as a sentence for the one who sent it. */
export interface TimeProblem {
  readonly problem: string
}

/** When a business day starts on the wall clock, unless a theatre says otherwise. */
export const defaultBusinessDayStart = '06:00'

const minuteMs = 60_000
/** Years that a time sent in may have: further off is a mistake, and beyond 9999 no answer could show it. */
const firstYear = 1900
const lastYear = 2199
const sentTime = /^(\d{4}-\d{2}-\d{2})[Tt ](\d{2}:\d{2})(:\d{2})?([.]\d{1,9})?([Zz]|[+-]\d{2}:\d{2})?$/

/** Whether a parsed time is a problem rather than milliseconds. */
export function isTimeProblem(parsed: number | TimeProblem): parsed is TimeProblem {
  return typeof parsed !== 'number'
}

/** The IANA name of a time zone as the zone database spells it, or undefined when there is none of that name. Bare offsets are no zones. */
export function timeZoneName(name: string): string | undefined {
  if (!/^[A-Za-z]/.test(name)) return undefined
  try {
    return new Temporal.ZonedDateTime(0n, name).timeZoneId
  } catch {
    return undefined
  }
}

/** Whether this names a time zone of the IANA database. */
export function isTimeZone(name: string): boolean {
  return timeZoneName(name) !== undefined
}

/**
 * Reads a time sent in: RFC 3339 with an offset (seconds optional), or, where a zone is given, a local time of that zone.
 * Answers milliseconds since the epoch, or a sentence when it is no time, has no offset, or is local and does not exist or happens twice.
 */
export function parseTime(text: string, timeZone?: string): number | TimeProblem {
  const parts = sentTime.exec(text)
  const [, day, minutes, seconds = ':00', fraction = '', offset] = parts ?? []
  if (day === undefined || minutes === undefined) {
    return { problem: `${JSON.stringify(text)} is not a time like 2026-12-24T19:30Z` }
  }
  const local = plainDateTime(`${day}T${minutes}${seconds}${fraction}`)
  if (!local) return { problem: `${text} is not a day and time of the calendar` }
  if (local.year < firstYear || local.year > lastYear) {
    return { problem: `${text} is not between the years ${firstYear} and ${lastYear}` }
  }
  if (offset !== undefined) return atOffset(local, offset.toUpperCase(), text)
  if (timeZone === undefined) return { problem: `${text} needs an offset, like 2026-12-24T19:30Z` }
  return atZone(local, timeZone)
}

function plainDateTime(text: string): Temporal.PlainDateTime | undefined {
  try {
    return Temporal.PlainDateTime.from(text, { overflow: 'reject' })
  } catch {
    return undefined
  }
}

function atOffset(local: Temporal.PlainDateTime, offset: string, text: string): number | TimeProblem {
  try {
    return Temporal.Instant.from(`${local.toString()}${offset}`).epochMilliseconds
  } catch {
    return { problem: `${text} has an offset that no place has` }
  }
}

/** A local time is refused when the clocks jump over it or show it twice: guessing would move a screening by an hour. */
function atZone(local: Temporal.PlainDateTime, timeZone: string): number | TimeProblem {
  const earlier = local.toZonedDateTime(timeZone, { disambiguation: 'earlier' })
  const later = local.toZonedDateTime(timeZone, { disambiguation: 'later' })
  if (earlier.epochMilliseconds === later.epochMilliseconds) return earlier.epochMilliseconds
  const shown = wallClock(local)
  if (!earlier.toPlainDateTime().equals(local)) {
    return { problem: `${shown} does not exist in ${timeZone}: the clocks go forward over it` }
  }
  const choices = `${shown}${earlier.offset} or ${shown}${later.offset}`
  return { problem: `${shown} happens twice in ${timeZone}, where the clocks go back: send ${choices}` }
}

function wallClock(local: Temporal.PlainDateTime): string {
  return local.toString({ smallestUnit: local.second === 0 ? 'minute' : 'second' })
}

/** An instant as answers show it: RFC 3339, UTC, `Z`; fractions of a second only where there are any. */
export function formatInstant(instantMs: number): string {
  return new Date(instantMs).toISOString().replace('.000Z', 'Z')
}

/** Like `formatInstant`, and null stays null. */
export function formatInstantOrNull(instantMs: number | null): string | null {
  return instantMs === null ? null : formatInstant(instantMs)
}

/** An instant as the theatre's clock shows it, with its offset: `2026-12-24T19:30:00+01:00`. */
export function formatZoned(instantMs: number, timeZone: string): string {
  return zoned(instantMs, timeZone).toString({ timeZoneName: 'never', smallestUnit: 'second' })
}

/** What the clock on the theatre's wall shows: `2026-12-24T19:30`, without an offset. */
export function formatLocal(instantMs: number, timeZone: string): string {
  return wallClock(zoned(instantMs, timeZone).toPlainDateTime())
}

/** The calendar day on the theatre's wall, `2026-12-24`: not the business day. */
export function localDate(instantMs: number, timeZone: string): string {
  return zoned(instantMs, timeZone).toPlainDate().toString()
}

/**
 * The business day an instant belongs to, `2026-12-24`: days run from `startsAt` (wall clock, `HH:MM`) to the next one,
 * so a 00:30 screening counts for the evening before. Days of 23 and 25 hours come out right: the day is found by instants.
 */
export function businessDate(instantMs: number, timeZone: string, startsAt = defaultBusinessDayStart): string {
  let day = zoned(instantMs, timeZone).toPlainDate().add({ days: 1 })
  while (startOfBusinessDay(day, timeZone, startsAt) > instantMs) day = day.subtract({ days: 1 })
  return day.toString()
}

/** The instants of a business day (`2026-12-24`), from the first to just before the last: `fromMs <= instant < toMs`. */
export function businessDayRange(
  date: string,
  timeZone: string,
  startsAt = defaultBusinessDayStart,
): { fromMs: number; toMs: number } {
  const day = Temporal.PlainDate.from(date)
  return {
    fromMs: startOfBusinessDay(day, timeZone, startsAt),
    toMs: startOfBusinessDay(day.add({ days: 1 }), timeZone, startsAt),
  }
}

/** Where the clocks skip the start of a day it begins after the gap; where they show it twice, at the first. */
function startOfBusinessDay(day: Temporal.PlainDate, timeZone: string, startsAt: string): number {
  return day.toPlainDateTime(startsAt).toZonedDateTime(timeZone).epochMilliseconds
}

/** The same wall-clock time some days later, read like a local time sent in: it may not exist, or happen twice. */
export function addLocalDays(instantMs: number, days: number, timeZone: string): number | TimeProblem {
  return atZone(zoned(instantMs, timeZone).toPlainDateTime().add({ days }), timeZone)
}

/** Whether this is a day of the calendar, `2026-12-24`. */
export function isDay(text: string): boolean {
  return /^\d{4}-\d{2}-\d{2}$/.test(text) && plainDateTime(`${text}T00:00`) !== undefined
}

/** A day so many days later (or earlier, below zero): `2026-12-24` and 7 make `2026-12-31`. */
export function addDays(day: string, days: number): string {
  return Temporal.PlainDate.from(day).add({ days }).toString()
}

/** How many days there are from one day to another; 0 for the same. */
export function daysBetween(from: string, to: string): number {
  return Temporal.PlainDate.from(from).until(Temporal.PlainDate.from(to)).days
}

/** The day of the week of a day: 1 is Monday, 7 is Sunday. */
export function dayOfWeek(day: string): number {
  return Temporal.PlainDate.from(day).dayOfWeek
}

/** What the wall clock shows as `HH:MM`. */
export function localTimeOfDay(instantMs: number, timeZone: string): string {
  return zoned(instantMs, timeZone).toPlainTime().toString({ smallestUnit: 'minute' })
}

/** An instant plus so many minutes: real ones, whatever the clocks do meanwhile. */
export function addMinutes(instantMs: number, minutes: number): number {
  return instantMs + minutes * minuteMs
}

function zoned(instantMs: number, timeZone: string): Temporal.ZonedDateTime {
  return Temporal.Instant.fromEpochMilliseconds(instantMs).toZonedDateTimeISO(timeZone)
}
