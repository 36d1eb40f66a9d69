import { describe, expect, test } from 'vitest'
import type { PriceRule } from '../../contract/prices.ts'
import { fromBasePrice, fromPriceList, fromPrices, priceGaps, priceRuleProblems, unitPrice } from './pricing.ts'

const context = {
  currency: 'EUR',
  categories: ['premium', 'standard'],
  ticketTypes: new Set(['adult', 'child', 'senior']),
}
const euros = (amount: number) => ({ amount, currency: 'EUR' })
const thursdayEvening = { businessDate: '2026-12-24', timeOfDay: '19:30', businessDayStartsAt: '06:00' }

describe('the table of a showtime', () => {
  test('a base price is an adult’s, in every category', () => {
    expect(fromBasePrice(euros(1250), context).prices).toEqual([
      { category: 'premium', ticketType: 'adult', amount: 1250 },
      { category: 'standard', ticketType: 'adult', amount: 1250 },
    ])
    expect(fromBasePrice({ amount: 1250, currency: 'GBP' }, context).problems).toEqual([
      { path: '/basePrice/currency', message: 'must be EUR, the currency of the theatre' },
    ])
  })

  test('every cell that is wrong is named', () => {
    const { problems } = fromPrices(
      [
        { category: 'standard', ticketType: 'adult', price: euros(1000) },
        { category: 'standard', ticketType: 'adult', price: euros(900) },
        { category: 'standard', ticketType: 'pirate', price: { amount: 1, currency: 'USD' } },
      ],
      context,
    )
    expect(problems.map((problem) => problem.path)).toEqual([
      '/prices/1',
      '/prices/2/price/currency',
      '/prices/2/ticketType',
    ])
  })

  test('a pair without a price is not sold', () => {
    const { prices } = fromBasePrice(euros(1250), context)
    expect(unitPrice(prices, 'premium', 'adult')).toBe(1250)
    expect(unitPrice(prices, 'premium', 'child')).toBeUndefined()
  })

  test('what is missing or costs nothing is named before it is published', () => {
    const prices = [
      { category: 'standard', ticketType: 'adult', amount: 0 },
      { category: 'premium', ticketType: 'child', amount: 500 },
    ]
    expect(priceGaps(prices, ['premium', 'standard'])).toEqual([
      { category: 'premium', ticketType: 'adult', problem: 'missing' },
      { category: 'standard', ticketType: 'adult', problem: 'zero' },
    ])
  })
})

describe('price lists', () => {
  const rule = (amount: number, rest: Partial<PriceRule> = {}): PriceRule => ({
    category: 'standard',
    ticketType: 'adult',
    price: euros(amount),
    ...rest,
  })
  const rules = [
    rule(1200),
    rule(1100, { until: '17:00' }),
    rule(900, { days: ['tuesday'] }),
    rule(700, { days: ['tuesday'], until: '17:00' }),
    rule(600, { ticketType: 'child' }),
    rule(1500, { category: 'royal box' }),
  ]
  const adultAt = (businessDate: string, timeOfDay: string) =>
    unitPrice(fromPriceList(rules, { ...thursdayEvening, businessDate, timeOfDay }, ['standard']), 'standard', 'adult')

  test('the rule with more conditions wins: a Tuesday matinée, any matinée, always', () => {
    expect(adultAt('2026-12-24', '19:30')).toBe(1200)
    expect(adultAt('2026-12-24', '16:59')).toBe(1100)
    expect(adultAt('2026-12-24', '17:00')).toBe(1200)
    expect(adultAt('2026-12-22', '19:30')).toBe(900)
    expect(adultAt('2026-12-22', '11:00')).toBe(700)
  })

  test('half past midnight is late on the evening before, not an early matinée', () => {
    expect(adultAt('2026-12-24', '00:30')).toBe(1200)
    expect(adultAt('2026-12-22', '00:30')).toBe(900)
  })

  test('only the categories of the hall are priced', () => {
    expect(fromPriceList(rules, thursdayEvening, ['standard'])).toEqual([
      { category: 'standard', ticketType: 'adult', amount: 1200 },
      { category: 'standard', ticketType: 'child', amount: 600 },
    ])
    expect(
      fromPriceList([rule(1, { from: '22:00', until: '02:00' })], { ...thursdayEvening, timeOfDay: '01:00' }, [
        'standard',
      ]),
    ).toHaveLength(1)
  })

  test('rules in another currency, of no known type or of no time are named', () => {
    const problems = priceRuleProblems(
      [rule(1, { price: { amount: 1, currency: 'GBP' } }), rule(1, { ticketType: 'x', from: '10:00', until: '10:00' })],
      context,
    )
    expect(problems.map((problem) => problem.path)).toEqual([
      '/rules/0/price/currency',
      '/rules/1/ticketType',
      '/rules/1/until',
    ])
  })
})
