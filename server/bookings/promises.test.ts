import { expect, it } from 'vitest'
import * as bookings from '../../contract/bookings.ts'
import * as holds from '../../contract/holds.ts'
import * as payments from '../../contract/payments.ts'
import { getShowtime, updateShowtime } from '../../contract/showtimes.ts'
import { updateSettings } from '../../contract/venues.ts'
import { bookSeats, guestCustomer, holdSeats, payBooking, readBooking } from '../testing/buying.ts'
import { onBothEngines, startApp } from '../testing/harness.ts'
import type { As, TestApp } from '../testing/harness.ts'
import { doubledNames } from '../testing/doubles.ts'
import { startPaying } from '../testing/paying.ts'
import { makeShowtime } from '../testing/showtimes.ts'
import { signIn } from '../testing/sign-in.ts'

const gbp = (amount: number) => ({ amount, currency: 'GBP' })
const hour = 3600_000

async function change(test: TestApp, id: string, body: object, as: As) {
  return await test.call(updateShowtime, { params: { id }, body }, as)
}

onBothEngines('what a buyer was told', (engine) => {
  it('holds for the price: it binds from the hold until the booking ends, and a new price is for new holds', async () => {
    const test = await startApp(engine)
    const owner = await signIn(test, 'owner')
    const { showtimeId } = await makeShowtime(test, { ownerId: owner.userId })
    const early = await holdSeats(test, showtimeId, ['A1', 'A2'])
    const prices = [{ category: 'standard', ticketType: 'adult', price: gbp(9900) }]
    expect((await change(test, showtimeId, { prices }, owner)).status).toBe(200)
    const late = await holdSeats(test, showtimeId, ['B1'])
    expect([early.quote.total.amount, late.quote.total.amount]).toEqual([2500, 9900])
    // A type that is not sold any more still is for who held before.
    const tickets = [
      { seat: 'A1', ticketType: 'adult' },
      { seat: 'A2', ticketType: 'child' },
    ]
    const body = { holdId: early.id, customer: guestCustomer, tickets }
    const booking = (await test.call(bookings.createBooking, { body }, { accessToken: early.token })).body
    expect(booking.total.amount).toBe(1250 + 875)
    await payBooking(test, booking)
    const part = { params: { id: booking.id }, body: { tickets: [booking.tickets[1]?.id] } }
    const left = (await test.call(bookings.cancelBooking, part, { accessToken: booking.accessToken })).body
    expect(left).toMatchObject({ status: 'confirmed', paid: gbp(2125), refunded: gbp(875) })
    const child = { holdId: late.id, customer: guestCustomer, tickets: [{ seat: 'B1', ticketType: 'child' }] }
    const unsold = await test.call(bookings.createBooking, { body: child }, { accessToken: late.token })
    expect(unsold.problem.code).toBe('ticket_type_not_sold')
  })

  it('holds for the sale: who has a hold or owes money finishes although sales have closed', async () => {
    const test = await startApp(engine)
    const owner = await signIn(test, 'owner')
    const { showtimeId } = await makeShowtime(test, { ownerId: owner.userId })
    const hold = await holdSeats(test, showtimeId, ['A1'])
    const pending = await bookSeats(test, showtimeId, ['A2'])
    await change(test, showtimeId, { salesPaused: true }, owner)
    const closed = await test.call(holds.placeHold, { params: { id: showtimeId }, body: { seats: ['A3'] } })
    expect(closed.problem.code).toBe('sales_closed')
    const byHold = { accessToken: hold.token }
    expect((await test.call(holds.extendHold, { params: { id: hold.id } }, byHold)).status).toBe(200)
    const body = { holdId: hold.id, customer: guestCustomer }
    const booking = (await test.call(bookings.createBooking, { body }, byHold)).body
    for (const each of [booking, pending]) expect((await payBooking(test, each)).status).toBe('succeeded')
  })

  it('holds for the day: a business day that begins at another hour is for showtimes that start anew', async () => {
    const test = await startApp(engine)
    const owner = await signIn(test, 'owner')
    const made = await makeShowtime(test, { ownerId: owner.userId })
    const params = { id: made.showtimeId }
    const before = (await test.call(getShowtime, { params })).body
    const settings = { params: { id: made.theatreId }, body: { businessDayStartsAt: '14:00' } }
    expect((await test.call(updateSettings, settings, owner)).status).toBe(200)
    await change(test, made.showtimeId, { language: 'en' }, owner)
    expect((await test.call(getShowtime, { params })).body.businessDate).toBe(before.businessDate)
    const moved = (await change(test, made.showtimeId, { startsAt: '2026-11-25T13:00Z' }, owner)).body
    expect(moved.businessDate).toBe('2026-11-24')
  })
})

