import type { Outing } from './model.ts'
import { hallName, ticketWords } from './words.ts'

export interface CalendarEntry extends Outing {
  /** `F12, F13`; empty for general admission. */
  readonly seats: readonly string[]
  readonly ticketCount: number
  /** When booking or showtime last changed, milliseconds. */
  readonly changedAtMs: number
  /** Rises with each change of the showtime or the booking, so that calendars replace the entry they have. */
  readonly sequence: number
  readonly cancelled: boolean
  /** Where the booking is shown; null where the house has no address on the web. */
  readonly url: string | null
}

/**
 * The showtime as a calendar file (RFC 5545). Times are UTC instants: every calendar shows them right without a zone table of ours.
 * The same booking always has the same `UID`.
 */
export function calendarFile(entry: CalendarEntry): string {
  const words = ticketWords(entry.locale)
  const seats =
    entry.seats.length > 0 ? `${words.seat} ${entry.seats.join(', ')}` : `${entry.ticketCount} × ${words.freeSeating}`
  const place = [entry.theatre.name, ...entry.theatre.address].join(', ')
  const { latitude, longitude } = entry.theatre
  const lines = [
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    'PRODID:-//Matinee//Box office//EN',
    'CALSCALE:GREGORIAN',
    'METHOD:PUBLISH',
    'BEGIN:VEVENT',
    `UID:${entry.bookingId}@matinee`,
    `DTSTAMP:${utc(entry.changedAtMs)}`,
    `SEQUENCE:${entry.sequence}`,
    `STATUS:${entry.cancelled ? 'CANCELLED' : 'CONFIRMED'}`,
    `DTSTART:${utc(entry.startsAtMs)}`,
    `DTEND:${utc(entry.endsAtMs)}`,
    `SUMMARY:${escapeText(entry.movieTitle)}`,
    `LOCATION:${escapeText(place)}`,
    ...(latitude === null || longitude === null ? [] : [`GEO:${latitude};${longitude}`]),
    `DESCRIPTION:${escapeText(`${hallName(entry.auditoriumName, entry.locale)}\n${seats}\n${words.booking} ${entry.reference}`)}`,
    ...(entry.url === null ? [] : [`URL:${entry.url}`]),
    'TRANSP:OPAQUE',
    'END:VEVENT',
    'END:VCALENDAR',
  ]
  return lines.map((line) => `${fold(line)}\r\n`).join('')
}

function utc(atMs: number): string {
  return new Date(atMs).toISOString().replace(/[-:]|\.\d+/g, '')
}

/** RFC 5545, 3.3.11. Other control characters have no place in a text value. */
function escapeText(text: string): string {
  return text
    .replace(/[\\;,]/g, (letter) => `\\${letter}`)
    .replace(/\r\n|\r|\n/g, '\\n')
    .replace(/\p{Cc}/gu, '')
}

/** RFC 5545, 3.1: lines of at most 75 octets; a fold never cuts a character. */
function fold(line: string): string {
  const folded: string[] = []
  let current = ''
  let octets = 0
  for (const letter of line) {
    const size = Buffer.byteLength(letter)
    if (octets + size > 75) {
      folded.push(current)
      current = ' '
      octets = 1
    }
    current += letter
    octets += size
  }
  return [...folded, current].join('\r\n')
}
