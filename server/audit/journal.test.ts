import { expect, test } from 'vitest'
import { parseJournal } from './journal.ts'

test('a journal names what clients were told, with or without a key', () => {
  expect(parseJournal('hold hld_1 key-1\nconfirmed bkg_1\n\r\nrefund ref_1 k\r\n')).toEqual([
    { line: 1, table: 'holds', id: 'hld_1', confirmed: false },
    { line: 2, table: 'bookings', id: 'bkg_1', confirmed: true },
    { line: 4, table: 'refunds', id: 'ref_1', confirmed: false },
  ])
})

test('a last line without its end was never finished and counts for nothing', () => {
  expect(parseJournal('hold hld_1 k\nbooking bk')).toHaveLength(1)
  expect(parseJournal('')).toEqual([])
})

test('a line that means nothing is told by its number', () => {
  expect(parseJournal('hold hld_1 k\nseat F12 k\n')).toEqual({ unreadable: 2 })
  expect(parseJournal('hold\n')).toEqual({ unreadable: 1 })
  expect(parseJournal('constructor hld_1 k\n')).toEqual({ unreadable: 1 })
})
