import { expect, it } from 'vitest'
import * as bookings from '../../contract/bookings.ts'
import * as holds from '../../contract/holds.ts'
import * as payments from '../../contract/payments.ts'
import { bookSeats, buySeats, guestCustomer, holdSeats, payBooking, readBooking } from '../testing/buying.ts'
import type { Engine } from '../database/database.ts'
import { onBothEngines, startApp } from '../testing/harness.ts'
import { makeShowtime } from '../testing/showtimes.ts'
import type { ShowtimeWish } from '../testing/showtimes.ts'
import { signIn } from '../testing/sign-in.ts'

async function stage(engine: Engine, wish: ShowtimeWish = {}) {
  const test = await startApp(engine, { environment: { MAX_HOLDS_PER_CLIENT: '0' } })
  const made = await makeShowtime(test, wish)
  const counts = async () => (await test.call(holds.readSeatMap, { params: { id: made.showtimeId } })).body.counts
  return { test, ...made, counts }
}

onBothEngines('booking and paying', (engine) => {
  it('sells a seat: held, booked, paid, with a code on every ticket', async () => {
    const { test, showtimeId, counts } = await stage(engine)
    const booking = await bookSeats(test, showtimeId, ['C4', 'C5'], {
      body: {
        tickets: [
          { seat: 'C5', ticketType: 'child' },
          { seat: 'C4', ticketType: 'adult' },
        ],
      },
    })
    expect(booking).toMatchObject({ status: 'pending', total: { amount: 2125 }, paid: { amount: 0 }, channel: 'web' })
    expect(booking.reference).toMatch(/^[2-9A-Z]{6}$/)
    expect(booking.tickets.map(({ seat, ticketType, price }) => [seat, ticketType, price.amount])).toEqual([
      ['C4', 'adult', 1250],
      ['C5', 'child', 875],
    ])
    expect(booking.tickets.every((ticket) => ticket.code === undefined)).toBe(true)
    expect(await counts()).toMatchObject({ held: 2, booked: 0 })
    const payment = await payBooking(test, booking)
    expect(payment).toMatchObject({ status: 'succeeded', amount: { amount: 2125 } })
    const paid = await readBooking(test, booking)
    expect(paid).toMatchObject({ status: 'confirmed', paid: { amount: 2125 }, expiresAt: null })
    expect(paid.tickets.every((ticket) => ticket.code && ticket.qrUrl)).toBe(true)
    expect(await counts()).toMatchObject({ held: 0, booked: 2 })
    await test.app.house.outbox.runOnce()
    expect((await readBooking(test, booking)).payments[0]?.capturedAt).not.toBeNull()
  })

  it('is made from a hold by who has its token or made it, and only once', async () => {
    const { test, showtimeId } = await stage(engine)
    const hold = await holdSeats(test, showtimeId, ['A1'])
    const body = { holdId: hold.id, customer: guestCustomer }
    expect((await test.call(bookings.createBooking, { body })).problem.code).toBe('not_found')
    const made = await test.call(bookings.createBooking, { body }, { accessToken: hold.token })
    expect(made.status).toBe(201)
    const again = await test.call(bookings.createBooking, { body }, { accessToken: hold.token })
    expect(again.problem).toMatchObject({ status: 409, code: 'hold_already_booked', bookingId: made.body.id })
    const read = await test.call(holds.readHold, { params: { id: hold.id } }, { accessToken: hold.token })
    expect(read.body.bookingId).toBe(made.body.id)
    const byHoldToken = await test.call(
      bookings.readBooking,
      { params: { id: made.body.id } },
      { accessToken: hold.token },
    )
    expect(byHoldToken.body.reference).toBe(made.body.reference)
  })

  it('books in one step, by the same rules as a hold', async () => {
    const { test, showtimeId } = await stage(engine)
    const body = { showtimeId, seats: ['B1', 'B2'], customer: guestCustomer }
    const made = await test.call(bookings.createBooking, { body })
    expect(made.body.tickets).toHaveLength(2)
    expect((await test.call(bookings.createBooking, { body })).problem).toMatchObject({
      code: 'seats_unavailable',
      seats: ['B1', 'B2'],
    })
    const unknown = await test.call(bookings.createBooking, { body: { ...body, seats: ['B3', 'Z1'] } })
    expect(unknown.problem.code).toBe('unknown_seats')
    const unsold = { ...body, seats: ['B3'], tickets: [{ seat: 'B3', ticketType: 'student' }] }
    expect((await test.call(bookings.createBooking, { body: unsold })).problem.code).toBe('ticket_type_not_sold')
    expect((await holdSeats(test, showtimeId, ['B3'])).seats).toEqual(['B3'])
  })

  it('wants an email of a guest, and knows the account of who is signed in', async () => {
    const { test, showtimeId } = await stage(engine)
    const guest = await test.call(bookings.createBooking, { body: { showtimeId, seats: ['A1'] } })
    expect(guest.problem).toMatchObject({ status: 400, code: 'validation_failed' })
    const ada = await signIn(test)
    const mine = await test.call(bookings.createBooking, { body: { showtimeId, seats: ['A1'] } }, ada)
    expect(mine.body).toMatchObject({ userId: ada.userId, customer: { email: ada.email, name: ada.name } })
    const eve = await signIn(test)
    const id = { params: { id: mine.body.id } }
    expect((await test.call(bookings.readBooking, id, eve)).status).toBe(404)
    expect((await test.call(bookings.readBooking, id, ada)).status).toBe(200)
    expect((await test.call(bookings.listBookings, {}, ada)).body.data.map((booking) => booking.id)).toEqual([
      mine.body.id,
    ])
    expect((await test.call(bookings.listBookings, {}, eve)).body.data).toEqual([])
  })

  it('lapses when it is not paid in time: nobody is charged, the seats are free', async () => {
    const { test, showtimeId, counts } = await stage(engine)
    const booking = await bookSeats(test, showtimeId, ['A1'])
    const as = { accessToken: booking.accessToken }
    const payment = await test.call(payments.createPayment, { body: { bookingId: booking.id, provider: 'test' } }, as)
    test.clock.advance(600_000)
    expect((await readBooking(test, booking)).status).toBe('expired')
    const late = await test.call(payments.confirmPayment, { params: { id: payment.body.id }, body: {} }, as)
    expect(late.problem).toMatchObject({ status: 410, code: 'booking_expired' })
    expect((await test.call(payments.readPayment, { params: { id: payment.body.id } }, as)).body.status).toBe('expired')
    expect((await counts()).available).toBe(40)
    expect((await buySeats(test, showtimeId, ['A1'])).status).toBe('confirmed')
    const again = await test.call(payments.createPayment, { body: { bookingId: booking.id, provider: 'test' } }, as)
    expect(again.problem.code).toBe('booking_not_payable')
  })

  it('stays open after a declined card, and a second confirm finds nothing to do', async () => {
    const { test, showtimeId } = await stage(engine)
    const booking = await bookSeats(test, showtimeId, ['A1'])
    expect((await payBooking(test, booking, 'decline')).status).toBe('failed')
    expect((await payBooking(test, booking, 'timeout')).status).toBe('pending')
    const paid = await payBooking(test, booking)
    expect(paid.status).toBe('succeeded')
    const as = { accessToken: booking.accessToken }
    const second = await test.call(payments.confirmPayment, { params: { id: paid.id }, body: {} }, as)
    expect(second.problem).toMatchObject({
      status: 409,
      code: 'payment_not_confirmable',
      paymentStatus: 'succeeded',
      bookingStatus: 'confirmed',
    })
    expect((await readBooking(test, booking)).payments.map(({ status }) => status)).toEqual([
      'failed',
      'expired',
      'succeeded',
    ])
  })

  it('takes money at the counter at once, with change, in parts', async () => {
    const { test, showtimeId } = await stage(engine)
    const admin = await signIn(test, 'admin')
    const booking = await bookSeats(test, showtimeId, ['A1', 'A2'], { as: admin, body: { customer: undefined } })
    expect(booking).toMatchObject({ channel: 'counter', userId: null })
    const pay = (body: object) =>
      test.call(payments.createPayment, { body: { bookingId: booking.id, provider: 'counter', ...body } }, admin)
    const card = await pay({ tender: 'card', amount: { amount: 1000, currency: 'GBP' }, terminalReference: 'T-1' })
    expect(card.body).toMatchObject({ status: 'succeeded', tender: 'card' })
    test.clock.advance(700_000)
    expect((await readBooking(test, booking)).status).toBe('pending')
    const cash = await pay({ tender: 'cash', tendered: { amount: 2000, currency: 'GBP' } })
    expect(cash.body).toMatchObject({ amount: { amount: 1500 }, change: { amount: 500 } })
    expect((await readBooking(test, booking)).status).toBe('confirmed')
    const guest = await bookSeats(test, showtimeId, ['B1'])
    const cheat = { bookingId: guest.id, provider: 'counter', tender: 'comp' }
    expect((await test.call(payments.createPayment, { body: cheat }, { accessToken: guest.accessToken })).status).toBe(
      401,
    )
    const customer = await signIn(test)
    expect((await test.call(payments.createPayment, { body: cheat }, customer)).status).toBe(403)
  })

  it('confirms at once when there is nothing to pay', async () => {
    const { test, showtimeId, counts } = await stage(engine, { adultAmount: 0 })
    const booking = await bookSeats(test, showtimeId, ['A1'])
    expect(booking).toMatchObject({ status: 'confirmed', total: { amount: 0 } })
    expect((await counts()).booked).toBe(1)
  })

  it('is cancelled by its buyer until two hours before, with the money back; after that only by the house', async () => {
    const { test, showtimeId, counts } = await stage(engine)
    const booking = await buySeats(test, showtimeId, ['A1', 'A2', 'A3'])
    const as = { accessToken: booking.accessToken }
    const cancel = (body: object, who: object = as) =>
      test.call(bookings.cancelBooking, { params: { id: booking.id }, body }, who)
    const one = await cancel({ tickets: [booking.tickets[0]?.id] })
    expect(one.body).toMatchObject({ status: 'confirmed', refunded: { amount: 1250 } })
    expect(one.body.tickets.map(({ status }) => status)).toEqual(['void', 'valid', 'valid'])
    expect((await counts()).booked).toBe(2)
    test.clock.advance(46 * 3600_000)
    expect((await cancel({})).problem).toMatchObject({ status: 409, code: 'too_late_to_cancel' })
    const admin = await signIn(test, 'admin')
    const all = await cancel({ reason: 'A kindness' }, admin)
    expect(all.body).toMatchObject({ status: 'cancelled', refunded: { amount: 3750 } })
    expect((await counts()).booked).toBe(0)
    expect((await cancel({}, admin)).problem.code).toBe('already_cancelled')
    await test.app.house.outbox.runOnce()
    const [payment] = (await readBooking(test, booking)).payments
    expect(payment).toMatchObject({ status: 'refunded', refunded: { amount: 3750 } })
    expect(payment?.refunds.map(({ status }) => status)).toEqual(['succeeded', 'succeeded'])
  })

  it('gives money back at the counter, never more than was paid, and the tickets stay', async () => {
    const { test, showtimeId } = await stage(engine)
    const booking = await buySeats(test, showtimeId, ['A1'])
    const admin = await signIn(test, 'admin')
    const [payment] = booking.payments
    const refund = (amount: number | null) =>
      test.call(
        payments.refundPayment,
        { params: { id: payment?.id }, body: amount === null ? {} : { amount: { amount, currency: 'GBP' } } },
        admin,
      )
    expect((await refund(250)).body).toMatchObject({ status: 'partially_refunded', refunded: { amount: 250 } })
    expect((await refund(1001)).problem.code).toBe('refund_exceeds_payment')
    expect((await refund(null)).body.status).toBe('refunded')
    expect((await refund(1)).problem.code).toBe('refund_exceeds_payment')
    const after = await readBooking(test, booking)
    expect(after).toMatchObject({ status: 'confirmed', refunded: { amount: 1250 } })
    expect(after.tickets[0]?.status).toBe('valid')
  })

  it('counts places in general admission', async () => {
    const { test, showtimeId, counts } = await stage(engine, { layout: { seating: 'general', capacity: 10 } })
    const booking = await bookSeats(test, showtimeId, 3, {
      body: { tickets: [{ ticketType: 'adult' }, { ticketType: 'adult' }, { ticketType: 'child' }] },
    })
    expect(booking.tickets.map(({ seat, ticketType }) => [seat, ticketType])).toEqual([
      [null, 'adult'],
      [null, 'adult'],
      [null, 'child'],
    ])
    await payBooking(test, booking)
    expect(await counts()).toEqual({ available: 7, held: 0, booked: 3, blocked: 0 })
    const body = { tickets: [booking.tickets[2]?.id] }
    await test.call(bookings.cancelBooking, { params: { id: booking.id }, body }, { accessToken: booking.accessToken })
    expect(await counts()).toEqual({ available: 8, held: 0, booked: 2, blocked: 0 })
  })

  it('answers a repeated booking with the first one, token and all', async () => {
    const { test, showtimeId } = await stage(engine)
    const hold = await holdSeats(test, showtimeId, ['A1'])
    const as = { accessToken: hold.token, headers: { 'idempotency-key': 'book once' } }
    const body = { holdId: hold.id, customer: guestCustomer }
    const first = await test.call(bookings.createBooking, { body }, as)
    const second = await test.call(bookings.createBooking, { body }, as)
    expect(second.body).toEqual(first.body)
    expect(second.headers['idempotency-replayed']).toBe('true')
    const kept = await test.database.read.selectFrom('idempotencyKeys').select('answer').execute()
    expect(kept.map(({ answer }) => answer).join('')).not.toContain(first.body.accessToken)
  })
})
