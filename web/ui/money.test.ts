import { expect, test } from 'vitest'
import { readMoney, writeMoney } from './money.ts'

test.each([
  ['12.50', 'GBP', 1250],
  ['12,5', 'EUR', 1250],
  [' 12 ', 'EUR', 1200],
  ['0', 'EUR', 0],
  ['1200', 'JPY', 1200],
  ['1.234', 'KWD', 1234],
  ['', 'EUR', null],
  ['12.505', 'EUR', Number.NaN],
  ['1.5', 'JPY', Number.NaN],
  ['-1', 'EUR', Number.NaN],
  ['1.000,50', 'EUR', Number.NaN],
  ['twelve', 'EUR', Number.NaN],
])('%j in %s is %j minor units', (text, currency, amount) => {
  expect(readMoney(text, currency)).toBe(amount)
})

test('a sum is written as it is read', () => {
  for (const currency of ['GBP', 'JPY', 'KWD']) {
    for (const amount of [0, 5, 1250, 99_999]) expect(readMoney(writeMoney(amount, currency), currency)).toBe(amount)
  }
})
