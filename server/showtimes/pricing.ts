import type { Static } from 'typebox'
import type { Money } from '../../contract/common.ts'
import type { Price, PriceRule } from '../../contract/prices.ts'
import { weekdays } from '../../contract/venues.ts'
import type { FieldProblem } from '../http/validate.ts'
import { dayOfWeek } from '../platform/time.ts'

/** A cell of a showtime's price table as it is kept: `amount` in minor units of the showtime's currency. */
export interface PriceRow {
  readonly category: string
  readonly ticketType: string
  readonly amount: number
}

/** A table, or what keeps it from being one: `prices` counts only when there are no `problems`. */
export interface Priced {
  readonly prices: readonly PriceRow[]
  readonly problems: readonly FieldProblem[]
}

/** What a price is judged against. */
export interface PriceContext {
  readonly currency: string
  /** The price categories of the seats. */
  readonly categories: readonly string[]
  /** The keys of the theatre's ticket types. */
  readonly ticketTypes: ReadonlySet<string>
}

/** When a showtime starts, in the theatre's terms. */
export interface StartInTheatre {
  readonly businessDate: string
  /** `HH:MM` on the wall. */
  readonly timeOfDay: string
  readonly businessDayStartsAt: string
}

/** What a ticket costs, minor units; undefined when the pair is not sold. */
export function unitPrice(prices: readonly PriceRow[], category: string, ticketType: string): number | undefined {
  return prices.find((row) => row.category === category && row.ticketType === ticketType)?.amount
}

/** An adult's price, the same in every category. */
export function fromBasePrice(base: Static<typeof Money>, context: PriceContext): Priced {
  return {
    prices: context.categories.map((category) => ({ category, ticketType: 'adult', amount: base.amount })),
    problems: wrongCurrency(base, context, '/basePrice'),
  }
}

/** A table as it is sent in: in the theatre's currency, ticket types that it has, no pair twice. */
export function fromPrices(prices: readonly Price[], context: PriceContext): Priced {
  const problems: FieldProblem[] = []
  const seen = new Set<string>()
  for (const [index, { category, ticketType, price }] of prices.entries()) {
    const path = `/prices/${index}`
    problems.push(...wrongCurrency(price, context, `${path}/price`), ...unknownTicketType(ticketType, context, path))
    const pair = JSON.stringify([category, ticketType])
    if (seen.has(pair)) problems.push({ path, message: `gives ${ticketType} in ${category} a second price` })
    seen.add(pair)
  }
  return { prices: prices.map(cellOf), problems }
}

function cellOf({ category, ticketType, price }: Price): PriceRow {
  return { category, ticketType, amount: price.amount }
}

/** What is wrong with the rules of a price list. */
export function priceRuleProblems(
  rules: readonly PriceRule[],
  context: Pick<PriceContext, 'currency' | 'ticketTypes'>,
): FieldProblem[] {
  return rules.flatMap(({ price, ticketType, from, until }, index) => {
    const path = `/rules/${index}`
    return [
      ...wrongCurrency(price, context, `${path}/price`),
      ...unknownTicketType(ticketType, context, path),
      ...(from !== undefined && from === until ? [{ path: `${path}/until`, message: 'must differ from `from`' }] : []),
    ]
  })
}

/**
 * The table that a price list makes for a start: for each category and ticket type the rule that holds; where several do, the
 * one with more conditions (a Tuesday matinée before any matinée before the rule for always), then the one that stands first.
 */
export function fromPriceList(
  rules: readonly PriceRule[],
  start: StartInTheatre,
  categories: readonly string[],
): PriceRow[] {
  const chosen = new Map<string, PriceRule>()
  for (const rule of rules) {
    if (!categories.includes(rule.category) || !holds(rule, start)) continue
    const pair = JSON.stringify([rule.category, rule.ticketType])
    const other = chosen.get(pair)
    if (!other || conditions(rule) > conditions(other)) chosen.set(pair, rule)
  }
  return [...chosen.values()].map(cellOf)
}

/** Clock times are compared from the start of the business day: half past midnight is late, not early. */
function holds({ days, from, until }: PriceRule, start: StartInTheatre): boolean {
  const weekday = weekdays[dayOfWeek(start.businessDate) - 1]
  if (days && (!weekday || !days.includes(weekday))) return false
  const dayStart = minutesOf(start.businessDayStartsAt)
  const minutesIntoDay = (clock: string) => (minutesOf(clock) - dayStart + 1440) % 1440
  const starts = minutesIntoDay(start.timeOfDay)
  if (from !== undefined && starts < minutesIntoDay(from)) return false
  return until === undefined || starts < (minutesIntoDay(until) || 1440)
}

function minutesOf(clock: string): number {
  const [hours = 0, minutes = 0] = clock.split(':').map(Number)
  return hours * 60 + minutes
}

function conditions({ days, from, until }: PriceRule): number {
  return [days, from, until].filter((condition) => condition !== undefined).length
}

/** The cells that keep a draft from being published: categories without an adult's price, and prices of nothing. */
export function priceGaps(
  prices: readonly PriceRow[],
  categories: readonly string[],
): { category: string; ticketType: string; problem: 'missing' | 'zero' }[] {
  return [
    ...categories
      .filter((category) => unitPrice(prices, category, 'adult') === undefined)
      .map((category) => ({ category, ticketType: 'adult', problem: 'missing' as const })),
    ...prices
      .filter((row) => row.amount === 0)
      .map(({ category, ticketType }) => ({ category, ticketType, problem: 'zero' as const })),
  ]
}

/** The table as answers show it. */
export function presentPrices(prices: readonly PriceRow[], currency: string): Price[] {
  return prices.map(({ category, ticketType, amount }) => ({ category, ticketType, price: { amount, currency } }))
}

function wrongCurrency(price: Static<typeof Money>, { currency }: { currency: string }, path: string): FieldProblem[] {
  if (price.currency === currency) return []
  return [{ path: `${path}/currency`, message: `must be ${currency}, the currency of the theatre` }]
}

function unknownTicketType(
  key: string,
  { ticketTypes }: { ticketTypes: ReadonlySet<string> },
  path: string,
): FieldProblem[] {
  if (ticketTypes.has(key)) return []
  return [{ path: `${path}/ticketType`, message: `${key} is no ticket type of this theatre` }]
}
