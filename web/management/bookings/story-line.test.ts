import { expect, test } from 'vitest'
import type { BookingStory } from '../../../contract/administration.ts'
import { storyLine } from './story-line.ts'

const at = (minute: number) => `2026-11-21T19:${String(minute).padStart(2, '0')}:00Z`
const gbp = (amount: number) => ({ amount, currency: 'GBP' })

const story = {
  id: 'bkg_1',
  channel: 'web',
  createdAt: at(1),
  confirmedAt: at(3),
  cancelledAt: null,
  cancelReason: null,
  tickets: [{ id: 'tkt_1', seat: 'F7' }],
  holds: [{ id: 'hld_1', status: 'booked', seats: ['F7'], count: 1, createdAt: at(0) }],
  payments: [
    { id: 'pay_1', provider: 'test', status: 'failed', amount: gbp(1250), refunds: [], createdAt: at(2) },
    {
      id: 'pay_2',
      provider: 'test',
      status: 'partially_refunded',
      amount: gbp(1250),
      createdAt: at(3),
      refunds: [{ id: 'ref_1', amount: gbp(500), reason: 'Cold hall', createdAt: at(9) }],
    },
  ],
  mails: [
    { id: 'job_1', kind: 'booking.confirmed', createdAt: at(3), doneAt: at(4), attempts: 1, lastError: null },
    { id: 'job_2', kind: 'payment.capture', createdAt: at(3), doneAt: at(4), attempts: 1, lastError: null },
    { id: 'job_3', kind: 'booking.cancelled', createdAt: at(5), doneAt: null, attempts: 2, lastError: 'no route' },
  ],
  scans: [
    { id: 'chk_1', ticketId: 'tkt_1', outcome: 'admitted', at: at(7), undoneAt: at(8) },
    { id: 'chk_2', ticketId: 'tkt_1', outcome: 'wrong_showtime', at: at(6), undoneAt: null },
  ],
} as unknown as BookingStory

test('the story of a booking is told once and in order: held, booked, declined, paid, mailed, let in, given back', () => {
  expect(storyLine(story).map(({ kind, detail, amount }) => [kind, detail, amount])).toEqual([
    ['held', 'F7', null],
    ['booked', 'web', null],
    ['payment_failed', 'test', 1250],
    ['paid', 'test', 1250],
    ['confirmed', '', null],
    ['mailed', 'booking.confirmed', null],
    ['mail_waits', 'no route', null],
    ['turned_away', 'F7, wrong_showtime', null],
    ['admitted', 'F7', null],
    ['undone', 'F7', null],
    ['refunded', 'Cold hall', 500],
  ])
})

test('what went wrong stands out', () => {
  const tones = storyLine(story).filter(({ tone }) => tone === 'bad')
  expect(tones.map(({ kind }) => kind)).toEqual(['payment_failed', 'mail_waits', 'turned_away'])
})
