import { describe, expect, it } from 'vitest'
import * as bookings from '../../contract/bookings.ts'
import * as holds from '../../contract/holds.ts'
import * as payments from '../../contract/payments.ts'
import { bookSeats, guestCustomer, holdSeats, readBooking } from '../testing/buying.ts'
import { crowd, tally, winners } from '../testing/crowd.ts'
import { startApp, startAppOn } from '../testing/harness.ts'
import type { TestApp } from '../testing/harness.ts'
import { ledgerProblems } from '../testing/ledger-check.ts'
import { makeShowtime } from '../testing/showtimes.ts'
import type { ShowtimeWish } from '../testing/showtimes.ts'
import { signIn } from '../testing/sign-in.ts'

const environment = { MAX_HOLDS_PER_CLIENT: '0' }

/** Two servers on one database; the second one's clock may be ahead. */
async function stage(wish: ShowtimeWish = {}, aheadMs = 0, limits: Readonly<Record<string, string>> = environment) {
  const first = await startApp('postgres', { environment: limits })
  const second = await startAppOn(first.location, { environment: limits, startMs: first.clock.now() + aheadMs })
  const { showtimeId } = await makeShowtime(first, wish)
  const params = { id: showtimeId }
  return {
    first,
    second,
    showtimeId,
    hold: (test: TestApp, body: object) => test.call(holds.placeHold, { params, body }),
    problems: async () => [
      ...(await ledgerProblems(first.database, first.clock.now())),
      ...(await ledgerProblems(second.database, second.clock.now())),
    ],
  }
}

describe('two servers on one PostgreSQL', () => {
  it('sell two seats to one of 2 × 100 clients', async () => {
    const { first, second, hold, problems } = await stage()
    const answers = await crowd(200, (index) => hold(index % 2 ? first : second, { seats: ['C4', 'C5'] }))
    expect(tally(answers)).toEqual({ '201': 1, '409 seats_unavailable': 199 })
    expect(await problems()).toEqual([])
  })

  it('sell 40 seats to whoever comes first, each once', async () => {
    const { first, second, hold, problems } = await stage()
    const answers = await crowd(200, (index) => {
      const row = 'ABCDE'[index % 5]
      const seat = 1 + (index % 7)
      return hold(index % 2 ? first : second, { seats: [`${row}${seat}`, `${row}${seat + 1}`] })
    })
    const given = winners(answers).flatMap(({ body }) => body.seats)
    expect(new Set(given).size).toBe(given.length)
    tally(answers)
    expect(await problems()).toEqual([])
  })

  it('sell 30 places of general admission to 30 of 2 × 50 buyers', async () => {
    const { first, second, showtimeId, problems } = await stage({ layout: { seating: 'general', capacity: 30 } })
    const answers = await crowd(100, (index) =>
      (index % 2 ? first : second).call(bookings.createBooking, {
        body: { showtimeId, count: 1, customer: guestCustomer },
      }),
    )
    expect(tally(answers)).toEqual({ '201': 30, '409 sold_out': 70 })
    expect(await problems()).toEqual([])
  })

  it('book one hold once, confirm one payment once, cancel one booking once', async () => {
    const { first, second, showtimeId, problems } = await stage()
    const either = (index: number) => (index % 2 ? first : second)
    const hold = await holdSeats(first, showtimeId, ['A1'])
    const body = { holdId: hold.id, customer: guestCustomer }
    const booked = await crowd(20, (index) =>
      either(index).call(bookings.createBooking, { body }, { accessToken: hold.token }),
    )
    expect(tally(booked)).toEqual({ '201': 1, '409 hold_already_booked': 19 })
    const { id: bookingId } = winners(booked)[0]?.body ?? { id: '' }
    const as = { accessToken: hold.token }
    const { id } = (await second.call(payments.createPayment, { body: { bookingId, provider: 'test' } }, as)).body
    const confirmed = await crowd(20, (index) =>
      either(index).call(payments.confirmPayment, { params: { id }, body: {} }, as),
    )
    expect(tally(confirmed)).toEqual({ '200': 1, '409 payment_not_confirmable': 19 })
    const cancelled = await crowd(20, (index) =>
      either(index).call(bookings.cancelBooking, { params: { id: bookingId }, body: {} }, as),
    )
    expect(tally(cancelled)).toEqual({ '200': 1, '409 already_cancelled': 19 })
    expect(await problems()).toEqual([])
  })

  it('allow one account its five holds between them', async () => {
    const { first, second } = await stage({}, 0, {})
    const ada = await signIn(first)
    const made: { readonly showtimeId: string }[] = []
    for (let count = 0; count < 30; count += 1) made.push(await makeShowtime(first))
    const answers = await crowd(30, (index) =>
      (index % 2 ? first : second).call(
        holds.placeHold,
        { params: { id: made[index]?.showtimeId }, body: { seats: ['A1'] } },
        ada,
      ),
    )
    expect(tally(answers)).toEqual({ '201': 5, '429 too_many_holds': 25 })
  })
})

