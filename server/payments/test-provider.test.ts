import { expect, it } from 'vitest'
import { exchangeBooking } from '../../contract/bookings.ts'
import { confirmPayment, createPayment, refundPayment } from '../../contract/payments.ts'
import { must } from '../platform/assert.ts'
import { bookSeats, buySeats, payBooking, readBooking } from '../testing/buying.ts'
import { onBothEngines, startApp, startAppOn } from '../testing/harness.ts'
import type { TestApp } from '../testing/harness.ts'
import { laterShowtime, makeShowtime } from '../testing/showtimes.ts'
import { signIn } from '../testing/sign-in.ts'

async function listed({ app, clock }: TestApp, from = 0, to = clock.now() + 1) {
  const provider = must(app.house.providers.get('test'), 'It is always there')
  const all = await Array.fromAsync(provider.listTransactions({ from, to }))
  return all.map(({ kind, amountMinor }) => `${kind} ${amountMinor}`).toSorted()
}

onBothEngines('what the test provider lists', (engine) => {
  it('is what was authorised, captured and given back, by its time', async () => {
    const test = await startApp(engine)
    const { showtimeId } = await makeShowtime(test)
    const admin = await signIn(test, 'admin')
    const sold = await buySeats(test, showtimeId, ['A1'])
    await payBooking(test, await bookSeats(test, showtimeId, ['A2']), 'decline')
    expect(await listed(test)).toEqual(['authorisation 1250'])
    test.clock.advance(1000)
    const later = test.clock.now()
    await test.app.house.outbox.runOnce()
    const params = { id: sold.payments[0]?.id ?? '' }
    await test.call(refundPayment, { params, body: { amount: { amount: 250, currency: 'GBP' } } }, admin)
    await test.app.house.outbox.runOnce()
    expect(await listed(test)).toEqual(['authorisation 1250', 'capture 1250', 'refund 250'])
    expect(await listed(test, later)).toEqual(['capture 1250', 'refund 250'])
    expect(await listed(test, 0, later)).toEqual(['authorisation 1250'])
  })
})

onBothEngines('test payments that are turned off', (engine) => {
  it('pay nothing any more, also where one was begun before', async () => {
    const test = await startApp(engine)
    const { showtimeId } = await makeShowtime(test)
    const booking = await bookSeats(test, showtimeId, ['A1'])
    const as = { accessToken: booking.accessToken }
    const begun = await test.call(createPayment, { body: { bookingId: booking.id, provider: 'test' } }, as)
    const paid = await buySeats(test, showtimeId, ['A2'])
    const later = await startAppOn(test.location, { clock: test.clock, environment: { TEST_PAYMENTS: 'off' } })
    const refused = await later.call(confirmPayment, { params: { id: begun.body.id }, body: {} }, as)
    expect(refused.problem).toMatchObject({
      status: 409,
      code: 'payment_not_confirmable',
      paymentStatus: 'pending',
      bookingStatus: 'pending',
    })
    expect((await readBooking(later, booking)).status).toBe('pending')
    expect((await readBooking(later, paid)).status).toBe('confirmed')
    await later.close()
  })

  it('pay no difference of an exchange either', async () => {
    const test = await startApp(engine)
    const made = await makeShowtime(test)
    const showtimeId = await laterShowtime(test, made, 2250)
    const booking = await buySeats(test, made.showtimeId, ['A1'])
    const later = await startAppOn(test.location, { clock: test.clock, environment: { TEST_PAYMENTS: 'off' } })
    const input = { params: { id: booking.id }, body: { showtimeId, seats: ['A1'] } }
    const refused = await later.call(exchangeBooking, input, { accessToken: booking.accessToken })
    expect(refused.problem.code).toBe('difference_not_charged')
    const byHouse = await later.call(exchangeBooking, input, await signIn(later, 'admin'))
    expect(byHouse.body.payments.at(-1)).toMatchObject({ provider: 'counter', amount: { amount: 1000 } })
    await later.close()
  })
})
