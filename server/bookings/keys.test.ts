import { expect, it } from 'vitest'
import * as bookings from '../../contract/bookings.ts'
import { readHold } from '../../contract/holds.ts'
import { readPayment } from '../../contract/payments.ts'
import { guestCustomer, holdSeats, payBooking } from '../testing/buying.ts'
import { onBothEngines, startApp } from '../testing/harness.ts'
import { makeShowtime } from '../testing/showtimes.ts'

onBothEngines('a guest’s key', (engine) => {
  it('opens its own hold, booking and payment, and nothing of anybody else', async () => {
    const test = await startApp(engine)
    const { showtimeId } = await makeShowtime(test)
    const buy = async (seat: string) => {
      const hold = await holdSeats(test, showtimeId, [seat])
      const body = { holdId: hold.id, customer: guestCustomer }
      const booking = (await test.call(bookings.createBooking, { body }, { accessToken: hold.token })).body
      return { hold, booking, payment: await payBooking(test, booking) }
    }
    const [mine, theirs] = [await buy('A1'), await buy('A2')]
    const things = [
      [readHold, mine.hold.id],
      [bookings.readBooking, mine.booking.id],
      [readPayment, mine.payment.id],
    ] as const
    const token = mine.booking.accessToken
    const wrong = [theirs.booking.accessToken, theirs.hold.token, mine.booking.id, mine.hold.id, 'x', `${token}x`]
    for (const [shape, id] of things) {
      for (const accessToken of [...wrong, token.slice(0, -1), token.toLowerCase()]) {
        expect((await test.call(shape, { params: { id } }, { accessToken })).status, `${shape.id} ${accessToken}`).toBe(
          404,
        )
      }
      expect((await test.call(shape, { params: { id } }, { accessToken: mine.hold.token })).status, shape.id).toBe(200)
    }
    expect(
      (await test.call(bookings.readBooking, { params: { id: mine.booking.id } }, { accessToken: token })).status,
    ).toBe(200)
  })
})
