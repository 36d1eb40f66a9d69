import { expect, test } from 'vitest'
import { csvLine } from './csv.ts'

test('quotes what needs quotes and ends in CRLF', () => {
  expect(csvLine(['plain', 'with, comma', 'with "quotes"', 'two\nlines', null, undefined, 0])).toBe(
    'plain,"with, comma","with ""quotes""","two\nlines",,,0\r\n',
  )
})

test.each(['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', '\n=1', '＝1', '＠SUM(A1)'])(
  'a text that begins like a formula is no formula: %j',
  (text) => {
    expect(csvLine([text])).toContain(`'${text}`)
  },
)

test('numbers below zero stay numbers', () => {
  expect(csvLine([-1250, 12.5])).toBe('-1250,12.5\r\n')
})
