import type { BookingInput } from '../../contract/bookings.ts'
import type { Layout } from '../../contract/layouts.ts'
import type { HoldRow } from '../database/tables/ledger.ts'
import type { TicketTypeRow } from '../database/tables/showtimes.ts'
import type { Channel, HoldTerms } from '../holds/model.ts'
import { ticketsOfHold } from '../holds/present.ts'
import { isRefusal, refuse, refuseField } from '../platform/refusal.ts'
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

/** Judges the conditions of a theatre's own ticket types: how many, beside whom, and where they are sold. */
export function judgeTicketTypes(
  tickets: readonly TicketToQuote[],
  types: readonly TicketTypeRow[],
  channel: Channel,
): Refusal<'ticket_type_rule'> | null {
  for (const type of types) {
    const count = tickets.filter(({ ticketType }) => ticketType === type.key).length
    const refused = count === 0 ? null : judgeTicketType(type, count, tickets, channel)
    if (isRefusal(refused)) return refused
  }
  return null
}

function judgeTicketType(
  type: TicketTypeRow,
  count: number,
  tickets: readonly TicketToQuote[],
  channel: Channel,
): Refusal<'ticket_type_rule'> | null {
  const refused = (detail: string) => refuse('ticket_type_rule', detail, { extra: { ticketType: type.key } })
  const channels: string[] | null = type.channels === null ? null : JSON.parse(type.channels)
  if (channels && !channels.includes(channel)) return refused(`${type.name} is sold only at: ${channels.join(', ')}.`)
  if (type.maxPerBooking !== null && count > type.maxPerBooking) {
    return refused(`At most ${type.maxPerBooking} of ${type.name} in one booking.`)
  }
  if (type.requires === null) return null
  const requires: { ticketType: string; ratio: number } = JSON.parse(type.requires)
  const beside = tickets.filter(({ ticketType }) => ticketType === requires.ticketType).length
  return count <= beside * requires.ratio ? null : refused(`${type.name} goes with ${requires.ticketType}.`)
}
