/**
 * Clocks of other places, by `Intl` alone: not every browser has `Temporal`. Instants are milliseconds since the epoch, a local
 * time is what the clock on the wall shows, `2026-12-24T19:30`.
 */

const minuteMs = 60_000
const hourMs = 3_600_000
const readers = new Map<string, Intl.DateTimeFormat>()

function readerOf(timeZone: string): Intl.DateTimeFormat {
  const known = readers.get(timeZone)
  if (known) return known
  const two = '2-digit'
  const parts = { year: 'numeric', month: two, day: two, hour: two, minute: two, second: two } as const
  const reader = new Intl.DateTimeFormat('en-u-ca-iso8601-hc-h23', { ...parts, timeZone })
  readers.set(timeZone, reader)
  return reader
}

/** What the clock of a zone shows, read as if it were UTC. */
function wallMs(instantMs: number, timeZone: string): number {
  const part: Record<string, number> = {}
  for (const { type, value } of readerOf(timeZone).formatToParts(instantMs)) part[type] = Number(value)
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = part
  return Date.UTC(year, month - 1, day, hour, minute, second)
}

function offsetMs(instantMs: number, timeZone: string): number {
  const whole = Math.floor(instantMs / 1000) * 1000
  return wallMs(whole, timeZone) - whole
}

/** `2026-12-24T19:30` on the clock of a zone. */
export function localOf(instantMs: number, timeZone: string): string {
  return new Date(wallMs(instantMs, timeZone)).toISOString().slice(0, 16)
}

/** `19:30` on the clock of a zone. */
export function timeOf(instantMs: number, timeZone: string): string {
  return localOf(instantMs, timeZone).slice(11)
}

/** When a local time is: one that happens twice is the first, one that is skipped is as much later as the clocks skip. */
export function instantOf(local: string, timeZone: string): number {
  const wall = Date.parse(`${local}Z`)
  // The offsets on both sides of any change of the clocks near it.
  const before = offsetMs(wall - 24 * hourMs, timeZone)
  const after = offsetMs(wall + 24 * hourMs, timeZone)
  const early = wall - before
  const late = wall - after
  if (wallMs(early, timeZone) === wall) return early
  return wallMs(late, timeZone) === wall ? late : early
}

/** The instants of a business day that starts at `startsAt` (`06:00`) on the wall: 23, 24 or 25 hours. */
export function businessDayRange(date: string, timeZone: string, startsAt: string): { fromMs: number; toMs: number } {
  return {
    fromMs: instantOf(`${date}T${startsAt}`, timeZone),
    toMs: instantOf(`${addDays(date, 1)}T${startsAt}`, timeZone),
  }
}

/** The business day that an instant belongs to. */
export function businessDateOf(instantMs: number, timeZone: string, startsAt: string): string {
  const date = localOf(instantMs, timeZone).slice(0, 10)
  return businessDayRange(date, timeZone, startsAt).fromMs > instantMs ? addDays(date, -1) : date
}

/** Every full hour on the wall from one instant to just before another, each with what the clock shows. */
export function hoursBetween(fromMs: number, toMs: number, timeZone: string): { atMs: number; label: string }[] {
  const hours: { atMs: number; label: string }[] = []
  // A zone is off the full hour by a multiple of fifteen minutes.
  for (let atMs = fromMs; atMs < toMs; atMs += 15 * minuteMs) {
    const label = timeOf(atMs, timeZone)
    if (label.endsWith(':00')) hours.push({ atMs, label })
  }
  return hours
}

/** A day so many days later (or earlier, below zero). */
export function addDays(date: string, days: number): string {
  const day = new Date(`${date}T12:00:00Z`)
  day.setUTCDate(day.getUTCDate() + days)
  return day.toISOString().slice(0, 10)
}

/** How many days there are from one day to another; 0 for the same. */
export function daysBetween(from: string, to: string): number {
  return Math.round((Date.parse(`${to}T12:00:00Z`) - Date.parse(`${from}T12:00:00Z`)) / (24 * hourMs))
}
