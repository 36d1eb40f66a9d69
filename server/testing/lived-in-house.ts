import { cancelBooking } from '../../contract/bookings.ts'
import * as bookings from '../../contract/bookings.ts'
import type { Booking } from '../../contract/bookings.ts'
import { checkIn } from '../../contract/door.ts'
import { placeHold } from '../../contract/holds.ts'
import { createPayment, refundPayment } from '../../contract/payments.ts'
import { createPromotion } from '../../contract/promotions.ts'
import { closeShift, moveCash, openShift } from '../../contract/shifts.ts'
import { createVoucher } from '../../contract/vouchers.ts'
import type { Engine } from '../database/database.ts'
import { bookSeats, buySeats, holdSeats, readBooking } from './buying.ts'
import { startApp } from './harness.ts'
import type { TestApp } from './harness.ts'
import { makeShowtime } from './showtimes.ts'
import type { MadeShowtime } from './showtimes.ts'
import { signIn } from './sign-in.ts'

export interface LivedInHouse {
  readonly test: TestApp
  /** 40 reserved seats, A1 to E8. */
  readonly reserved: string
  /** 30 places of general admission. */
  readonly general: string
  /** Paid by the test provider, two seats. */
  readonly paid: Booking
  /** Paid at the counter, one ticket used. */
  readonly used: Booking
  /** Paid, then one of its three tickets cancelled. */
  readonly partly: Booking
  readonly cancelled: Booking
  readonly expired: Booking
  readonly pending: Booking
  readonly crowd: Booking
  /** A hold that is still live, in each showtime. */
  readonly liveHold: string
  readonly liveCrowdHold: string
  /** A hold that lapsed, and whose seat `paid` has bought since. */
  readonly lapsedHold: string
}

/** A house in which everything has happened: every status of a booking, both kinds of seating, refunds, scans, keys. */
export async function liveInHouse(engine: Engine): Promise<LivedInHouse> {
  const test = await startApp(engine, { environment: { MAX_HOLDS_PER_CLIENT: '0', ACCESS_TOKEN_SECONDS: '86400' } })
  const reserved = await makeShowtime(test)
  const general = (await makeShowtime(test, { layout: { seating: 'general', capacity: 30 } })).showtimeId
  const { showtimeId } = reserved
  const admin = await signIn(test, 'admin')
  const lapsedHold = (await holdSeats(test, showtimeId, ['A1'])).id
  const expired = await bookSeats(test, showtimeId, ['E1', 'E2'])
  test.clock.advance(700_000)
  const paid = await buySeats(test, showtimeId, ['A1', 'A2'])
  const used = await workShift(test, admin, reserved)
  const ticketId = used.tickets[0]?.id
  await test.call(checkIn, { body: { ticketId, showtimeId } }, admin)
  const partly = await buySeats(test, showtimeId, ['C1', 'C2', 'C3'])
  await test.call(
    cancelBooking,
    { params: { id: partly.id }, body: { tickets: [partly.tickets[0]?.id] } },
    { accessToken: partly.accessToken },
  )
  const cancelled = await buySeats(test, showtimeId, ['D1'])
  await test.call(cancelBooking, { params: { id: cancelled.id }, body: {} }, { accessToken: cancelled.accessToken })
  const crowd = await buySeats(test, general, 5)
  await test.call(
    refundPayment,
    { params: { id: crowd.payments[0]?.id }, body: { amount: { amount: 100, currency: 'GBP' } } },
    admin,
  )
  const keyed = { headers: { 'idempotency-key': 'the-first' } }
  const liveHold = (await holdSeats(test, showtimeId, ['E7', 'E8'], keyed)).id
  const liveCrowdHold = (await test.call(placeHold, { params: { id: general }, body: { count: 3 } })).body.id
  const pending = await bookWithKey(test, showtimeId)
  const voucher = { balance: { amount: 1_000, currency: 'GBP' }, code: 'GIFT' }
  await test.call(createVoucher, { body: voucher }, admin)
  await test.call(createPromotion, { body: { code: 'SPRING', percentOff: 10 } }, admin)
  await bookSeats(test, showtimeId, ['B7', 'B8'], { body: { voucherCode: 'GIFT', promoCode: 'SPRING' } })
  await test.app.house.outbox.runOnce()
  return {
    test,
    reserved: showtimeId,
    general,
    paid,
    used,
    partly,
    cancelled,
    expired,
    pending,
    crowd,
    liveHold,
    liveCrowdHold,
    lapsedHold,
  }
}

/** A till is opened, sells two seats for cash, gives some to the bank, and is counted: a penny is missing. */
async function workShift(
  test: TestApp,
  seller: { readonly token: string },
  { showtimeId, theatreId }: MadeShowtime,
): Promise<Booking> {
  const pounds = (amount: number) => ({ amount, currency: 'GBP' })
  const shift = (await test.call(openShift, { body: { theatreId, till: '1', float: pounds(5_000) } }, seller)).body
  const params = { id: shift.id }
  const { body } = await test.call(bookings.createBooking, { body: { showtimeId, seats: ['B1', 'B2'] } }, seller)
  const payment = { bookingId: body.id, provider: 'counter', tender: 'cash', shiftId: shift.id }
  await test.call(createPayment, { body: payment }, seller)
  await test.call(moveCash, { params, body: { amount: pounds(-1_000), reason: 'To the bank' } }, seller)
  await test.call(closeShift, { params, body: { counted: pounds(3_999 + body.total.amount) } }, seller)
  return await readBooking(test, body)
}

async function bookWithKey(test: TestApp, showtimeId: string): Promise<Booking> {
  const customer = { name: 'Eve Example', email: 'eve@example.com' }
  const body = { showtimeId, seats: ['E5', 'E6'], customer }
  return (await test.call(bookings.createBooking, { body }, { headers: { 'idempotency-key': 'the-second' } })).body
}
