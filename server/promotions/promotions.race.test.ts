import { expect, it } from 'vitest'
import * as bookings from '../../contract/bookings.ts'
import * as contract from '../../contract/promotions.ts'
import * as payments from '../../contract/payments.ts'
import { expireBookings } from '../bookings/tidy.ts'
import { payBooking } from '../testing/buying.ts'
import type { Engine } from '../database/database.ts'
import { crowd, tally, winners } from '../testing/crowd.ts'
import { onBothEngines, startApp } from '../testing/harness.ts'
import { ledgerProblems } from '../testing/ledger-check.ts'
import { makeShowtime, plainLayout } from '../testing/showtimes.ts'
import { signIn } from '../testing/sign-in.ts'

async function stage(engine: Engine, terms: object) {
  const test = await startApp(engine, { environment: { MAX_HOLDS_PER_CLIENT: '0', ACCESS_TOKEN_SECONDS: '86400' } })
  const admin = await signIn(test, 'admin')
  const shows: string[] = []
  for (let hall = 0; hall < 4; hall += 1) {
    shows.push((await makeShowtime(test, { layout: plainLayout(10, 10) })).showtimeId)
  }
  const { body } = await test.call(
    contract.createPromotion,
    { body: { code: 'RUSH', percentOff: 10, ...terms } },
    admin,
  )
  const usesOf = async () => (await test.call(contract.readPromotion, { params: { id: body.id } }, admin)).body.uses
  const book = (person: number, email = `person-${person}@example.com`) =>
    test.call(bookings.createBooking, {
      body: {
        showtimeId: shows[person % 4],
        seats: [`${String.fromCodePoint(65 + (Math.floor(person / 4) % 10))}${1 + Math.floor(person / 40)}`],
        customer: { email },
        promoCode: 'RUSH',
      },
    })
  return { test, admin, book, usesOf }
}

onBothEngines('a promo code that everybody wants', (engine) => {
  it('with ten uses is had by ten of two hundred', async () => {
    const { test, book, usesOf } = await stage(engine, { maxUses: 10 })
    const answers = await crowd(200, (person) => book(person))
    expect(tally(answers)).toEqual({ '201': 10, '409 promo_used_up': 190 })
    expect(await usesOf()).toBe(10)
    expect(await ledgerProblems(test.database, test.clock.now())).toEqual([])
  })

  it('once per customer is had once by somebody who asks forty times', async () => {
    const { book, usesOf } = await stage(engine, { perCustomer: 1 })
    const answers = await crowd(40, (person) => book(person, 'eager@example.com'))
    expect(tally(answers)).toEqual({ '201': 1, '409 promo_used_up': 39 })
    expect(await usesOf()).toBe(1)
  })

  it('is given back by cancelling while others ask: never more uses than there are', async () => {
    const { test, book, usesOf } = await stage(engine, { maxUses: 5 })
    const first = winners(await crowd(5, (person) => book(person)))
    const cancel = (index: number) =>
      test.call(
        bookings.cancelBooking,
        { params: { id: first[index]?.body.id }, body: {} },
        { accessToken: first[index]?.body.accessToken },
      )
    const [, ...answers] = await Promise.all([
      crowd(5, cancel),
      ...Array.from({ length: 30 }, (_, at) => book(40 + at)),
    ])
    expect(await usesOf()).toBe(winners(answers).length)
    expect(await usesOf()).toBeLessThanOrEqual(5)
    expect(await ledgerProblems(test.database, test.clock.now())).toEqual([])
  })

  it('lapses as its booking is paid and others ask: it belongs to one of them', async () => {
    const { test, book, usesOf } = await stage(engine, { maxUses: 1 })
    for (let round = 0; round < 8; round += 1) {
      const mine = (await book(round)).body
      const body = { bookingId: mine.id, provider: 'test' }
      const as = { accessToken: mine.accessToken }
      const payment = (await test.call(payments.createPayment, { body }, as)).body
      test.clock.set(Date.parse(mine.expiresAt ?? '') - 1)
      const confirm = test.call(payments.confirmPayment, { params: { id: payment.id }, body: {} }, as)
      const asked = crowd(3, (index) => book(40 * (index + 1) + round))
      test.clock.advance(1)
      const more = crowd(3, (index) => book(40 * (index + 4) + round))
      const answers = [...(await asked), ...(await more)]
      const paid = (await confirm).status === 200
      expect(winners(answers).length + (paid ? 1 : 0)).toBeLessThanOrEqual(1)
      expect(await usesOf()).toBe(1)
      const taken = winners(answers)[0]
      if (taken) await payBooking(test, taken.body)
      const booking = taken ? taken.body : mine
      const owner = { accessToken: booking.accessToken }
      await test.call(bookings.cancelBooking, { params: { id: booking.id }, body: {} }, owner)
      await expireBookings(test.database, test.clock.now())
      expect(await usesOf()).toBe(0)
    }
    expect(await ledgerProblems(test.database, test.clock.now())).toEqual([])
  })
})
