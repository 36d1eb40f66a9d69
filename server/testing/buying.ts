import * as bookings from '../../contract/bookings.ts'
import type { Booking } from '../../contract/bookings.ts'
import * as holds from '../../contract/holds.ts'
import type { Hold } from '../../contract/holds.ts'
import * as payments from '../../contract/payments.ts'
import type { Payment } from '../../contract/payments.ts'
import type { As, TestApp } from './harness.ts'

export const guestCustomer = { name: 'Ada Example', email: 'ada@example.com' }

/** Holds seats (or places) of a showtime; asserts that it could. */
export async function holdSeats(
  test: TestApp,
  showtimeId: string,
  wish: readonly string[] | number,
  as?: As,
): Promise<Hold> {
  const body = typeof wish === 'number' ? { count: wish } : { seats: wish }
  return (await test.call(holds.placeHold, { params: { id: showtimeId }, body }, as)).body
}

/** Holds and books, as a guest unless told otherwise. */
export async function bookSeats(
  test: TestApp,
  showtimeId: string,
  wish: readonly string[] | number,
  more: { readonly as?: As; readonly body?: object } = {},
): Promise<Booking> {
  const hold = await holdSeats(test, showtimeId, wish, more.as)
  const body = { holdId: hold.id, customer: guestCustomer, ...more.body }
  return (await test.call(bookings.createBooking, { body }, more.as ?? { accessToken: hold.token })).body
}

/** Pays a booking with the test provider. */
export async function payBooking(test: TestApp, booking: Booking, outcome = 'succeed'): Promise<Payment> {
  const as = { accessToken: booking.accessToken }
  const payment = await test.call(payments.createPayment, { body: { bookingId: booking.id, provider: 'test' } }, as)
  return (await test.call(payments.confirmPayment, { params: { id: payment.body.id }, body: { outcome } }, as)).body
}

/** The booking as it is now. */
export async function readBooking(test: TestApp, booking: Booking): Promise<Booking> {
  const as = { accessToken: booking.accessToken }
  return (await test.call(bookings.readBooking, { params: { id: booking.id } }, as)).body
}

/** Holds, books and pays. */
export async function buySeats(test: TestApp, showtimeId: string, wish: readonly string[] | number): Promise<Booking> {
  const booking = await bookSeats(test, showtimeId, wish)
  await payBooking(test, booking)
  return await readBooking(test, booking)
}
