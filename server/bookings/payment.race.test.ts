import { expect, it } from 'vitest'
import * as bookings from '../../contract/bookings.ts'
import type { Booking } from '../../contract/bookings.ts'
import * as holds from '../../contract/holds.ts'
import * as contract from '../../contract/payments.ts'
import type { Engine } from '../database/database.ts'
import { isRefusal } from '../platform/refusal.ts'
import { signTestWebhook } from '../payments/test-webhook.ts'
import { bookSeats, buySeats, readBooking } from '../testing/buying.ts'
import { beats, crowd, tally, winners } from '../testing/crowd.ts'
import { onBothEngines, startApp } from '../testing/harness.ts'
import type { TestApp } from '../testing/harness.ts'
import { ledgerProblems } from '../testing/ledger-check.ts'
import { makeShowtime } from '../testing/showtimes.ts'
import type { ShowtimeWish } from '../testing/showtimes.ts'
import { signIn } from '../testing/sign-in.ts'
import { cancelShowtime } from './cancel-showtime.ts'

const secret = 'a secret between the provider and us'

async function stage(engine: Engine, wish: ShowtimeWish = {}) {
  const environment = { MAX_HOLDS_PER_CLIENT: '0', TEST_WEBHOOK_SECRET: secret }
  const test = await startApp(engine, { environment })
  const { showtimeId } = await makeShowtime(test, wish)
  return { test, showtimeId, problems: () => ledgerProblems(test.database, test.clock.now()) }
}

function tillOf(test: TestApp, booking: Booking) {
  const as = { accessToken: booking.accessToken }
  return {
    begin: () => test.call(contract.createPayment, { body: { bookingId: booking.id, provider: 'test' } }, as),
    confirm: (id: string, outcome = 'succeed') =>
      test.call(contract.confirmPayment, { params: { id }, body: { outcome } }, as),
    cancel: () => test.call(bookings.cancelBooking, { params: { id: booking.id }, body: {} }, as),
  }
}

async function tell(
  test: TestApp,
  event: { readonly id: string; readonly paymentId: string; readonly outcome: string },
) {
  const body = JSON.stringify(event)
  const timestamp = String(Math.floor(test.clock.now() / 1000))
  return await test.inject({
    method: 'POST',
    url: '/api/v1/payments/webhooks/test',
    headers: {
      'content-type': 'application/json',
      'webhook-id': event.id,
      'webhook-timestamp': timestamp,
      'webhook-signature': signTestWebhook(secret, event.id, timestamp, body),
    },
    payload: body,
  })
}

/** The money and the state of a booking that was paid exactly once. */
const paidOnce = { status: 'confirmed', paid: { amount: 1250 }, refunded: { amount: 0 } }