describe('two servers whose clocks are thirty seconds apart', () => {
  const aheadMs = 30_000

  it('a hold that the faster one found lapsed and gave away cannot be booked or extended on the slower one', async () => {
    const { first, second, showtimeId, hold, problems } = await stage({}, aheadMs)
    const mine = await holdSeats(first, showtimeId, ['A1', 'A2'])
    first.clock.advance(280_000)
    second.clock.advance(280_000)
    expect((await hold(first, { seats: ['A2'] })).status).toBe(409)
    const theirs = await hold(second, { seats: ['A2', 'A3'] })
    expect(theirs.status).toBe(201)
    const as = { accessToken: mine.token }
    const extended = await first.call(holds.extendHold, { params: { id: mine.id } }, as)
    expect(extended.problem.code).toBe('hold_expired')
    const body = { holdId: mine.id, customer: guestCustomer }
    expect((await first.call(bookings.createBooking, { body }, as)).problem.code).toBe('hold_expired')
    expect((await first.call(holds.releaseHold, { params: { id: mine.id } }, as)).status).toBe(204)
    expect(
      (await first.call(holds.readHold, { params: { id: theirs.body.id } }, { accessToken: theirs.body.token })).status,
    ).toBe(200)
    expect((await hold(first, { seats: ['A2'] })).status).toBe(409)
    expect(await problems()).toEqual([])
  })

  it('a booking that the faster one found lapsed and gave away is not paid on the slower one', async () => {
    const { first, second, showtimeId, hold } = await stage({}, aheadMs)
    const booking = await bookSeats(first, showtimeId, ['A1', 'A2'])
    const as = { accessToken: booking.accessToken }
    const begin = { body: { bookingId: booking.id, provider: 'test' } }
    const { id } = (await first.call(payments.createPayment, begin, as)).body
    first.clock.advance(580_000)
    second.clock.advance(580_000)
    expect((await hold(second, { seats: ['A2', 'A3'] })).status).toBe(201)
    const late = await first.call(payments.confirmPayment, { params: { id }, body: {} }, as)
    expect(late.problem.code).toBe('booking_expired')
    expect((await readBooking(second, booking)).paid.amount).toBe(0)
    first.clock.advance(aheadMs)
    expect((await readBooking(first, booking)).status).toBe('expired')
  })

  it('places of general admission are not sold over, whoever finds them lapsed first', async () => {
    const { first, second, showtimeId, hold } = await stage({ layout: { seating: 'general', capacity: 5 } }, aheadMs)
    const mine = await holdSeats(first, showtimeId, 3)
    first.clock.advance(280_000)
    second.clock.advance(280_000)
    expect((await hold(second, { count: 5 })).status).toBe(201)
    const body = { holdId: mine.id, customer: guestCustomer }
    const late = await first.call(bookings.createBooking, { body }, { accessToken: mine.token })
    expect(late.problem.code).toBe('hold_expired')
  })
})
