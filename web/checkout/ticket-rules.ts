import type { TicketType } from '../../contract/prices.ts'

/** A condition that a choice of tickets does not meet. */
export interface BrokenRule {
  readonly type: string
  /** The name of the type, as the theatre says it. */
  readonly name: string
  /** What it goes with and how many of it there may be for each; or how many there may be at all. */
  readonly rule: { readonly beside: string; readonly ratio: number } | { readonly most: number }
}

/** The ticket types of a showtime that may be bought on the web; what nobody has a rule for may be. */
export function soldOnWeb(sold: readonly string[], types: readonly TicketType[]): string[] {
  const elsewhere = new Set(types.flatMap(({ key, channels }) => (channels && !channels.includes('web') ? key : [])))
  return sold.filter((key) => !elsewhere.has(key))
}

/** Every condition that these tickets do not meet. Source: `judgeTicketRules` of the house, which has the last word. */
export function brokenRules(chosen: readonly string[], types: readonly TicketType[]): BrokenRule[] {
  const countOf = (type: string) => chosen.filter((each) => each === type).length
  return types.flatMap(({ key: type, name, maxPerBooking, requires }): BrokenRule[] => {
    const count = countOf(type)
    if (maxPerBooking !== undefined && count > maxPerBooking) return [{ type, name, rule: { most: maxPerBooking } }]
    if (requires && count > requires.ratio * countOf(requires.ticketType)) {
      return [{ type, name, rule: { beside: requires.ticketType, ratio: requires.ratio } }]
    }
    return []
  })
}