onBothEngines('a payment that many settle at once', (engine) => {
  it('is confirmed once of fifty times; the others hear that there is nothing to confirm', async () => {
    const { test, showtimeId, problems } = await stage(engine)
    const booking = await bookSeats(test, showtimeId, ['A1'])
    const till = tillOf(test, booking)
    const payment = (await till.begin()).body
    const answers = await crowd(50, () => till.confirm(payment.id))
    expect(tally(answers)).toEqual({ '200': 1, '409 payment_not_confirmable': 49 })
    for (const answer of answers) {
      if (answer.status === 409) {
        expect(answer.problem).toMatchObject({ paymentStatus: 'succeeded', bookingStatus: 'confirmed' })
      }
    }
    expect(await readBooking(test, booking)).toMatchObject(paidOnce)
    expect(await problems()).toEqual([])
  })

  it('is told by fifty webhooks and confirmed by its payer: the money counts once', async () => {
    const { test, showtimeId, problems } = await stage(engine)
    const booking = await bookSeats(test, showtimeId, ['A1'])
    const till = tillOf(test, booking)
    const { id } = (await till.begin()).body
    const [confirmed, ...told] = await Promise.all([
      till.confirm(id),
      ...Array.from({ length: 50 }, (_event, index) =>
        tell(test, { id: `evt_${index % 5}`, paymentId: id, outcome: 'succeed' }),
      ),
    ])
    expect([200, 409]).toContain(confirmed.status)
    expect(told.map(({ statusCode }) => statusCode)).toEqual(told.map(() => 200))
    expect(await readBooking(test, booking)).toMatchObject(paidOnce)
    const events = await test.database.read.selectFrom('providerEvents').select('eventId').execute()
    expect(events).toHaveLength(5)
    expect(await problems()).toEqual([])
  })

  it('succeeds, declines and times out all at once: it ends as one of them, and the money agrees', async () => {
    const { test, showtimeId, problems } = await stage(engine)
    for (let round = 1; round <= 6; round += 1) {
      const booking = await bookSeats(test, showtimeId, [`A${round}`])
      const till = tillOf(test, booking)
      const { id } = (await till.begin()).body
      const outcomes = ['decline', 'succeed', 'timeout', 'succeed', 'decline', 'timeout']
      const answers = await crowd(6, (index) => till.confirm(id, outcomes[(index + round) % 6]))
      const ends = winners(answers).filter(({ body }) => body.status !== 'pending')
      expect(ends).toHaveLength(1)
      const after = await readBooking(test, booking)
      expect(after.status).toBe(ends[0]?.body.status === 'succeeded' ? 'confirmed' : 'pending')
    }
    expect(await problems()).toEqual([])
  })

  it('meets the cancelling of its booking: paid and given back, or never charged', async () => {
    const { test, showtimeId, problems } = await stage(engine)
    const ends: string[] = []
    for (let round = 1; round <= 8; round += 1) {
      const booking = await bookSeats(test, showtimeId, [`B${round}`])
      const till = tillOf(test, booking)
      const { id } = (await till.begin()).body
      const cancel = async () => {
        await beats(test, round % 4)
        return await till.cancel()
      }
      const [confirmed, cancelled] = await Promise.all([till.confirm(id), cancel()])
      expect(cancelled.status).toBe(200)
      expect([200, 409]).toContain(confirmed.status)
      const paid = confirmed.status === 200 ? 1250 : 0
      expect(await readBooking(test, booking)).toMatchObject({
        status: 'cancelled',
        paid: { amount: paid },
        refunded: { amount: paid },
      })
      ends.push(String(confirmed.status))
    }
    expect(await problems()).toEqual([])
  })

  it('meets the cancelling of its showtime: paid and given back, or never charged', async () => {
    const { test, problems } = await stage(engine)
    const admin = await signIn(test, 'admin')
    for (let round = 0; round < 8; round += 1) {
      const { showtimeId } = await makeShowtime(test)
      const booking = await bookSeats(test, showtimeId, ['B1'])
      const till = tillOf(test, booking)
      const { id } = (await till.begin()).body
      const cancel = async () => {
        await beats(test, round % 4)
        return await test.database.write(async (tx) => await cancelShowtime(tx, showtimeId, 'flood', admin.userId))
      }
      const [confirmed, cancelled] = await Promise.all([till.confirm(id), cancel()])
      expect(isRefusal(cancelled)).toBe(false)
      const paid = confirmed.status === 200 ? 1250 : 0
      if (paid === 0) expect(confirmed.problem.code).toBe('payment_not_confirmable')
      expect(await readBooking(test, booking)).toMatchObject({
        status: 'cancelled',
        paid: { amount: paid },
        refunded: { amount: paid },
      })
    }
    expect(await problems()).toEqual([])
  })

  it('comes as its booking lapses while another buyer takes the seats: one of them has them, and nobody pays for nothing', async () => {
    const { test, showtimeId, problems } = await stage(engine)
    for (let round = 0; round < 12; round += 1) {
      const booking = await bookSeats(test, showtimeId, ['C1', 'C2'])
      const till = tillOf(test, booking)
      const { id } = (await till.begin()).body
      test.clock.set(Date.parse(booking.expiresAt ?? '') - 1)
      const confirm = async () => {
        await beats(test, round % 3)
        return await till.confirm(id)
      }
      const hold = () => test.call(holds.placeHold, { params: { id: showtimeId }, body: { seats: ['C2', 'C1'] } })
      const asked = Promise.all([confirm(), hold(), hold(), test.app.house.outbox.runOnce()])
      await beats(test, round)
      test.clock.advance(1)
      const [confirmed, ...rest] = await asked
      const taken = winners([rest[0], rest[1]]).length
      tally([confirmed, rest[0], rest[1]])
      expect([200, 410]).toContain(confirmed.status)
      expect(taken).toBeLessThanOrEqual(confirmed.status === 200 ? 0 : 1)
      const after = await readBooking(test, booking)
      expect([after.status, after.paid.amount]).toEqual(confirmed.status === 200 ? ['confirmed', 2500] : ['expired', 0])
      expect(await problems()).toEqual([])
      if (confirmed.status === 200) await till.cancel()
      test.clock.advance(3600_000)
    }
  })

  it('is begun twenty times at once: one is open, the others have ended', async () => {
    const { test, showtimeId, problems } = await stage(engine)
    const booking = await bookSeats(test, showtimeId, ['A1'])
    const till = tillOf(test, booking)
    const answers = await crowd(20, () => till.begin())
    expect(tally(answers)).toEqual({ '201': 20 })
    const statuses = (await readBooking(test, booking)).payments.map(({ status }) => status).toSorted()
    expect(statuses).toEqual([...Array.from({ length: 19 }, () => 'expired'), 'pending'])
    const confirmed = await Promise.all(winners(answers).map(({ body }) => till.confirm(body.id)))
    expect(tally(confirmed)).toEqual({ '200': 1, '409 payment_not_confirmable': 19 })
    expect(await readBooking(test, booking)).toMatchObject(paidOnce)
    expect(await problems()).toEqual([])
  })
})

