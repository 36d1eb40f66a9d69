import { expect, it } from 'vitest'
import * as bookings from '../../contract/bookings.ts'
import * as contract from '../../contract/promotions.ts'
import type { Promotion } from '../../contract/promotions.ts'
import type { Engine } from '../database/database.ts'
import { cancelShowtime } from '../bookings/cancel-showtime.ts'
import { bookSeats, buySeats, guestCustomer, holdSeats, payBooking, readBooking } from '../testing/buying.ts'
import { onBothEngines, startApp } from '../testing/harness.ts'
import type { As } from '../testing/harness.ts'
import { ledgerProblems } from '../testing/ledger-check.ts'
import { makeShowtime } from '../testing/showtimes.ts'
import type { ShowtimeWish } from '../testing/showtimes.ts'
import { signIn } from '../testing/sign-in.ts'

async function stage(engine: Engine, wish: ShowtimeWish = {}) {
  const test = await startApp(engine, { environment: { MAX_HOLDS_PER_CLIENT: '0' } })
  const admin = await signIn(test, 'admin')
  const { showtimeId } = await makeShowtime(test, wish)
  const make = async (body: object, as: As = admin): Promise<Promotion> =>
    (await test.call(contract.createPromotion, { body }, as)).body
  const book = async (seats: readonly string[], promoCode: string, body: object = {}, as?: As) => {
    const hold = await holdSeats(test, showtimeId, seats, as)
    const all = { holdId: hold.id, customer: guestCustomer, promoCode, ...body }
    return await test.call(bookings.createBooking, { body: all }, as ?? { accessToken: hold.token })
  }
  const usesOf = async ({ id }: Promotion) =>
    (await test.call(contract.readPromotion, { params: { id } }, admin)).body.uses
  return { test, admin, showtimeId, make, book, usesOf }
}

const gbp = (amount: number) => ({ amount, currency: 'GBP' })

onBothEngines('promotions', (engine) => {
  it('are made, listed, read, changed and taken away', async () => {
    const { test, admin, make } = await stage(engine)
    const made = await make({ code: 'Spring_10', percentOff: 10, validTo: '2026-12-24T19:30Z', maxUses: 5 })
    expect(made).toMatchObject({ code: 'Spring_10', percentOff: 10, amountOff: null, uses: 0, ownerId: null })
    expect(made.validTo).toBe('2026-12-24T19:30:00Z')
    const params = { id: made.id }
    expect((await test.call(contract.listPromotions, {}, admin)).body.data).toEqual([made])
    expect((await test.call(contract.readPromotion, { params }, admin)).body).toEqual(made)
    const body = { amountOff: gbp(200), validTo: null, perCustomer: 1 }
    const changed = await test.call(contract.updatePromotion, { params, body }, admin)
    expect(changed.body).toMatchObject({ percentOff: null, amountOff: gbp(200), validTo: null, perCustomer: 1 })
    const again = await test.call(contract.createPromotion, { body: { code: 'SPRING_10', percentOff: 5 } }, admin)
    expect(again.problem.code).toBe('promotion_exists')
    const other = await make({ code: 'other', percentOff: 5 })
    const renamed = { params: { id: other.id }, body: { code: 'spring_10' } }
    expect((await test.call(contract.updatePromotion, renamed, admin)).problem.code).toBe('promotion_exists')
    expect((await test.call(contract.deletePromotion, { params }, admin)).status).toBe(204)
    expect((await test.call(contract.readPromotion, { params }, admin)).status).toBe(404)
    expect((await make({ code: 'spring_10', percentOff: 5 })).id).not.toBe(made.id)
  })

  it.each([
    ['no discount', { code: 'A' }],
    ['two discounts', { code: 'A', percentOff: 5, amountOff: gbp(5) }],
    ['more than everything', { code: 'A', percentOff: 101 }],
    ['nothing off', { code: 'A', amountOff: gbp(0) }],
    ['no code', { percentOff: 5 }],
    ['a code with a blank', { code: 'A B', percentOff: 5 }],
    ['a long code', { code: 'A'.repeat(41), percentOff: 5 }],
    [
      'an end before its beginning',
      { code: 'A', percentOff: 5, validFrom: '2026-12-24T19:30Z', validTo: '2026-12-24T19:30Z' },
    ],
    ['a time that is none', { code: 'A', percentOff: 5, validTo: 'tomorrow' }],
    ['no uses', { code: 'A', percentOff: 5, maxUses: 0 }],
  ])('are refused with %s', async (_what, body) => {
    const { test, admin } = await stage(engine)
    expect((await test.call(contract.createPromotion, { body }, admin)).problem.code).toBe('validation_failed')
  })

  it('are for owners and administrators: an owner keeps its own, and another’s are not there', async () => {
    const { test, admin, make } = await stage(engine)
    const [owner, other] = [await signIn(test, 'owner'), await signIn(test, 'owner')]
    const own = await make({ code: 'MINE', percentOff: 10 }, owner)
    expect(own.ownerId).toBe(owner.userId)
    await make({ code: 'MINE', percentOff: 20 })
    await make({ code: 'MINE', percentOff: 30 }, other)
    expect((await test.call(contract.listPromotions, {}, owner)).body.data).toEqual([own])
    expect((await test.call(contract.listPromotions, {}, admin)).body.data).toHaveLength(3)
    const params = { id: own.id }
    expect((await test.call(contract.readPromotion, { params }, other)).status).toBe(404)
    expect((await test.call(contract.updatePromotion, { params, body: { percentOff: 1 } }, other)).status).toBe(404)
    expect((await test.call(contract.deletePromotion, { params }, other)).status).toBe(404)
    for (const role of ['customer', 'staff'] as const) {
      expect((await test.call(contract.listPromotions, {}, await signIn(test, role))).status).toBe(403)
    }
    expect((await test.call(contract.listPromotions)).status).toBe(401)
  })
})

