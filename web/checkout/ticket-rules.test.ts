import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { TicketType } from '../../contract/prices.ts'
import { judgeTicketRules } from '../../server/showtimes/ticket-types.ts'
import { brokenRules, soldOnWeb } from './ticket-rules.ts'

const types: readonly TicketType[] = [
  { id: 'adult', key: 'adult', name: 'Adult' },
  { id: 'child', key: 'child', name: 'Child', maxPerBooking: 3 },
  { id: 'carer', key: 'carer', name: 'Carer', requires: { ticketType: 'adult', ratio: 1 } },
  { id: 'comp', key: 'comp', name: 'Comp', channels: ['counter'] },
]

test('only what is sold on the web is offered there', () => {
  expect(soldOnWeb(['adult', 'comp', 'guest'], types)).toEqual(['adult', 'guest'])
})

test('a condition is told with what it asks for', () => {
  expect(brokenRules(['adult', 'carer', 'carer'], types)).toEqual([
    { type: 'carer', name: 'Carer', rule: { beside: 'adult', ratio: 1 } },
  ])
  expect(brokenRules(['child', 'child', 'child', 'child'], types)).toMatchObject([{ rule: { most: 3 } }])
})

test('whatever is chosen, the page refuses exactly what the house would', () => {
  const chosen = fc.array(fc.constantFrom('adult', 'child', 'carer'), { minLength: 1, maxLength: 8 })
  fc.assert(
    fc.property(chosen, (tickets) => {
      const refused =
        judgeTicketRules(
          types,
          tickets.map((ticketType) => ({ ticketType })),
          'web',
        ) !== null
      expect(brokenRules(tickets, types).length > 0).toBe(refused)
    }),
  )
})