onBothEngines('money at the counter and back', (engine) => {
  it('is taken by ten tills and by card online at once: the booking is paid once', async () => {
    const { test, showtimeId, problems } = await stage(engine)
    const admin = await signIn(test, 'admin')
    const booking = await bookSeats(test, showtimeId, ['A1'])
    const till = tillOf(test, booking)
    const { id } = (await till.begin()).body
    const answers = await Promise.all([
      till.confirm(id),
      ...Array.from({ length: 10 }, () =>
        test.call(
          contract.createPayment,
          { body: { bookingId: booking.id, provider: 'counter', tender: 'cash' } },
          admin,
        ),
      ),
    ])
    tally(answers)
    expect(winners(answers)).toHaveLength(1)
    expect(await readBooking(test, booking)).toMatchObject(paidOnce)
    expect(await problems()).toEqual([])
  })

  it('is taken in parts by twenty at once: never more than the total', async () => {
    const { test, showtimeId, problems } = await stage(engine)
    const admin = await signIn(test, 'admin')
    const booking = await bookSeats(test, showtimeId, ['A1'])
    const amount = { amount: 125, currency: 'GBP' }
    const answers = await crowd(20, () =>
      test.call(
        contract.createPayment,
        { body: { bookingId: booking.id, provider: 'counter', tender: 'cash', amount } },
        admin,
      ),
    )
    expect(tally(answers)).toEqual({ '201': 10, '409 booking_not_payable': 10 })
    expect(await readBooking(test, booking)).toMatchObject(paidOnce)
    expect(await problems()).toEqual([])
  })

  it('that was part of a price ends the booking when all of it is given back: its seats are free', async () => {
    const { test, showtimeId, problems } = await stage(engine)
    const admin = await signIn(test, 'admin')
    const booking = await bookSeats(test, showtimeId, ['A1'])
    const amount = { amount: 1000, currency: 'GBP' }
    const body = { bookingId: booking.id, provider: 'counter', tender: 'cash', amount }
    const { id } = (await test.call(contract.createPayment, { body }, admin)).body
    test.clock.advance(3600_000)
    expect((await readBooking(test, booking)).status).toBe('pending')
    await test.call(contract.refundPayment, { params: { id }, body: {} }, await signIn(test, 'admin'))
    expect(await readBooking(test, booking)).toMatchObject({ status: 'cancelled', refunded: { amount: 1000 } })
    expect((await bookSeats(test, showtimeId, ['A1'])).status).toBe('pending')
    expect(await problems()).toEqual([])
  })

  it('is given back by twenty at once: never more than was paid', async () => {
    const { test, showtimeId, problems } = await stage(engine)
    const admin = await signIn(test, 'admin')
    const whole = await buySeats(test, showtimeId, ['A1'])
    const parts = await buySeats(test, showtimeId, ['A2'])
    const refund = (booking: Booking, amount?: number) =>
      test.call(
        contract.refundPayment,
        {
          params: { id: booking.payments[0]?.id },
          body: amount === undefined ? {} : { amount: { amount, currency: 'GBP' } },
        },
        admin,
      )
    expect(tally(await crowd(20, () => refund(whole)))).toEqual({ '200': 1, '409 refund_exceeds_payment': 19 })
    expect(tally(await crowd(20, () => refund(parts, 100)))).toEqual({ '200': 12, '409 refund_exceeds_payment': 8 })
    expect(await readBooking(test, whole)).toMatchObject({ status: 'confirmed', refunded: { amount: 1250 } })
    expect(await readBooking(test, parts)).toMatchObject({ status: 'confirmed', refunded: { amount: 1200 } })
    await Promise.all([test.app.house.outbox.runOnce(), test.app.house.outbox.runOnce()])
    const after = await readBooking(test, parts)
    expect(after.payments.flatMap(({ refunds }) => refunds).every(({ status }) => status === 'succeeded')).toBe(true)
    expect(await problems()).toEqual([])
  })
})