onBothEngines('a promo code at booking', (engine) => {
  it('takes its discount off the prices, shared out over the tickets, in any case of letters', async () => {
    const { make, book, usesOf, test } = await stage(engine, { settings: { ticketFee: 50, taxRatePercent: 20 } })
    const promotion = await make({ code: 'Ten', amountOff: gbp(1001) })
    const tickets = [
      { seat: 'A1', ticketType: 'adult' },
      { seat: 'A2', ticketType: 'child' },
    ]
    const { body } = await book(['A1', 'A2'], 'tEN', { tickets })
    expect(body).toMatchObject({
      subtotal: gbp(2125),
      discount: gbp(1001),
      fees: gbp(100),
      total: gbp(1224),
      promoCode: 'Ten',
    })
    expect(await usesOf(promotion)).toBe(1)
    const rows = await test.database.read.selectFrom('tickets').select('discountAmount').orderBy('id').execute()
    expect(rows.map(({ discountAmount }) => discountAmount)).toEqual([589, 412])
    // Each ticket says what it came to, and together they are the total.
    expect(body.tickets.map(({ total }) => total)).toEqual([gbp(1250 - 589 + 50), gbp(875 - 412 + 50)])
  })

  it('is never more than the prices; a total of nothing confirms at once', async () => {
    const { make, book, test } = await stage(engine)
    await make({ code: 'FREE', amountOff: gbp(5000) })
    const { body } = await book(['A1'], 'free')
    expect(body).toMatchObject({ status: 'confirmed', discount: gbp(1250), total: gbp(0) })
    expect(await ledgerProblems(test.database, test.clock.now())).toEqual([])
  })

  it('counts from its first to before its last moment, in its currency, and only where its owner is at home', async () => {
    const owned = await stage(engine)
    const owner = await signIn(owned.test, 'owner')
    const { make, book, test } = owned
    await make({ code: 'LATER', percentOff: 10, validFrom: '2026-11-21T12:00:01Z' })
    await make({ code: 'BEFORE', percentOff: 10, validTo: '2026-11-21T12:00:01Z' })
    await make({ code: 'EURO', amountOff: { amount: 100, currency: 'EUR' } })
    await make({ code: 'ELSEWHERE', percentOff: 10 }, owner)
    const gone = await make({ code: 'GONE', percentOff: 10 })
    await test.call(contract.deletePromotion, { params: { id: gone.id } }, owned.admin)
    for (const code of ['LATER', 'EURO', 'ELSEWHERE', 'GONE', 'UNKNOWN', 'not a code']) {
      expect((await book(['A1'], code)).problem.code, code).toBe('promo_not_valid')
      test.clock.advance(0)
      await test.database.write((tx) => tx.query.deleteFrom('seatClaims').execute())
    }
    expect((await book(['A2'], 'BEFORE')).status).toBe(201)
    test.clock.advance(1000)
    expect((await book(['A3'], 'BEFORE')).problem.code).toBe('promo_not_valid')
    expect((await book(['A4'], 'LATER')).status).toBe(201)
    const { showtimeId } = await makeShowtime(test, { ownerId: owner.userId })
    const elsewhere = await bookSeats(test, showtimeId, ['A1'], { body: { promoCode: 'elsewhere' } })
    expect(elsewhere.discount).toEqual(gbp(125))
  })

  it('prefers the owner’s own code to one that counts everywhere', async () => {
    const { make, test } = await stage(engine)
    const owner = await signIn(test, 'owner')
    await make({ code: 'SAME', percentOff: 10 })
    await make({ code: 'SAME', percentOff: 20 }, owner)
    const { showtimeId } = await makeShowtime(test, { ownerId: owner.userId })
    const booking = await bookSeats(test, showtimeId, ['A1'], { body: { promoCode: 'SAME' } })
    expect(booking.discount).toEqual(gbp(250))
  })

  it('leaves nothing behind when it is refused: the hold stays', async () => {
    const { test, showtimeId } = await stage(engine)
    const hold = await holdSeats(test, showtimeId, ['A1'])
    const as = { accessToken: hold.token }
    const body = { holdId: hold.id, customer: guestCustomer }
    const refused = await test.call(bookings.createBooking, { body: { ...body, promoCode: 'NONE' } }, as)
    expect(refused.problem.code).toBe('promo_not_valid')
    expect((await test.call(bookings.createBooking, { body }, as)).status).toBe(201)
  })

  it('is used up after maxUses bookings; a use comes back with a booking that is cancelled wholly or lapses', async () => {
    const { make, book, usesOf, test } = await stage(engine)
    const promotion = await make({ code: 'TWO', percentOff: 10, maxUses: 2 })
    const paid = (await book(['A1', 'A2'], 'TWO')).body
    const unpaid = (await book(['A3'], 'TWO')).body
    expect((await book(['A4'], 'TWO')).problem.code).toBe('promo_used_up')
    await payBooking(test, paid)
    const as = { accessToken: paid.accessToken }
    const one = { params: { id: paid.id }, body: { tickets: [paid.tickets[0]?.id] } }
    expect((await test.call(bookings.cancelBooking, one, as)).body.refunded).toEqual(gbp(1125))
    expect((await book(['A5'], 'TWO')).problem.code).toBe('promo_used_up')
    await test.call(bookings.cancelBooking, { params: { id: paid.id }, body: {} }, as)
    expect(await usesOf(promotion)).toBe(1)
    // Nobody has written down yet that it lapsed.
    test.clock.set(Date.parse(unpaid.expiresAt ?? ''))
    expect((await book(['B1'], 'TWO')).status).toBe(201)
    expect((await book(['B2'], 'TWO')).status).toBe(201)
    expect((await book(['B3'], 'TWO')).problem.code).toBe('promo_used_up')
    for (const job of test.app.jobs) await job.run()
    expect((await readBooking(test, unpaid)).status).toBe('expired')
    expect(await usesOf(promotion)).toBe(2)
    expect(await ledgerProblems(test.database, test.clock.now())).toEqual([])
  })

  it('comes back when the showtime is cancelled', async () => {
    const { make, book, usesOf, test, showtimeId, admin } = await stage(engine)
    const promotion = await make({ code: 'SHOW', percentOff: 10 })
    await payBooking(test, (await book(['A1'], 'SHOW')).body)
    await book(['A2'], 'SHOW')
    expect(await usesOf(promotion)).toBe(2)
    await test.database.write(async (tx) => await cancelShowtime(tx, showtimeId, 'flood', admin.userId))
    expect(await usesOf(promotion)).toBe(0)
  })

  it('counts per customer: by account, else by email however it is written', async () => {
    const { make, book, test, admin } = await stage(engine)
    await make({ code: 'ONCE', percentOff: 10, perCustomer: 1 })
    const customer = await signIn(test, 'customer')
    expect((await book(['A1'], 'ONCE', {}, customer)).status).toBe(201)
    const other = { customer: { email: 'another@example.com' } }
    expect((await book(['A2'], 'ONCE', other, customer)).problem.code).toBe('promo_used_up')
    expect((await book(['A3'], 'ONCE')).status).toBe(201)
    const shouted = { customer: { email: guestCustomer.email.toUpperCase() } }
    expect((await book(['A4'], 'ONCE', shouted)).problem.code).toBe('promo_used_up')
    expect((await book(['A5'], 'ONCE', other)).status).toBe(201)
    expect((await book(['A6'], 'ONCE', { customer: undefined }, admin)).problem.code).toBe('promo_not_valid')
  })

  it('stays with a booking that is exchanged', async () => {
    const { make, book, test, showtimeId } = await stage(engine)
    await make({ code: 'HALF', percentOff: 50 })
    const booking = (await book(['A1'], 'HALF')).body
    await payBooking(test, booking)
    const row = await test.database.read.selectFrom('showtimes').selectAll().executeTakeFirstOrThrow()
    const later = await makeShowtime(test, { adultAmount: 1500, beside: row })
    const moved = await test.call(
      bookings.exchangeBooking,
      { params: { id: booking.id }, body: { showtimeId: later.showtimeId, seats: ['B1'] } },
      { accessToken: booking.accessToken },
    )
    expect(moved.body).toMatchObject({ discount: gbp(750), total: gbp(750), paid: gbp(750), promoCode: 'HALF' })
    expect(showtimeId).not.toBe(later.showtimeId)
    expect((await buySeats(test, showtimeId, ['A1'])).status).toBe('confirmed')
  })
})
