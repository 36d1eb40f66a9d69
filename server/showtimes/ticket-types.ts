import { channels } from '../../contract/prices.ts'
import type { TicketType } from '../../contract/prices.ts'
import type { TicketTypeRow } from '../database/tables/showtimes.ts'
import { refuse } from '../platform/refusal.ts'
import type { Refusal } from '../platform/refusal.ts'

/** What every theatre sells without saying so; one that keeps a type with the same key has that instead. */
export const usualTicketTypes: readonly TicketType[] = [
  { id: 'adult', key: 'adult', name: 'Adult' },
  { id: 'child', key: 'child', name: 'Child' },
  { id: 'student', key: 'student', name: 'Student', proof: 'Student card' },
  { id: 'senior', key: 'senior', name: 'Senior' },
  { id: 'member', key: 'member', name: 'Member', proof: 'Membership card' },
]

/** A theatre's ticket types: the usual ones as it keeps them, then its own in the order of their keys. */
export function withUsualTypes(rows: readonly TicketTypeRow[]): TicketType[] {
  const own = new Map(rows.map((row) => [row.key, presentTicketType(row)]))
  const usual = usualTicketTypes.map((type) => own.get(type.key) ?? type)
  const usualKeys = new Set(usualTicketTypes.map((type) => type.key))
  const others = [...own.values()].filter((type) => !usualKeys.has(type.key))
  return [...usual, ...others.toSorted((one, other) => (one.key < other.key ? -1 : 1))]
}

export function presentTicketType(row: TicketTypeRow): TicketType {
  return {
    id: row.id,
    key: row.key,
    name: row.name,
    ...(row.proof !== null && { proof: row.proof }),
    ...(row.maxPerBooking !== null && { maxPerBooking: row.maxPerBooking }),
    ...(row.requires !== null && { requires: JSON.parse(row.requires) }),
    ...(row.channels !== null && { channels: JSON.parse(row.channels) }),
  }
}

type Conditions = Pick<TicketType, 'proof' | 'maxPerBooking' | 'requires' | 'channels'>

/** The columns of a type's conditions. Sold everywhere is the same as saying nothing about channels. */
export function conditionColumns({ proof, maxPerBooking, requires, channels: sold }: Conditions) {
  const everywhere = !sold || channels.every((channel) => sold.includes(channel))
  return {
    proof: proof ?? null,
    maxPerBooking: maxPerBooking ?? null,
    requires: requires ? JSON.stringify(requires) : null,
    channels: everywhere ? null : JSON.stringify(sold),
  }
}

/**
 * Whether the tickets of one booking may be sold together: types the channel sells, not more of one than it allows, and a
 * type that goes with another (a carer's, free beside a full price) not more often than its ratio. Refuses `ticket_type_rule`.
 */
export function judgeTicketRules(
  types: readonly TicketType[],
  tickets: readonly { readonly ticketType: string }[],
  channel: (typeof channels)[number],
): Refusal<'ticket_type_rule'> | null {
  const counts = new Map<string, number>()
  for (const { ticketType } of tickets) counts.set(ticketType, (counts.get(ticketType) ?? 0) + 1)
  for (const type of types) {
    const count = counts.get(type.key) ?? 0
    const broken = count > 0 && brokenRule(type, count, counts, channel)
    if (broken) return refuse('ticket_type_rule', broken, { extra: { ticketType: type.key } })
  }
  return null
}

function brokenRule(
  { name, maxPerBooking, requires, channels: sold }: TicketType,
  count: number,
  counts: ReadonlyMap<string, number>,
  channel: (typeof channels)[number],
): string | null {
  if (sold && !sold.includes(channel)) return `${name} is not sold ${channel === 'web' ? 'online' : 'at the counter'}.`
  if (maxPerBooking !== undefined && count > maxPerBooking) {
    return `${name}: no more than ${maxPerBooking} in one booking.`
  }
  if (requires && count > requires.ratio * (counts.get(requires.ticketType) ?? 0)) {
    return `${name}: ${requires.ratio} for each ${requires.ticketType}.`
  }
  return null
}
