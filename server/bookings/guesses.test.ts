import { expect, test } from 'vitest'
import { createBooking, lookUpBooking } from '../../contract/bookings.ts'
import { createPromotion } from '../../contract/promotions.ts'
import { createVoucher } from '../../contract/vouchers.ts'
import type { Engine } from '../database/database.ts'
import { bookSeats, guestCustomer } from '../testing/buying.ts'
import { onBothEngines, startApp, startAppOn } from '../testing/harness.ts'
import type { As } from '../testing/harness.ts'
import { makeShowtime } from '../testing/showtimes.ts'
import { signIn } from '../testing/sign-in.ts'

const limited = { RATE_LIMIT: 'on', MAX_HOLDS_PER_CLIENT: '0', ACCESS_TOKEN_SECONDS: '86400' }
const hourMs = 3_600_000

async function stage(engine: Engine) {
  const app = await startApp(engine, { environment: limited })
  const { showtimeId } = await makeShowtime(app)
  const tryCode = async (code: object, as: As = {}, seat = 'A1') =>
    await app.call(createBooking, { body: { showtimeId, seats: [seat], customer: guestCustomer, ...code } }, as)
  return { app, showtimeId, tryCode }
}

onBothEngines('whoever guesses', (engine) => {
  test('at references is stopped after twenty wrong ones, also at another server, and again welcome later', async () => {
    const { app, showtimeId } = await stage(engine)
    const booking = await bookSeats(app, showtimeId, ['A1'])
    const right = { body: { reference: booking.reference, email: guestCustomer.email } }
    const wrong = { body: { reference: 'AAAAAA', email: guestCustomer.email } }
    for (let guess = 0; guess < 19; guess += 1) expect((await app.call(lookUpBooking, wrong)).status).toBe(404)
    // Right ones cost nothing.
    for (let time = 0; time < 5; time += 1) expect((await app.call(lookUpBooking, right)).status).toBe(200)
    expect((await app.call(lookUpBooking, wrong)).status).toBe(404)
    app.clock.advance(30_000)
    const other = await startAppOn(app.location, { environment: limited, clock: app.clock })
    for (const server of [app, other]) {
      const refused = await server.call(lookUpBooking, right)
      expect(refused.problem.code).toBe('rate_limited')
      expect(Number(refused.headers['retry-after'])).toBe(15)
    }
    app.clock.advance(15_000)
    expect((await app.call(lookUpBooking, right)).status).toBe(200)
    await other.close()
  })

  test('at codes is stopped after ten wrong ones, buys without a code meanwhile, and others are not touched', async () => {
    const { app, tryCode } = await stage(engine)
    const admin = await signIn(app, 'admin')
    await app.call(createPromotion, { body: { code: 'SPRING', percentOff: 10 } }, admin)
    const [ada, ben] = [await signIn(app), await signIn(app)]
    for (let guess = 0; guess < 10; guess += 1) {
      const code = guess % 2 === 0 ? { promoCode: `GUESS${guess}` } : { voucherCode: `GUESS${guess}` }
      expect((await tryCode(code, ada)).status).toBe(409)
    }
    expect((await tryCode({ promoCode: 'SPRING' }, ada)).problem.code).toBe('rate_limited')
    expect((await tryCode({}, ada)).status).toBe(201)
    expect((await tryCode({ promoCode: 'SPRING' }, ben, 'B1')).status).toBe(201)
    app.clock.advance(hourMs)
    expect((await tryCode({ promoCode: 'SPRING' }, ada, 'C1')).status).toBe(201)
  })

  test('at codes all at once gets no more of them judged than one after the other', async () => {
    const { app, tryCode } = await stage(engine)
    const ada = await signIn(app)
    const answers = await Promise.all(
      Array.from({ length: 30 }, (_, guess) => tryCode({ promoCode: `G${guess}` }, ada)),
    )
    expect(answers.filter(({ status }) => status === 409)).toHaveLength(10)
    expect(answers.filter(({ status }) => status === 429)).toHaveLength(20)
  })

  test('with a new cookie each time is counted by the address', async () => {
    const { tryCode } = await stage(engine)
    const statuses: number[] = []
    for (let guess = 0; guess < 41; guess += 1) {
      const fresh = await tryCode({}, {}, 'Z99')
      const cookie = /matinee_guest=[^;]+/.exec(String(fresh.headers['set-cookie']))?.[0] ?? ''
      statuses.push((await tryCode({ promoCode: 'GUESS' }, { headers: { cookie } })).status)
    }
    expect(statuses.filter((status) => status === 409)).toHaveLength(40)
    expect(statuses.at(-1)).toBe(429)
  })

  test('learns nothing from the answer: a code of another house, one that has lapsed and none at all read the same', async () => {
    const { app, tryCode } = await stage(engine)
    const [admin, owner] = [await signIn(app, 'admin'), await signIn(app, 'owner')]
    await app.call(createPromotion, { body: { code: 'LAPSED', percentOff: 10, validTo: '2026-01-01T00:00Z' } }, admin)
    await app.call(createPromotion, { body: { code: 'ELSEWHERE', percentOff: 10 } }, owner)
    await app.call(createVoucher, { body: { code: 'ELSEWHERE', balance: { amount: 100, currency: 'GBP' } } }, owner)
    const promos = await Promise.all(['LAPSED', 'ELSEWHERE', 'NONE'].map((promoCode) => tryCode({ promoCode })))
    const vouchers = await Promise.all(['ELSEWHERE', 'NONE'].map((voucherCode) => tryCode({ voucherCode })))
    expect(new Set(promos.map(({ raw }) => raw.body))).toHaveProperty('size', 1)
    expect(new Set(vouchers.map(({ raw }) => raw.body))).toHaveProperty('size', 1)
    expect([promos[0]?.problem.code, vouchers[0]?.problem.code]).toEqual(['promo_not_valid', 'voucher_not_valid'])
  })

  test('is not the cashier, who may mistype', async () => {
    const { app, tryCode } = await stage(engine)
    const admin = await signIn(app, 'admin')
    for (let slip = 0; slip < 12; slip += 1) expect((await tryCode({ voucherCode: 'SLIP' }, admin)).status).toBe(409)
  })
})
