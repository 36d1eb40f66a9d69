import { expect, test } from 'vitest'
import type { Booking } from '../../contract/bookings.ts'
import { differenceOf } from './difference.ts'

test('what was given back before is not given back twice', () => {
  const money = (amount: number) => ({ amount, currency: 'GBP' })
  const none = money(0)
  const booking: Booking = {
    id: 'bkg_1',
    reference: 'K7QF3M',
    status: 'confirmed',
    expiresAt: null,
    showtimeId: 'sho_1',
    theatreId: 'thr_1',
    userId: null,
    customer: { name: null, email: null, phone: null, locale: null },
    channel: 'web',
    tickets: [],
    subtotal: none,
    discount: none,
    fees: none,
    tax: none,
    taxIncluded: none,
    total: none,
    paid: money(2500),
    refunded: money(500),
    accessToken: '',
    payments: [],
    createdAt: '2026-11-21T18:00:00Z',
    confirmedAt: null,
    cancelledAt: null,
  }
  expect(differenceOf(booking, { ...booking, refunded: money(1500) })).toBe(-1000)
  expect(differenceOf(booking, { ...booking, paid: money(2800) })).toBe(300)
  expect(differenceOf(booking, booking)).toBe(0)
})
