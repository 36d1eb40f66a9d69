import type { Kysely } from 'kysely'
import type { Tables } from '../database/tables/index.ts'
import type { BookingRow, PaymentRow, RefundRow, TicketRow } from '../database/tables/money.ts'
import type { HoldTerms } from '../holds/model.ts'
import { withUsualTypes } from '../showtimes/ticket-types.ts'
import type { CalendarEntry } from '../tickets/calendar.ts'
import { ticketLocaleOf } from '../tickets/model.ts'
import type { Outing, ReceiptDocument, ReceiptLine, ReceiptPayment, TicketsDocument } from '../tickets/model.ts'
import { settingsOf } from '../venues/settings.ts'
import { readWholeBooking } from './store.ts'

type Query = Kysely<Tables>

/** The signed code of a ticket. */
export type TicketCodeOf = (ticket: TicketRow) => string

/** What is printed on the tickets of a booking: those that were not cancelled. `nowMs` is the day of printing. */
export async function readTicketsDocument(
  query: Query,
  booking: BookingRow,
  codeOf: TicketCodeOf,
  nowMs: number,
): Promise<TicketsDocument> {
  const tickets = bySeat((await readWholeBooking(query, booking)).tickets)
  const nameOf = await readTicketTypeNames(query, booking.theatreId)
  return {
    ...(await readOuting(query, booking)).outing,
    madeAtMs: nowMs,
    tickets: tickets
      .filter(({ status }) => status !== 'void')
      .map((ticket) => ({
        id: ticket.id,
        code: codeOf(ticket),
        row: ticket.rowLabel,
        number: ticket.seatNumber,
        ticketTypeName: nameOf(ticket.ticketType),
        priceAmount: ticket.priceAmount,
        currency: booking.currency,
      })),
  }
}

/** What was bought and how it was paid, cancelled tickets and refunds too. */
export async function readReceiptDocument(query: Query, booking: BookingRow, nowMs: number): Promise<ReceiptDocument> {
  const { tickets, payments, refunds } = await readWholeBooking(query, booking)
  const nameOf = await readTicketTypeNames(query, booking.theatreId)
  const terms: Pick<HoldTerms, 'taxRatePercent'> = JSON.parse(booking.terms)
  return {
    ...(await readOuting(query, booking)).outing,
    currency: booking.currency,
    customerName: booking.customerName,
    soldAtMs: booking.confirmedAt ?? booking.createdAt,
    lines: linesOf(tickets, nameOf),
    subtotal: booking.subtotal,
    discount: booking.discount,
    fees: booking.fees,
    taxAdded: booking.tax,
    taxIncluded: booking.taxIncluded,
    taxRatePercent: terms.taxRatePercent,
    total: booking.total,
    paid: booking.paid,
    refunded: booking.refunded,
    payments: moneyMoved(payments, refunds),
    madeAtMs: nowMs,
  }
}

/** The showtime as a calendar entry; a cancelled booking takes its entry back. `publicUrl` is where the house is on the web. */
export async function readCalendarEntry(
  query: Query,
  booking: BookingRow,
  publicUrl: string | null,
): Promise<CalendarEntry> {
  const tickets = bySeat((await readWholeBooking(query, booking)).tickets)
  const { outing, changedAt } = await readOuting(query, booking)
  const cancelled = booking.status === 'cancelled'
  const shown = tickets.filter(({ status }) => cancelled || status !== 'void')
  const changedAtMs = Math.max(booking.updatedAt, changedAt)
  return {
    ...outing,
    seats: shown.flatMap(({ seatId }) => seatId ?? []),
    ticketCount: shown.length,
    changedAtMs,
    // Whole seconds from the sale to the last change: rises with every change and needs no column.
    sequence: Math.floor((changedAtMs - booking.createdAt) / 1000),
    cancelled,
    url: publicUrl === null ? null : `${publicUrl}/bookings/${booking.id}`,
  }
}

