import type { Layout } from '../../../contract/layouts.ts'
import type { HoldRow, SeatClaimRow } from '../../database/tables/ledger.ts'
import type { CheckInRow } from '../../database/tables/door.ts'
import type { BookingRow, PaymentRow, RefundRow, TicketRow } from '../../database/tables/money.ts'
import type { MoneyPostingRow } from '../../database/tables/money-ledger.ts'
import { assert, must } from '../../platform/assert.ts'
import { newId } from '../../platform/ids.ts'
import { isRefusal } from '../../platform/refusal.ts'
import type { PriceRow } from '../../showtimes/pricing.ts'
import { quoteTickets } from '../../showtimes/quote.ts'
import type { Quote, TicketToQuote } from '../../showtimes/quote.ts'
import { capacityOf } from '../../venues/layout.ts'
import type { Party } from '../demo/parties.ts'
import { partiesFor } from '../demo/parties.ts'
import type { GeneratedShowtime } from './houses.ts'
import { addMoney } from './money.ts'
import { referenceOf } from './reference.ts'

const minuteMs = 60_000
const dayMs = 24 * 60 * minuteMs
const seatsPerBooking = 2.25
const ticketTypes = ['adult', 'adult', 'adult', 'adult', 'adult', 'student', 'senior', 'child'] as const

/** Everything that the sales of one showtime leave behind. */
export interface Sales {
  readonly holds: HoldRow[]
  readonly bookings: BookingRow[]
  readonly tickets: TicketRow[]
  readonly seatClaims: SeatClaimRow[]
  readonly payments: PaymentRow[]
  readonly refunds: RefundRow[]
  readonly checkIns: CheckInRow[]
  readonly moneyPostings: MoneyPostingRow[]
}

export interface SalesPlan {
  readonly nowMs: number
  /** How many bookings, more or less. */
  readonly bookings: number
  readonly sellerId: string
  /** From 0 to just below 1. */
  readonly chance: () => number
  /** Numbers that no other booking has. */
  readonly nextNumber: () => number
}

export function noSales(): Sales {
  return {
    holds: [],
    bookings: [],
    tickets: [],
    seatClaims: [],
    payments: [],
    refunds: [],
    checkIns: [],
    moneyPostings: [],
  }
}

/**
 * Adds the sales of one showtime to `sales`, as a season leaves them: nine of ten bookings paid and (when the film is over)
 * used, some cancelled, some lapsed.
 */
export function generateSales({ row, layout }: GeneratedShowtime, plan: SalesPlan, sales: Sales): void {
  const share = Math.min(0.97, (plan.bookings * seatsPerBooking) / capacityOf(layout))
  const terms = {
    currency: row.currency,
    prices: pricesOf(row.prices),
    ticketFee: 0,
    taxRatePercent: 0,
    pricesIncludeTax: true,
  }
  const termsText = JSON.stringify(terms)
  const categories = categoriesBySeat(layout)
  for (const party of partiesFor(layout, share, plan.chance)) {
    const tickets = ticketsOf(party, categories, plan.chance)
    const quote = quoteTickets(terms.prices, tickets, terms)
    assert(!isRefusal(quote), 'Every category has its prices')
    addBooking(sales, row, termsText, party, quote, plan)
  }
}

function pricesOf(text: string): PriceRow[] {
  return JSON.parse(text)
}

const knownCategories = new WeakMap<Layout, ReadonlyMap<string, string>>()

function categoriesBySeat(layout: Layout): ReadonlyMap<string, string> {
  const known = knownCategories.get(layout)
  if (known) return known
  const rows = layout.seating === 'general' ? [] : layout.rows
  const categories = new Map(
    rows.flatMap(({ label, seats }) => seats.map(({ number, category }) => [label + number, category])),
  )
  knownCategories.set(layout, categories)
  return categories
}

function ticketsOf(party: Party, categories: ReadonlyMap<string, string>, chance: () => number): TicketToQuote[] {
  const seats = 'seats' in party ? party.seats : Array.from({ length: party.count }, () => null)
  return seats.map((seat) => ({
    seat,
    category: (seat === null ? undefined : categories.get(seat)) ?? 'standard',
    ticketType: must(ticketTypes[Math.floor(chance() * ticketTypes.length)], 'Chance is below 1'),
  }))
}

type Outcome = 'confirmed' | 'cancelled' | 'expired'

function outcomeOf(chance: number): Outcome {
  if (chance < 0.91) return 'confirmed'
  return chance < 0.95 ? 'cancelled' : 'expired'
}

