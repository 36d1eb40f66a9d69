import { sql } from 'kysely'
import { expect, it } from 'vitest'
import * as bookings from '../../contract/bookings.ts'
import type { Booking } from '../../contract/bookings.ts'
import * as payments from '../../contract/payments.ts'
import * as contract from '../../contract/vouchers.ts'
import type { Voucher } from '../../contract/vouchers.ts'
import type { Engine } from '../database/database.ts'
import { cancelShowtime } from '../bookings/cancel-showtime.ts'
import { expireBookings } from '../bookings/tidy.ts'
import { must } from '../platform/assert.ts'
import { bookSeats, guestCustomer, payBooking, readBooking } from '../testing/buying.ts'
import { onBothEngines, startApp } from '../testing/harness.ts'
import type { As } from '../testing/harness.ts'
import { ledgerProblems } from '../testing/ledger-check.ts'
import { makeShowtime } from '../testing/showtimes.ts'
import { signIn } from '../testing/sign-in.ts'

async function stage(engine: Engine) {
  const test = await startApp(engine, { environment: { MAX_HOLDS_PER_CLIENT: '0', ACCESS_TOKEN_SECONDS: '86400' } })
  const admin = await signIn(test, 'admin')
  const { showtimeId } = await makeShowtime(test)
  const make = async (amount: number, more: object = {}, as: As = admin): Promise<Voucher> =>
    (await test.call(contract.createVoucher, { body: { balance: gbp(amount), ...more } }, as)).body
  const read = async ({ id }: Voucher) => (await test.call(contract.readVoucher, { params: { id } }, admin)).body
  const book = (seats: readonly string[], voucherCode: string, more: object = {}) =>
    bookSeats(test, showtimeId, seats, { body: { voucherCode, ...more } })
  const tryToBook = (seats: readonly string[], voucherCode: string) =>
    test.call(bookings.createBooking, { body: { showtimeId, seats, customer: guestCustomer, voucherCode } })
  const cancel = (booking: Booking, body: object = {}) =>
    test.call(bookings.cancelBooking, { params: { id: booking.id }, body }, { accessToken: booking.accessToken })
  const problems = () => ledgerProblems(test.database, test.clock.now())
  return { test, admin, showtimeId, make, read, book, tryToBook, cancel, problems }
}

const gbp = (amount: number) => ({ amount, currency: 'GBP' })

