import { readStored, writeStored } from '../ui/stored.ts'
import type { Party } from './choice.ts'

/** What somebody has chosen for a showtime; it survives a reload. */
export interface Choice {
  readonly seats: readonly string[]
  readonly party: Party
  /** The party was said first: a tap then seats all of it. Otherwise it is as many as there are seats. */
  readonly isPartySaid: boolean
}

/** The hold that was placed for a showtime in this browser. */
interface KeptHold {
  readonly id: string
  readonly seats: readonly string[]
}

/** The choice for this showtime; for another one the party that was said last, as far as its ticket types are sold here. */
export function keptChoice(showtimeId: string, types: readonly string[]): Choice {
  const said = Object.entries(readStored<Party>('party', {})).filter(
    ([type, count]) => types.includes(type) && count > 0,
  )
  const party: Party = said.length > 0 ? Object.fromEntries(said) : { [types[0] ?? 'adult']: 2 }
  return readStored<Choice>(`choice.${showtimeId}`, { seats: [], party, isPartySaid: said.length > 0 })
}

/** Who comes along is said once, for every showtime. */
export function keepParty(party: Party): void {
  writeStored('party', party)
}

export function keepChoice(showtimeId: string, choice: Choice): void {
  writeStored(`choice.${showtimeId}`, choice)
}

export function keptHold(showtimeId: string): KeptHold | null {
  return readStored<KeptHold | null>(`hold.${showtimeId}`, null)
}

export function keepHold(showtimeId: string, hold: KeptHold | null): void {
  writeStored(`hold.${showtimeId}`, hold)
}

/** The unpaid booking that a hold became, if it did. */
export function bookingOf(holdId: string): string | null {
  return readStored<string | null>(`booking-of.${holdId}`, null)
}

export function keepBookingOf(holdId: string, bookingId: string | null): void {
  writeStored(`booking-of.${holdId}`, bookingId)
}