function addBooking(
  sales: Sales,
  showtime: GeneratedShowtime['row'],
  terms: string,
  party: Party,
  quote: Quote,
  plan: SalesPlan,
): void {
  const { chance, nowMs } = plan
  const soldAt = Math.min(showtime.startsAt, nowMs) - Math.floor(chance() ** 2 * 5 * dayMs) - 30 * minuteMs
  const outcome = outcomeOf(chance())
  const booking = bookingOf(showtime, terms, quote, outcome, soldAt, plan)
  sales.bookings.push(booking)
  sales.holds.push(holdOf(booking, showtime, party))
  const isOver = outcome === 'confirmed' && showtime.endsAt < nowMs
  const tickets = quote.lines.map((line): TicketRow => {
    const used = isOver && chance() < 0.96
    const [rowLabel, seatNumber] = line.seat === null ? [null, null] : [line.seat.slice(0, 1), line.seat.slice(1)]
    return {
      id: newId('ticket', nowMs),
      bookingId: booking.id,
      showtimeId: showtime.id,
      seatId: line.seat,
      rowLabel,
      seatNumber,
      ticketType: line.ticketType,
      category: line.category,
      priceAmount: line.price,
      discountAmount: line.discount,
      feeAmount: line.fee,
      taxAmount: line.tax,
      taxIncludedAmount: line.taxIncluded,
      status: used ? 'used' : outcome === 'confirmed' ? 'valid' : 'void',
      codeRevision: 1,
      checkedInAt: used ? showtime.startsAt - 5 * minuteMs : null,
      voidedAt: outcome === 'confirmed' ? null : booking.endedAt,
    }
  })
  sales.tickets.push(...tickets)
  if (outcome === 'confirmed') sales.seatClaims.push(...claimsOf(booking, party))
  if (outcome !== 'expired') addMoney(sales, booking, plan)
  for (const { id, checkedInAt } of tickets) {
    if (checkedInAt !== null) sales.checkIns.push(checkInOf(id, checkedInAt, plan))
  }
}

function bookingOf(
  showtime: GeneratedShowtime['row'],
  terms: string,
  quote: Quote,
  outcome: Outcome,
  soldAt: number,
  plan: SalesPlan,
): BookingRow {
  const number = plan.nextNumber()
  const paidAt = soldAt + 2 * minuteMs
  const endedAt = outcome === 'confirmed' ? null : soldAt + 15 * minuteMs
  const email = `guest-${number % 250_000}@example.com`
  const paid = outcome === 'expired' ? 0 : quote.total
  return {
    id: newId('booking', plan.nowMs),
    reference: referenceOf(number),
    showtimeId: showtime.id,
    theatreId: showtime.theatreId,
    holdId: newId('hold', plan.nowMs),
    userId: null,
    client: `guest:${number % 250_000}`,
    channel: plan.chance() < 0.8 ? 'web' : 'counter',
    status: outcome,
    customerName: `Guest ${number % 250_000}`,
    customerEmail: email,
    customerEmailFolded: email,
    customerPhone: null,
    customerLocale: null,
    terms,
    currency: showtime.currency,
    subtotal: quote.subtotal,
    discount: quote.discount,
    fees: quote.fees,
    tax: quote.tax,
    taxIncluded: quote.taxIncluded,
    total: quote.total,
    paid,
    refunded: outcome === 'cancelled' ? paid : 0,
    promoCode: null,
    notes: null,
    cancelReason: null,
    createdBy: null,
    createdAt: soldAt,
    updatedAt: endedAt ?? paidAt,
    expiresAt: null,
    confirmedAt: outcome === 'expired' ? null : paidAt,
    endedAt,
  }
}

function holdOf(booking: BookingRow, showtime: GeneratedShowtime['row'], party: Party): HoldRow {
  const seats = 'seats' in party ? party.seats : []
  return {
    id: must(booking.holdId, 'Every booking here was held first'),
    showtimeId: booking.showtimeId,
    auditoriumId: showtime.auditoriumId,
    layoutVersion: showtime.layoutVersion,
    seats: JSON.stringify(seats),
    count: 'seats' in party ? seats.length : party.count,
    terms: booking.terms,
    client: booking.client,
    address: '',
    userId: null,
    channel: booking.channel,
    status: 'booked',
    bookingId: booking.id,
    extensionsLeft: 1,
    createdAt: booking.createdAt,
    expiresAt: booking.createdAt + 5 * minuteMs,
  }
}

function claimsOf(booking: BookingRow, party: Party): SeatClaimRow[] {
  const claim = { showtimeId: booking.showtimeId, kind: 'booking' as const, ref: booking.id, expiresAt: null }
  if ('seats' in party) return party.seats.map((seatId) => ({ ...claim, seatId, places: 1 }))
  return [{ ...claim, seatId: must(booking.holdId, 'Every booking here was held first'), places: party.count }]
}

function checkInOf(ticketId: string, at: number, plan: SalesPlan): CheckInRow {
  const id = newId('event', plan.nowMs)
  return {
    id,
    ticketId,
    outcome: 'admitted',
    at,
    recordedAt: at,
    byUserId: plan.sellerId,
    scanId: null,
    undoneAt: null,
    undoneBy: null,
  }
}
