import { expect, test } from 'vitest'
import type { Scan } from './door-store.ts'
import { judged } from './report-waiting.ts'

const scan: Scan = {
  id: 'scan-1',
  showtimeId: 'sho_1',
  ticketId: 'tkt_1',
  code: 'ABC',
  seat: 'F12',
  title: 'Nosferatu',
  at: '2026-11-21T19:31:00.000Z',
  state: 'waiting',
}
const atOnce = '2026-11-21T19:31:02.000Z'

test('two doors and one ticket in the same moment is a conflict', () => {
  expect(judged(scan, 'already_checked_in', atOnce)).toMatchObject({ state: 'conflict', firstAt: atOnce })
})

test('an answer that was lost on the way is no conflict with itself', () => {
  const asked = { ...scan, wasAsked: true }
  expect(judged(asked, 'already_checked_in', atOnce).state).toBe('done')
  expect(judged(asked, 'already_checked_in', '2026-11-21T19:05:00.000Z').state).toBe('conflict')
  expect(judged(asked, 'booking_cancelled', null).state).toBe('conflict')
})
