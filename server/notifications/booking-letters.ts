import type { Database } from '../database/database.ts'
import type { BookingRow, TicketRow } from '../database/tables/money.ts'
import { bookingToken } from '../bookings/policy.ts'
import { readCalendarEntry, readTicketsDocument } from '../bookings/read-documents.ts'
import { isRefusal } from '../platform/refusal.ts'
import type { Secrets } from '../platform/secrets.ts'
import { calendarFile } from '../tickets/calendar.ts'
import { makeTicketCode } from '../tickets/code.ts'
import type { TicketKeys } from '../tickets/keys.ts'
import type { TicketsDocument } from '../tickets/model.ts'
import type { PdfPress } from '../tickets/print-pdf.ts'
import { hallName, longStart, moneyText } from '../tickets/words.ts'
import type { Attachment, Letter } from './model.ts'
import { mailWords } from './words/words.ts'
import type { MailWords, Said } from './words/words.ts'

export interface BookingMailParts {
  readonly database: Database
  readonly secrets: Secrets
  readonly ticketKeys: TicketKeys
  readonly press: PdfPress
  /** Where the house is on the web, without a slash at the end. */
  readonly homeUrl: string
}

/** What a kind of mail says about a booking. */
export interface Occasion {
  readonly say: (words: MailWords, document: TicketsDocument) => Said
  readonly attach: 'tickets' | 'calendar' | 'nothing'
  /** Tickets it is about, where these are not the valid ones. */
  readonly tickets?: readonly TicketRow[]
  /** Refunds, minor units: how much comes back by itself, how much is fetched at the counter. */
  readonly refund?: { readonly onItsWay: number; readonly atCounter: number }
  /** When it would have begun before it was changed. */
  readonly startedAtMs?: number
}

/** A letter to the buyer; null where the booking names no address (or its person was forgotten since). */
export async function bookingLetter(
  parts: BookingMailParts,
  booking: BookingRow,
  occasion: Occasion,
  nowMs: number,
): Promise<Letter | null> {
  if (booking.customerEmail === null) return null
  const key = await parts.ticketKeys.signing()
  const codeOf = (ticket: TicketRow) => makeTicketCode(key, ticket)
  const document = await readTicketsDocument(parts.database.read, booking, codeOf, nowMs)
  const { locale, theatre, movieTitle } = document
  const words = mailWords(locale)
  const { subject, paragraphs } = occasion.say(words, document)
  const money = (amount: number) => moneyText(amount, booking.currency, locale)
  const { onItsWay = 0, atCounter = 0 } = occasion.refund ?? {}
  return {
    locale,
    sender: theatre.name,
    recipient: { name: booking.customerName, email: booking.customerEmail },
    subject,
    paragraphs: [
      ...paragraphs,
      ...(onItsWay > 0 ? [words.refundOnItsWay(money(onItsWay))] : []),
      ...(atCounter > 0 ? [words.refundAtCounter(money(atCounter))] : []),
    ],
    facts: [
      [words.film, [movieTitle, ...document.facts].join(' · ')],
      [words.when, longStart(document.startsAtMs, theatre.timeZone, locale)],
      ...before(occasion, document, words),
      [words.where, [theatre.name, ...theatre.address, hallName(document.auditoriumName, locale)].join('\n')],
      seatsFact(occasion.tickets ?? document.tickets.map(seatOf), words),
      [words.reference, booking.reference],
      ...(occasion.attach === 'tickets' ? [[words.total, money(booking.total)] as const] : []),
    ],
    button: { label: words.showBooking, url: linkTo(parts, booking.id) },
    afterword: [],
    attachments: await attachmentsOf(parts, booking, document, occasion.attach),
  }
}

interface Place {
  readonly rowLabel: string | null
  readonly seatNumber: string | null
}

function seatOf({ row, number }: TicketsDocument['tickets'][number]): Place {
  return { rowLabel: row, seatNumber: number }
}

function seatsFact(places: readonly Place[], words: MailWords): readonly [string, string] {
  const seats = places.flatMap(({ rowLabel, seatNumber }) =>
    seatNumber === null ? [] : [`${rowLabel ?? ''}${seatNumber}`],
  )
  return seats.length > 0 ? [words.seats, seats.join(', ')] : [words.tickets, String(places.length)]
}

function before(
  { startedAtMs }: Occasion,
  { startsAtMs, theatre, locale }: TicketsDocument,
  words: MailWords,
): (readonly [string, string])[] {
  if (startedAtMs === undefined || startedAtMs === startsAtMs) return []
  return [[words.before, longStart(startedAtMs, theatre.timeZone, locale)]]
}

/** Whoever has the mail has the tickets in it: the link opens the booking without an account. */
function linkTo({ homeUrl, secrets }: BookingMailParts, bookingId: string): string {
  return `${homeUrl}/bookings/${bookingId}?accessToken=${bookingToken(secrets, bookingId)}`
}

async function attachmentsOf(
  { database, press, homeUrl }: BookingMailParts,
  booking: BookingRow,
  document: TicketsDocument,
  attach: Occasion['attach'],
): Promise<Attachment[]> {
  if (attach === 'nothing') return []
  const calendar: Attachment = {
    filename: `${booking.reference}.ics`,
    contentType: 'text/calendar; charset=utf-8; method=PUBLISH',
    content: calendarFile(await readCalendarEntry(database.read, booking, homeUrl)),
  }
  if (attach === 'calendar') return [calendar]
  const pdf = await press.print({ kind: 'tickets', document, size: 'a4' })
  // The worker tries again when fewer are waiting at the press.
  if (isRefusal(pdf)) throw new Error(pdf.detail)
  return [{ filename: `tickets-${booking.reference}.pdf`, contentType: 'application/pdf', content: pdf }, calendar]
}