async function readOuting(query: Query, booking: BookingRow): Promise<{ outing: Outing; changedAt: number }> {
  const row = await query
    .selectFrom('showtimes')
    .innerJoin('theatres', 'theatres.id', 'showtimes.theatreId')
    .innerJoin('movies', 'movies.id', 'showtimes.movieId')
    .innerJoin('auditoriums', 'auditoriums.id', 'showtimes.auditoriumId')
    .select(['showtimes.startsAt', 'showtimes.endsAt', 'showtimes.businessDate', 'showtimes.updatedAt as changedAt'])
    .select(['showtimes.format', 'showtimes.language', 'showtimes.subtitles', 'movies.title', 'movies.certification'])
    .select(['auditoriums.name as auditoriumName', 'theatres.name as theatreName', 'theatres.address', 'theatres.city'])
    .select(['theatres.postcode', 'theatres.country', 'theatres.timeZone', 'theatres.latitude', 'theatres.longitude'])
    .select('theatres.settings')
    .where('showtimes.id', '=', booking.showtimeId)
    .executeTakeFirstOrThrow()
  const locale = ticketLocaleOf(booking.customerLocale ?? settingsOf(row).locales[0])
  const outing: Outing = {
    bookingId: booking.id,
    reference: booking.reference,
    locale,
    theatre: {
      name: row.theatreName,
      address: addressLines(row),
      timeZone: row.timeZone,
      latitude: row.latitude,
      longitude: row.longitude,
    },
    movieTitle: row.title,
    facts: [
      row.format.replaceAll('_', ' ').toUpperCase(),
      ...(row.language === null ? [] : [languageName(row.language, locale)]),
      ...(row.subtitles === null ? [] : [`[${languageName(row.subtitles, locale)}]`]),
      ...(row.certification === null ? [] : [row.certification]),
    ],
    auditoriumName: row.auditoriumName,
    startsAtMs: row.startsAt,
    endsAtMs: row.endsAt,
    businessDate: row.businessDate,
  }
  return { outing, changedAt: row.changedAt }
}

/** `en` → `English`; what is no code is a name already. */
function languageName(language: string, locale: string): string {
  if (!/^[a-z]{2,3}(-[A-Za-z0-9]+)*$/.test(language)) return language
  return new Intl.DisplayNames([locale], { type: 'language' }).of(language) ?? language
}

/** Street, then town and postcode in the order that the country writes them. */
function addressLines(theatre: {
  readonly address: string | null
  readonly city: string
  readonly postcode: string | null
  readonly country: string | null
}): string[] {
  const { address, city, postcode, country } = theatre
  const townFirst = postcode !== null && (!/^\d+$/.test(postcode) || country === 'US')
  const town = postcode === null ? city : townFirst ? `${city} ${postcode}` : `${postcode} ${city}`
  if (address === null) return [town]
  // Many houses write the whole address in one line.
  return address.toLowerCase().includes(city.toLowerCase()) ? [address] : [address, town]
}

const seatOrder = new Intl.Collator('en', { numeric: true })

/** Tickets as people sit: `F9` before `F10`. */
function bySeat(tickets: readonly TicketRow[]): TicketRow[] {
  return tickets.toSorted((one, other) => seatOrder.compare(one.seatId ?? '', other.seatId ?? ''))
}

async function readTicketTypeNames(query: Query, theatreId: string): Promise<(key: string) => string> {
  const rows = await query.selectFrom('ticketTypes').selectAll().where('theatreId', '=', theatreId).execute()
  const names = new Map(withUsualTypes(rows).map(({ key, name }) => [key, name]))
  return (key) => names.get(key) ?? key
}

function linesOf(tickets: readonly TicketRow[], nameOf: (key: string) => string): ReceiptLine[] {
  const lines = new Map<string, ReceiptLine>()
  for (const { ticketType, category, priceAmount } of tickets) {
    const name = `${ticketType}\n${category}\n${priceAmount}`
    const line = lines.get(name) ?? { quantity: 0, description: `${nameOf(ticketType)}, ${category}`, amount: 0 }
    lines.set(name, { ...line, quantity: line.quantity + 1, amount: line.amount + priceAmount })
  }
  return [...lines.values()]
}

const paid: ReadonlySet<PaymentRow['status']> = new Set(['authorised', 'succeeded', 'partially_refunded', 'refunded'])

/** Payments that brought money and refunds that gave it back, as they happened. */
function moneyMoved(payments: readonly PaymentRow[], refunds: readonly RefundRow[]): ReceiptPayment[] {
  const taken = payments
    .filter(({ status }) => paid.has(status))
    .map(({ capturedAt, authorisedAt, createdAt, tender, provider, amount }) => ({
      atMs: authorisedAt ?? capturedAt ?? createdAt,
      method: tender ?? provider,
      amount,
    }))
  const given = refunds
    .filter(({ status }) => status !== 'failed')
    .map(({ createdAt, amount }) => ({ atMs: createdAt, method: 'refund', amount: -amount }))
  return [...taken, ...given].toSorted((one, other) => one.atMs - other.atMs)
}
