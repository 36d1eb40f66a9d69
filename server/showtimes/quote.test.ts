import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isRefusal } from '../platform/refusal.ts'
import { discountAmount, quoteTickets, shareOut } from './quote.ts'
import type { Discount, Quote, QuoteRules, TicketToQuote } from './quote.ts'

const plain: QuoteRules = { ticketFee: 0, taxRatePercent: 0, pricesIncludeTax: true }
const prices = [
  { category: 'standard', ticketType: 'adult', amount: 1000 },
  { category: 'standard', ticketType: 'child', amount: 700 },
  { category: 'premium', ticketType: 'adult', amount: 1401 },
]
const adult: TicketToQuote = { seat: 'F12', category: 'standard', ticketType: 'adult' }
const child: TicketToQuote = { seat: 'F13', category: 'standard', ticketType: 'child' }

function quoted(tickets: TicketToQuote[], rules: QuoteRules, discount?: Discount): Quote {
  const quote = quoteTickets(prices, tickets, rules, discount)
  if (isRefusal(quote)) throw new Error(quote.detail)
  return quote
}

describe('a quote', () => {
  test('is the price of each ticket and a fee for each', () => {
    expect(quoted([adult, child], { ...plain, ticketFee: 50 })).toMatchObject({
      subtotal: 1700,
      discount: 0,
      fees: 100,
      tax: 0,
      total: 1800,
    })
  })

  test('shows the tax inside of the prices, or adds it, half up on each line', () => {
    expect(quoted([adult], { ...plain, taxRatePercent: 19 })).toMatchObject({ tax: 0, taxIncluded: 160, total: 1000 })
    expect(quoted([adult], { ...plain, taxRatePercent: 19, pricesIncludeTax: false })).toMatchObject({
      tax: 190,
      taxIncluded: 0,
      total: 1190,
    })
    // 8.875 % of 1000 is 88.75; of 700 is 62.125.
    expect(
      quoted([adult, child], { ...plain, taxRatePercent: 8.875, pricesIncludeTax: false }).lines.map(
        (line) => line.tax,
      ),
    ).toEqual([89, 62])
    // Exactly one half goes up: 0.05 % of 1000 is 0.5.
    expect(quoted([adult], { ...plain, taxRatePercent: 0.05, pricesIncludeTax: false }).tax).toBe(1)
  })

  test('takes a discount off the prices, never off the fees', () => {
    expect(quoted([adult, child], { ...plain, ticketFee: 50 }, { percentOff: 100 })).toMatchObject({
      discount: 1700,
      total: 100,
    })
    expect(quoted([adult, child], plain, { amountOff: 9999 })).toMatchObject({ discount: 1700, total: 0 })
    expect(quoted([adult, child], plain, { percentOff: 10 }).lines.map((line) => line.discount)).toEqual([100, 70])
  })

  test('refuses a ticket type without a price for the seat and names both', () => {
    const refused = quoteTickets(prices, [adult, { ...child, category: 'premium' }], plain)
    expect(refused).toMatchObject({
      code: 'ticket_type_not_sold',
      extra: { ticketType: 'child', category: 'premium', seat: 'F13' },
    })
  })
})

const amounts = fc.integer({ min: 0, max: 1_000_000_000 })

describe('sums are exact', () => {
  test('shares add up to the amount, none above its weight', () => {
    fc.assert(
      fc.property(
        fc.array(amounts, { minLength: 1, maxLength: 30 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (weights, part) => {
          const total = weights.reduce((sum, weight) => sum + weight, 0)
          const amount = Math.floor(total * part)
          const shares = shareOut(amount, weights)
          expect(shares.reduce((sum, share) => sum + share, 0)).toBe(amount)
          for (const [index, share] of shares.entries()) {
            expect(share).toBeGreaterThanOrEqual(0)
            expect(share).toBeLessThanOrEqual(weights[index] ?? 0)
          }
        },
      ),
    )
  })

  test('every line and every total balance, whatever the prices, rates and discounts', () => {
    const ticket = fc.record({
      category: fc.constantFrom('a', 'b'),
      ticketType: fc.constantFrom('adult', 'child'),
      seat: fc.constant(null),
    })
    const discounts = fc.oneof(
      fc.record({ amountOff: amounts }),
      fc.record({ percentOff: fc.integer({ min: 0, max: 1_000_000 }).map((parts) => parts / 10_000) }),
    )
    const rules = fc.record({
      ticketFee: fc.integer({ min: 0, max: 10_000 }),
      taxRatePercent: fc.integer({ min: 0, max: 1_000_000 }).map((parts) => parts / 10_000),
      pricesIncludeTax: fc.boolean(),
    })
    fc.assert(
      fc.property(
        fc.tuple(amounts, amounts, amounts, amounts),
        fc.array(ticket, { maxLength: 20 }),
        rules,
        discounts,
        (table, tickets, rule, discount) => {
          const rows = table.map((amount, index) => ({
            category: index < 2 ? 'a' : 'b',
            ticketType: index % 2 ? 'adult' : 'child',
            amount,
          }))
          const quote = quoteTickets(rows, tickets, rule, discount)
          if (isRefusal(quote)) throw new Error(quote.detail)
          expect(quote.total).toBe(quote.subtotal - quote.discount + quote.fees + quote.tax)
          expect(quote.total).toBe(quote.lines.reduce((sum, line) => sum + line.total, 0))
          expect(quote.discount).toBe(discountAmount(discount, quote.subtotal))
          for (const line of quote.lines) {
            expect(line.total).toBe(line.price - line.discount + line.fee + line.tax)
            expect(line.taxIncluded).toBeLessThanOrEqual(line.total)
            for (const part of [line.discount, line.tax, line.taxIncluded, line.total]) {
              expect(Number.isSafeInteger(part)).toBe(true)
              expect(part).toBeGreaterThanOrEqual(0)
            }
          }
        },
      ),
    )
  })
})
