import { refuse } from '../platform/refusal.ts'
import type { Refusal } from '../platform/refusal.ts'
import { unitPrice } from './pricing.ts'
import type { PriceRow } from './pricing.ts'

/** A ticket to be priced; `seat` is null in general admission. */
export interface TicketToQuote {
  readonly seat: string | null
  readonly category: string
  readonly ticketType: string
}

/** What a theatre's settings say about money. */
export interface QuoteRules {
  /** Added for every ticket, minor units. */
  readonly ticketFee: number
  /** 0 to 100; up to four decimals count. */
  readonly taxRatePercent: number
  /** Whether the tax is inside the prices (it is only shown) or comes on top. */
  readonly pricesIncludeTax: boolean
}

/** Off the prices, never off the fees, and never more than the prices come to. `percentOff`: up to four decimals count. */
export type Discount = { readonly percentOff: number } | { readonly amountOff: number }

/** One ticket's money, in integer minor units: `total = price - discount + fee + tax`; `taxIncluded` is a part of that total. */
export interface QuoteLine extends TicketToQuote {
  readonly price: number
  readonly discount: number
  readonly fee: number
  readonly tax: number
  readonly taxIncluded: number
  readonly total: number
}

/** The sums of the lines, each exact: `total = subtotal - discount + fees + tax`. */
export interface Quote {
  readonly lines: readonly QuoteLine[]
  readonly subtotal: number
  readonly discount: number
  readonly fees: number
  readonly tax: number
  readonly taxIncluded: number
  readonly total: number
}

const partsPerPercent = 10_000n
const whole = 100n * partsPerPercent

/**
 * Prices tickets by a showtime's table. Tax is rounded half up on each line, so that lines always add up to the totals;
 * a discount is shared out by price to the last minor unit. Refuses `ticket_type_not_sold` for a pair without a price.
 */
export function quoteTickets(
  prices: readonly PriceRow[],
  tickets: readonly TicketToQuote[],
  rules: QuoteRules,
  discount: Discount = { amountOff: 0 },
): Quote | Refusal<'ticket_type_not_sold'> {
  const priced: (TicketToQuote & { price: number })[] = []
  for (const ticket of tickets) {
    const price = unitPrice(prices, ticket.category, ticket.ticketType)
    if (price === undefined) return notSold(ticket)
    priced.push({ seat: ticket.seat, category: ticket.category, ticketType: ticket.ticketType, price })
  }
  const unitPrices = priced.map((ticket) => ticket.price)
  const shares = shareOut(discountAmount(discount, sum(unitPrices)), unitPrices)
  return quoteOf(priced.map((ticket, index) => lineOf(ticket, shares[index] ?? 0, rules)))
}

function notSold(ticket: TicketToQuote): Refusal<'ticket_type_not_sold'> {
  const { seat, category, ticketType } = ticket
  return refuse('ticket_type_not_sold', `There is no price for ${ticketType} in ${category}.`, {
    extra: { ticketType, category, ...(seat !== null && { seat }) },
  })
}

function lineOf(ticket: TicketToQuote & { price: number }, discount: number, rules: QuoteRules): QuoteLine {
  const fee = rules.ticketFee
  const due = ticket.price - discount + fee
  const rate = parts(rules.taxRatePercent)
  const taxed = BigInt(due) * rate
  const tax = rules.pricesIncludeTax ? 0 : divideHalfUp(taxed, whole)
  const taxIncluded = rules.pricesIncludeTax ? divideHalfUp(taxed, whole + rate) : 0
  return { ...ticket, discount, fee, tax, taxIncluded, total: due + tax }
}

function quoteOf(lines: readonly QuoteLine[]): Quote {
  return {
    lines,
    subtotal: sum(lines.map((line) => line.price)),
    discount: sum(lines.map((line) => line.discount)),
    fees: sum(lines.map((line) => line.fee)),
    tax: sum(lines.map((line) => line.tax)),
    taxIncluded: sum(lines.map((line) => line.taxIncluded)),
    total: sum(lines.map((line) => line.total)),
  }
}

/** What a discount comes to on a sum, minor units, half up: at most the sum itself. */
export function discountAmount(discount: Discount, subtotal: number): number {
  const amount =
    'amountOff' in discount ? discount.amountOff : divideHalfUp(BigInt(subtotal) * parts(discount.percentOff), whole)
  return Math.min(amount, subtotal)
}

/**
 * Splits an amount in proportion to weights, exactly: everybody gets the whole part, and the rest goes one by one to the
 * largest remainders (the earlier first when they are equal). No share is above its weight when the amount is not above their sum.
 */
export function shareOut(amount: number, weights: readonly number[]): number[] {
  const total = sum(weights)
  if (amount === 0 || total === 0) return weights.map(() => 0)
  const exact = weights.map((weight, index) => {
    const product = BigInt(amount) * BigInt(weight)
    return { index, floor: Number(product / BigInt(total)), remainder: product % BigInt(total) }
  })
  const shares = exact.map((share) => share.floor)
  const left = amount - sum(shares)
  const byRemainder = exact.toSorted((one, other) => Number(other.remainder - one.remainder) || one.index - other.index)
  for (const { index } of byRemainder.slice(0, left)) shares[index] = (shares[index] ?? 0) + 1
  return shares
}

function parts(percent: number): bigint {
  return BigInt(Math.round(percent * Number(partsPerPercent)))
}

/** Rounds to the nearest integer, halves up; for numbers that are not below zero. */
function divideHalfUp(numerator: bigint, denominator: bigint): number {
  return Number((numerator * 2n + denominator) / (denominator * 2n))
}

function sum(amounts: readonly number[]): number {
  return amounts.reduce((total, amount) => total + amount, 0)
}