onBothEngines('vouchers', (engine) => {
  it('are issued with a code nobody guesses or their own, corrected and withdrawn; every move is an entry', async () => {
    const { test, admin, make, read, tryToBook, problems } = await stage(engine)
    const made = await make(5000, { validTo: '2027-11-21T12:00Z' })
    expect(made.code).toMatch(/^[0-9A-HJKMNP-TV-Z]{4}(-[0-9A-HJKMNP-TV-Z]{4}){3}$/)
    expect(made).toMatchObject({ balance: gbp(5000), validTo: '2027-11-21T12:00:00Z', ownerId: null })
    const named = await make(100, { code: 'Gift_2026' })
    expect(named.code).toBe('Gift_2026')
    const twice = { body: { balance: gbp(100), code: 'GIFT_2026' } }
    expect((await test.call(contract.createVoucher, twice, admin)).problem.code).toBe('voucher_exists')
    const params = { id: made.id }
    const patched = await test.call(contract.updateVoucher, { params, body: { balance: gbp(4000) } }, admin)
    expect(patched.body.balance).toEqual(gbp(4000))
    expect((await read(made)).entries).toMatchObject([
      { kind: 'issue', amount: gbp(5000) },
      { kind: 'adjust', amount: gbp(-1000) },
    ])
    const euros = { params, body: { balance: { amount: 1, currency: 'EUR' } } }
    expect((await test.call(contract.updateVoucher, euros, admin)).problem.code).toBe('validation_failed')
    expect((await test.call(contract.deleteVoucher, { params }, admin)).status).toBe(204)
    expect((await test.call(contract.readVoucher, { params }, admin)).status).toBe(404)
    expect((await tryToBook(['A1'], made.code)).problem.code).toBe('voucher_not_valid')
    expect((await test.call(contract.listVouchers, {}, admin)).body.data).toEqual([named])
    expect(await problems()).toEqual([])
  })

  it('are an owner’s own: another’s are not there, and others keep none', async () => {
    const { test, admin, make } = await stage(engine)
    const [owner, other] = [await signIn(test, 'owner'), await signIn(test, 'owner')]
    const own = await make(100, {}, owner)
    expect(own.ownerId).toBe(owner.userId)
    const params = { id: own.id }
    expect((await test.call(contract.readVoucher, { params }, other)).status).toBe(404)
    expect((await test.call(contract.deleteVoucher, { params }, other)).status).toBe(404)
    expect((await test.call(contract.listVouchers, {}, other)).body.data).toEqual([])
    expect((await test.call(contract.listVouchers, {}, admin)).body.data).toHaveLength(1)
    expect((await test.call(contract.listVouchers, {}, await signIn(test, 'staff'))).status).toBe(403)
    expect((await test.call(contract.listVouchers)).status).toBe(401)
    const nothing = { body: { balance: gbp(0) } }
    expect((await test.call(contract.createVoucher, nothing, owner)).problem.code).toBe('validation_failed')
  })

  it('have entries that the database itself never changes or deletes', async () => {
    const { test, make } = await stage(engine)
    await make(100)
    const change = test.database.write((tx) => sql`UPDATE voucher_entries SET amount = 1`.execute(tx.query))
    await expect(change).rejects.toThrow('never changed')
    const removal = test.database.write((tx) => sql`DELETE FROM voucher_entries`.execute(tx.query))
    await expect(removal).rejects.toThrow('never')
    const overdraw = test.database.write((tx) => sql`UPDATE vouchers SET balance = -1`.execute(tx.query))
    await expect(overdraw).rejects.toThrow(/check/i)
  })
})

