import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { PriceRule } from '../../../contract/prices.ts'
import { fromPriceList } from '../../../server/showtimes/pricing.ts'
import { always, bandsOf, cellKey, isTwin, isWrong, rulesOf, weekdays, withPrice } from './bands.ts'

const clock = fc.constantFrom('06:00', '11:30', '17:00', '22:00', '00:30')
const anyRule: fc.Arbitrary<PriceRule> = fc
  .record(
    {
      category: fc.constantFrom('standard', 'premium', 'box: left'),
      ticketType: fc.constantFrom('adult', 'child'),
      price: fc.integer({ min: 0, max: 100_000 }).map((amount) => ({ amount, currency: 'EUR' })),
      days: fc.uniqueArray(fc.constantFrom(...weekdays), { minLength: 1, maxLength: 7 }),
      from: clock,
      until: clock,
    },
    { requiredKeys: ['category', 'ticketType', 'price'] },
  )
  .filter(({ from, until }) => from === undefined || from !== until)
const anyStart = fc.record({
  businessDate: fc.integer({ min: 1, max: 28 }).map((day) => `2026-02-${String(day).padStart(2, '0')}`),
  timeOfDay: clock,
  businessDayStartsAt: fc.constant('06:00'),
})

describe('the grid of a price list', () => {
  test('says of every start what its rules said', () => {
    fc.assert(
      fc.property(fc.array(anyRule, { maxLength: 12 }), anyStart, (rules, start) => {
        const categories = ['standard', 'premium', 'box: left']
        const table = (from: readonly PriceRule[]) =>
          fromPriceList(from, start, categories)
            .map((row) => JSON.stringify(row))
            .toSorted()
        const [plain] = bandsOf([])
        const again = rulesOf(bandsOf(rules), 'EUR')
        expect(bandsOf(again)).toEqual(bandsOf(rules))
        // Of bands with as many conditions the first counts: what was first in the list stays first.
        if (new Set(rules.map((rule) => JSON.stringify([rule.days?.length, rule.from, rule.until]))).size < 2)
          expect(table(again)).toEqual(table(rules))
        expect(plain).toEqual(always)
      }),
    )
  })

  test('keeps what holds always first, and of two prices for one pair the first', () => {
    const price = (amount: number) => ({ amount, currency: 'EUR' })
    const matinee: PriceRule = { category: 'standard', ticketType: 'adult', until: '17:00', price: price(700) }
    const rule: PriceRule = { category: 'standard', ticketType: 'adult', price: price(950) }
    const bands = bandsOf([matinee, rule, { ...rule, price: price(1) }])
    expect(bands.map(({ until, prices }) => [until, prices.get(cellKey('standard', 'adult'))])).toEqual([
      ['', '9.50'],
      ['17:00', '7.00'],
    ])
    expect(rulesOf(bands, 'EUR')).toEqual([rule, matinee])
  })

  test('knows what is no sum, what is empty, and what holds at the same times', () => {
    const key = cellKey('standard', 'adult')
    expect(isWrong('9,5', 'EUR')).toBe(false)
    expect(isWrong('nine', 'EUR')).toBe(true)
    const typed = withPrice(always, key, 'nine')
    expect(rulesOf([typed], 'EUR')).toEqual([])
    expect(withPrice(typed, key, ' ').prices.size).toBe(0)
    const other = { ...always, days: ['monday'] as const }
    expect([isTwin([always, typed], typed), isTwin([always, other], other)]).toEqual([true, false])
  })
})
