import type { BookingInput } from '../../contract/bookings.ts'
import type { Layout } from '../../contract/layouts.ts'
import type { HoldRow } from '../database/tables/ledger.ts'
import type { HoldTerms } from '../holds/model.ts'
import { ticketsOfHold } from '../holds/present.ts'
import { isRefusal, refuseField } from '../platform/refusal.ts'
import type { Refusal } from '../platform/refusal.ts'
import type { TicketToQuote } from '../showtimes/quote.ts'

type ChosenTickets = readonly { readonly seat?: string | null; readonly ticketType: string }[]

/**
 * Which ticket each held place is sold as: `tickets` names a type per seat (general admission: per place); without it
 * all are `adult`. Refuses what does not fit the hold, and ticket types whose conditions are not met.
 */
export function chooseTickets(
  hold: Pick<HoldRow, 'seats' | 'count'>,
  layout: Layout,
  terms: HoldTerms,
  chosen: BookingInput['tickets'],
): TicketToQuote[] | Refusal<'validation_failed'> {
  const held = ticketsOfHold(hold, layout, terms)
  if (!chosen) return held.map((ticket) => ({ ...ticket, ticketType: 'adult' }))
  if (chosen.length !== held.length) {
    return refuseField('/tickets', `must name a ticket for each of the ${held.length} places`)
  }
  return layout.seating === 'general' ? byPlace(held, chosen) : bySeat(held, chosen)
}

/** What of `tickets` does not fit the places, however these stand; null where they fit or nothing is said. */
export function judgeTickets(
  places: Pick<HoldRow, 'seats' | 'count'>,
  layout: Layout,
  terms: HoldTerms,
  chosen: BookingInput['tickets'],
): Refusal<'validation_failed'> | null {
  const tickets = chosen && chooseTickets(places, layout, terms, chosen)
  return isRefusal(tickets) ? tickets : null
}

function byPlace(
  held: readonly TicketToQuote[],
  chosen: ChosenTickets,
): TicketToQuote[] | Refusal<'validation_failed'> {
  const seated = chosen.findIndex(({ seat }) => seat !== undefined && seat !== null)
  if (seated >= 0) return refuseField(`/tickets/${seated}/seat`, 'is for reserved seating')
  return held.map((ticket, index) => ({ ...ticket, ticketType: chosen[index]?.ticketType ?? ticket.ticketType }))
}

function bySeat(held: readonly TicketToQuote[], chosen: ChosenTickets): TicketToQuote[] | Refusal<'validation_failed'> {
  const types = new Map<string, string>()
  for (const [index, { seat, ticketType }] of chosen.entries()) {
    if (seat === undefined || seat === null) return refuseField(`/tickets/${index}/seat`, 'is missing')
    if (types.has(seat)) return refuseField(`/tickets/${index}/seat`, 'is named twice')
    if (!held.some((ticket) => ticket.seat === seat)) return refuseField(`/tickets/${index}/seat`, 'is not held')
    types.set(seat, ticketType)
  }
  return held.map((ticket) => ({ ...ticket, ticketType: types.get(ticket.seat ?? '') ?? ticket.ticketType }))
}

/** Refuses bodies that mix the two ways of booking, or name neither. */
export function judgeBookingInput(input: BookingInput): Refusal<'validation_failed'> | null {
  const { holdId, showtimeId, seats, count } = input
  if (holdId !== undefined) {
    const other = Object.entries({ showtimeId, seats, count }).find(([, value]) => value !== undefined)
    return other ? refuseField(`/${other[0]}`, 'does not go with holdId') : null
  }
  if (showtimeId === undefined) return refuseField('', 'needs holdId, or showtimeId with seats or count')
  if ((seats === undefined) === (count === undefined)) return refuseField('', 'needs exactly one of seats and count')
  return null
}