onBothEngines('limits on holds', (engine) => {
  const ask = (test: TestApp, id: string, seats: readonly string[], as: As = {}) =>
    test.call(holds.placeHold, { params: { id }, body: { seats } }, as)

  it('count unpaid bookings of a guest, and let the counter sell as much as it likes', async () => {
    const test = await startApp(engine)
    const admin = await signIn(test, 'admin')
    const { showtimeId } = await makeShowtime(test)
    for (const seat of ['A1', 'A2', 'A3']) await bookSeats(test, showtimeId, [seat])
    for (const seat of ['A4', 'A5']) await holdSeats(test, showtimeId, [seat])
    expect((await ask(test, showtimeId, ['A6'])).problem).toMatchObject({ status: 429, code: 'too_many_holds' })
    const row = (label: string) => Array.from({ length: 8 }, (_, index) => `${label}${index + 1}`)
    for (const seats of [row('B'), row('C'), ['A6'], ['A7'], ['A8']]) {
      expect((await ask(test, showtimeId, seats, admin)).status).toBe(201)
    }
    expect((await ask(test, showtimeId, [...row('D'), ...row('E')], admin)).status).toBe(201)
  })

  it('let one address hold forty seats through guests with cookies, and no more', async () => {
    const test = await startApp(engine, { environment: { MAX_HOLDS_PER_CLIENT: '0' } })
    const layout = { rows: ['A', 'B', 'C', 'D', 'E'].map((label) => ({ label, seats: seatsOf(10) })) }
    const { showtimeId } = await makeShowtime(test, { layout })
    for (const label of ['A', 'B', 'C', 'D']) {
      const cookie = await guestCookie(test, showtimeId)
      const seats = seatsOf(10).map(({ number }) => label + number)
      expect((await ask(test, showtimeId, seats, { headers: { cookie } })).status).toBe(201)
    }
    const cookie = await guestCookie(test, showtimeId)
    const more = await ask(test, showtimeId, ['E1'], { headers: { cookie } })
    expect(more.problem).toMatchObject({ status: 429, code: 'too_many_holds' })
  })
})

const seatsOf = (count: number) => Array.from({ length: count }, (_, index) => ({ number: String(index + 1) }))

/** The cookie of a new guest, who holds a seat and gives it back. */
async function guestCookie(test: TestApp, showtimeId: string): Promise<string> {
  const first = await test.call(holds.placeHold, { params: { id: showtimeId }, body: { seats: ['E10'] } })
  await test.call(holds.releaseHold, { params: { id: first.body.id } }, { accessToken: first.body.token })
  const [cookie = ''] = [first.headers['set-cookie'] ?? []].flat()
  expect(cookie).toContain('matinee_guest=')
  return cookie.split(';')[0] ?? ''
}

onBothEngines('a payment', (engine) => {
  it('is not begun while another one is authorised: its money is there already', async () => {
    const test = await startApp(engine)
    const admin = await signIn(test, 'admin')
    const { showtimeId } = await makeShowtime(test)
    const booking = await bookSeats(test, showtimeId, ['A1'])
    const as = { accessToken: booking.accessToken }
    const begin = (provider: object, caller: As) =>
      test.call(payments.createPayment, { body: { bookingId: booking.id, ...provider } }, caller)
    const first = (await begin({ provider: 'test' }, as)).body
    // No provider leads there: authorising a payment and confirming its booking are one transaction. Should that ever not
    // be so, nobody pays twice.
    await test.database.write((tx) =>
      tx.query.updateTable('payments').set({ status: 'authorised' }).where('id', '=', first.id).execute(),
    )
    const again = [await begin({ provider: 'test' }, as), await begin({ provider: 'counter', tender: 'cash' }, admin)]
    for (const { problem } of again) expect(problem).toMatchObject({ status: 409, code: 'payment_in_progress' })
    const shown = (await test.call(payments.readPayment, { params: { id: first.id } }, as)).body
    expect(shown.status).toBe('authorised')
  })

  it.each(doubledNames)('by %s shows that it is disputed, beside its status', async (name) => {
    const stage = await startPaying(engine, name)
    const { test, double } = stage
    const booking = await stage.book(['A1'])
    const { id } = await stage.beginWell(booking)
    stage.pay(id)
    await stage.comeBack(id, booking)
    await stage.workOff()
    const as = { accessToken: booking.accessToken }
    const shown = async () => (await test.call(payments.readPayment, { params: { id } }, as)).body
    expect(await shown()).toMatchObject({ status: 'succeeded', disputed: false })
    double?.dispute(id, 'open')
    for (const webhook of stage.webhooks()) expect(await stage.post(webhook)).toBe(200)
    expect(await shown()).toMatchObject({ status: 'succeeded', disputed: true })
    expect(await stage.booking(booking)).toMatchObject({ status: 'confirmed', payments: [{ disputed: true }] })
    expect(await stage.problems()).toEqual([])
  })

  it('by the test provider is refused where it is turned off', async () => {
    const test = await startApp(engine, { environment: { TEST_PAYMENTS: 'off' } })
    const { showtimeId } = await makeShowtime(test)
    const booking = await bookSeats(test, showtimeId, ['A1'])
    const body = { bookingId: booking.id, provider: 'test' }
    const refused = await test.call(payments.createPayment, { body }, { accessToken: booking.accessToken })
    expect(refused.problem).toMatchObject({ status: 400, code: 'validation_failed' })
  })

  it('in part keeps its booking alive until the house ends it by giving the money back', async () => {
    const test = await startApp(engine, { environment: { ACCESS_TOKEN_SECONDS: '86400' } })
    const admin = await signIn(test, 'admin')
    const { showtimeId } = await makeShowtime(test)
    const booking = await bookSeats(test, showtimeId, ['A1', 'A2'], { as: admin })
    const body = { bookingId: booking.id, provider: 'counter', tender: 'cash', amount: gbp(500) }
    const part = (await test.call(payments.createPayment, { body }, admin)).body
    test.clock.advance(5 * hour)
    expect(await readBooking(test, booking)).toMatchObject({ status: 'pending', expiresAt: null, paid: gbp(500) })
    const taken = await test.call(holds.placeHold, { params: { id: showtimeId }, body: { seats: ['A1'] } })
    expect(taken.problem.code).toBe('seats_unavailable')
    await test.call(payments.refundPayment, { params: { id: part.id }, body: {} }, admin)
    expect(await readBooking(test, booking)).toMatchObject({ status: 'cancelled', refunded: gbp(500) })
    expect((await holdSeats(test, showtimeId, ['A1', 'A2'])).count).toBe(2)
  })
})