onBothEngines('a voucher at booking', (engine) => {
  it('that covers the total confirms at once, in any case of letters, and keeps the rest', async () => {
    const { make, read, book, problems } = await stage(engine)
    const voucher = await make(3000, { code: 'Gift' })
    const booking = await book(['A1', 'A2'], 'gIFT')
    expect(booking).toMatchObject({ status: 'confirmed', paid: gbp(2500), total: gbp(2500) })
    expect(booking.payments).toMatchObject([
      { provider: 'counter', tender: 'voucher', status: 'succeeded', amount: gbp(2500) },
    ])
    const after = await read(voucher)
    expect(after.balance).toEqual(gbp(500))
    expect(after.entries?.at(-1)).toMatchObject({ kind: 'spend', amount: gbp(-2500), bookingId: booking.id })
    expect(await problems()).toEqual([])
  })

  it('that covers a part leaves the rest to be paid', async () => {
    const { test, make, read, book, problems } = await stage(engine)
    const voucher = await make(1000)
    const booking = await book(['A1', 'A2'], voucher.code)
    expect(booking).toMatchObject({ status: 'pending', paid: gbp(1000) })
    expect(booking.expiresAt).not.toBeNull()
    expect((await payBooking(test, booking)).amount).toEqual(gbp(1500))
    expect(await readBooking(test, booking)).toMatchObject({ status: 'confirmed', paid: gbp(2500) })
    expect((await read(voucher)).balance).toEqual(gbp(0))
    expect(await problems()).toEqual([])
  })

  it('has its part again when the rest is not paid in time, and so has one whose unpaid booking is given up', async () => {
    const { test, make, read, book, cancel, problems } = await stage(engine)
    const voucher = await make(1000)
    const lapsing = await book(['A1'], voucher.code)
    test.clock.set(Date.parse(lapsing.expiresAt ?? ''))
    await expireBookings(test.database, test.clock.now())
    expect(await readBooking(test, lapsing)).toMatchObject({ status: 'expired', paid: gbp(1000), refunded: gbp(1000) })
    expect((await read(voucher)).balance).toEqual(gbp(1000))
    const dropped = await book(['A1'], voucher.code)
    expect((await cancel(dropped)).body).toMatchObject({ status: 'cancelled', refunded: gbp(1000) })
    expect((await read(voucher)).balance).toEqual(gbp(1000))
    expect(await problems()).toEqual([])
  })

  it('that are past their date are owed no more, and are good again with a later date', async () => {
    const { test, admin, make, read, tryToBook, problems } = await stage(engine)
    const hourMs = 3600_000
    const at = (ms: number) => new Date(test.clock.now() + ms).toISOString()
    const made = await make(5000, { validTo: at(hourMs) })
    const forever = await make(700)
    const params = { id: made.id }
    const lapse = async () =>
      await must(
        test.app.jobs.find(({ name }) => name === 'lapsed vouchers'),
        'It is a job',
      ).run()
    const lapsed = async () => {
      const moved = await test.database.read
        .selectFrom('moneyPostings')
        .select(['debit', 'credit', 'amount'])
        .where('fact', '=', 'voucher_withdraw')
        .execute()
      return moved.reduce((sum, { debit, amount }) => sum + (debit === 'vouchers' ? amount : -amount), 0)
    }
    await lapse()
    expect(await lapsed()).toBe(0)
    test.clock.advance(hourMs)
    await lapse()
    await lapse()
    expect(await lapsed()).toBe(5000)
    expect(await read(made)).toMatchObject({ balance: gbp(0), entries: [{ kind: 'issue' }, { amount: gbp(-5000) }] })
    expect((await read(forever)).balance).toEqual(gbp(700))
    expect((await tryToBook(['A1'], made.code)).problem.code).toBe('voucher_not_valid')
    expect(await problems()).toEqual([])

    const later = { validTo: at(hourMs) }
    expect((await test.call(contract.updateVoucher, { params, body: later }, admin)).body.balance).toEqual(gbp(5000))
    expect(await lapsed()).toBe(0)
    expect((await tryToBook(['A1'], made.code)).status).toBe(201)
    const left = (await read(made)).balance.amount
    test.clock.advance(hourMs)
    await lapse()
    expect(await lapsed()).toBe(left)
    // Another sum in the same step counts from what comes back.
    const both = { validTo: null, balance: gbp(100) }
    expect((await test.call(contract.updateVoucher, { params, body: both }, admin)).body.balance).toEqual(gbp(100))
    expect(await lapsed()).toBe(0)
    // What somebody withdrew comes back for no date.
    expect((await test.call(contract.deleteVoucher, { params }, admin)).status).toBe(204)
    expect(await lapsed()).toBe(100)
    expect(await problems()).toEqual([])
  })

  it('has its value again when tickets, bookings or showtimes are cancelled, even after it was withdrawn', async () => {
    const { test, admin, make, read, book, cancel, showtimeId, problems } = await stage(engine)
    const voucher = await make(10_000)
    const booking = await book(['A1', 'A2', 'A3'], voucher.code)
    await cancel(booking, { tickets: [booking.tickets[0]?.id] })
    expect((await read(voucher)).balance).toEqual(gbp(7500))
    const refund = { params: { id: booking.payments[0]?.id }, body: { amount: gbp(100) } }
    expect((await test.call(payments.refundPayment, refund, admin)).body.status).toBe('partially_refunded')
    expect((await read(voucher)).balance).toEqual(gbp(7600))
    await cancel(booking)
    expect((await read(voucher)).balance).toEqual(gbp(10_000))
    await book(['B1'], voucher.code)
    await test.call(contract.deleteVoucher, { params: { id: voucher.id } }, admin)
    const ended = await test.database.write(async (tx) => await cancelShowtime(tx, showtimeId, 'flood', admin.userId))
    expect(ended).toEqual({ refundsStarted: 1, dueAtCounter: 0 })
    expect((await read(voucher)).balance).toEqual(gbp(1250))
    expect(await problems()).toEqual([])
  })

  it('is refused when it is unknown, empty, lapsed, in another currency or another owner’s', async () => {
    const { test, make, book, tryToBook } = await stage(engine)
    const owner = await signIn(test, 'owner')
    const lapsed = await make(100, { validTo: '2026-11-21T12:00Z' })
    const euros = await make(0, { balance: { amount: 100, currency: 'EUR' } })
    const elsewhere = await make(100, {}, owner)
    const spent = await make(1250)
    await book(['A1'], spent.code)
    for (const code of [lapsed.code, euros.code, elsewhere.code, spent.code, 'unknown', 'no code at all!']) {
      expect((await tryToBook(['A2'], code)).problem.code, code).toBe('voucher_not_valid')
    }
    const { showtimeId } = await makeShowtime(test, { ownerId: owner.userId })
    const there = await bookSeats(test, showtimeId, ['A1'], { body: { voucherCode: elsewhere.code } })
    expect(there.paid).toEqual(gbp(100))
  })

  it('pays the difference of an exchange, and has it back', async () => {
    const { test, make, read, book, problems } = await stage(engine)
    const voucher = await make(2000)
    const booking = await book(['A1'], voucher.code)
    const query = test.database.read.selectFrom('showtimes').select(['movieId', 'theatreId'])
    const beside = await query.executeTakeFirstOrThrow()
    const move = async (adultAmount: number) => {
      const { showtimeId } = await makeShowtime(test, { adultAmount, beside })
      const input = { params: { id: booking.id }, body: { showtimeId, seats: ['B1'] } }
      return await test.call(bookings.exchangeBooking, input, { accessToken: booking.accessToken })
    }
    expect((await move(2500)).problem.code).toBe('voucher_not_valid')
    expect((await move(1500)).body).toMatchObject({ total: gbp(1500), paid: gbp(1500) })
    expect((await read(voucher)).balance).toEqual(gbp(500))
    expect((await move(1000)).body.refunded).toEqual(gbp(500))
    expect((await read(voucher)).balance).toEqual(gbp(1000))
    expect(await problems()).toEqual([])
  })
})

