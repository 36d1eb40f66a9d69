import type { Hold, HoldQuote } from '../../contract/holds.ts'
import type { Layout } from '../../contract/layouts.ts'
import type { HoldRow } from '../database/tables/ledger.ts'
import { assert } from '../platform/assert.ts'
import { isRefusal, refuse } from '../platform/refusal.ts'
import type { Refusal } from '../platform/refusal.ts'
import { formatInstant } from '../platform/time.ts'
import { quoteTickets } from '../showtimes/quote.ts'
import type { TicketToQuote } from '../showtimes/quote.ts'
import { seatsOf } from './commands.ts'
import type { HoldTerms } from './model.ts'
import { seatPlanOf } from './seat-plan.ts'

/** General admission has one price category. */
export const generalCategory = 'standard'

/** What each held place would be sold as before anybody says otherwise: an adult's ticket, else the first type there is. */
export function ticketsOfHold(
  hold: Pick<HoldRow, 'seats' | 'count'>,
  layout: Layout,
  terms: HoldTerms,
): TicketToQuote[] {
  const seats = seatsOf(hold)
  if (seats.length === 0) {
    const ticketType = usualType(terms, generalCategory)
    return Array.from({ length: hold.count }, () => ({ seat: null, category: generalCategory, ticketType }))
  }
  const { byId } = seatPlanOf(layout)
  return seats.map((seat) => {
    const category = byId.get(seat)?.category
    assert(category !== undefined, `Seat ${seat} is not in the layout`)
    return { seat, category, ticketType: usualType(terms, category) }
  })
}

function usualType(terms: HoldTerms, category: string): string {
  const types = terms.prices.filter((row) => row.category === category).map(({ ticketType }) => ticketType)
  return types.includes('adult') ? 'adult' : (types[0] ?? 'adult')
}

/** What the held places cost; refuses a category that has no price at all. */
export function quoteHold(
  hold: Pick<HoldRow, 'seats' | 'count'>,
  layout: Layout,
  terms: HoldTerms,
): HoldQuote | Refusal<'ticket_type_not_sold'> {
  const quote = quoteTickets(terms.prices, ticketsOfHold(hold, layout, terms), terms)
  if (isRefusal(quote)) return refuse('ticket_type_not_sold', quote.detail, { extra: quote.extra })
  const money = (amount: number) => ({ amount, currency: terms.currency })
  return {
    lines: quote.lines.map((line) => ({
      seat: line.seat,
      category: line.category,
      ticketType: line.ticketType,
      price: money(line.price),
      fee: money(line.fee),
      tax: money(line.tax),
      total: money(line.total),
    })),
    total: money(quote.total),
  }
}

/** A hold as its owner sees it. */
export function presentHold(hold: HoldRow, layout: Layout, token: string): Hold {
  const terms: HoldTerms = JSON.parse(hold.terms)
  const quote = quoteHold(hold, layout, terms)
  assert(!isRefusal(quote), 'A hold is made only where all its places have a price')
  return {
    id: hold.id,
    token,
    showtimeId: hold.showtimeId,
    seats: seatsOf(hold),
    count: hold.count,
    expiresAt: formatInstant(hold.expiresAt),
    extensionsLeft: hold.extensionsLeft,
    quote,
    ...(hold.bookingId !== null && { bookingId: hold.bookingId }),
  }
}