onBothEngines('a voucher at the counter', (engine) => {
  it('is a tender: it pays what it has, cash pays the rest, and what it paid goes back to it', async () => {
    const { test, admin, make, read, showtimeId, problems } = await stage(engine)
    const voucher = await make(1000)
    const booking = await bookSeats(test, showtimeId, ['A1', 'A2'], { as: admin })
    const pay = (body: object) =>
      test.call(payments.createPayment, { body: { bookingId: booking.id, provider: 'counter', ...body } }, admin)
    expect((await pay({ tender: 'voucher' })).problem.code).toBe('validation_failed')
    expect((await pay({ tender: 'cash', voucherCode: voucher.code })).problem.code).toBe('validation_failed')
    const tooMuch = await pay({ tender: 'voucher', voucherCode: voucher.code, amount: gbp(1001) })
    expect(tooMuch.problem).toMatchObject({ code: 'voucher_not_valid', balance: gbp(1000) })
    const part = await pay({ tender: 'voucher', voucherCode: voucher.code, amount: gbp(400) })
    expect(part.body).toMatchObject({ tender: 'voucher', status: 'succeeded', amount: gbp(400) })
    expect((await pay({ tender: 'voucher', voucherCode: voucher.code })).body.amount).toEqual(gbp(600))
    // What is given back meanwhile is due again.
    await test.call(payments.refundPayment, { params: { id: part.body.id }, body: {} }, admin)
    expect((await pay({ tender: 'cash', tendered: gbp(2000) })).body).toMatchObject({
      amount: gbp(1900),
      change: gbp(100),
    })
    expect(await readBooking(test, booking)).toMatchObject({ status: 'confirmed', paid: gbp(2900), refunded: gbp(400) })
    expect((await read(voucher)).balance).toEqual(gbp(400))
    await test.call(bookings.cancelBooking, { params: { id: booking.id }, body: {} }, admin)
    expect((await read(voucher)).balance).toEqual(gbp(1000))
    expect(await problems()).toEqual([])
  })
})
