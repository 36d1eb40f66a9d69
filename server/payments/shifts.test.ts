import { sql } from 'kysely'
import { expect, it } from 'vitest'
import * as bookings from '../../contract/bookings.ts'
import * as payments from '../../contract/payments.ts'
import * as contract from '../../contract/shifts.ts'
import type { Shift } from '../../contract/shifts.ts'
import { createVoucher } from '../../contract/vouchers.ts'
import { auditDatabase } from '../audit/audit.ts'
import type { Engine } from '../database/database.ts'
import { bookSeats } from '../testing/buying.ts'
import { crowd, tally, winners } from '../testing/crowd.ts'
import { onBothEngines, startApp } from '../testing/harness.ts'
import type { As } from '../testing/harness.ts'
import { makeShowtime } from '../testing/showtimes.ts'
import { signIn } from '../testing/sign-in.ts'

async function stage(engine: Engine) {
  const test = await startApp(engine, { environment: { MAX_HOLDS_PER_CLIENT: '0' } })
  const admin = await signIn(test, 'admin')
  const clerk = await signIn(test, 'staff')
  const made = await makeShowtime(test)
  const { showtimeId, theatreId } = made
  await test.database.write((tx) =>
    tx.query.insertInto('theatreStaff').values({ theatreId, userId: clerk.userId, createdAt: tx.nowMs }).execute(),
  )
  const ask = (till: string, as: As = clerk) =>
    test.call(contract.openShift, { body: { theatreId, till, float: gbp(10_000) } }, as)
  const open = async (till: string) => (await ask(till)).body
  const move = (shift: Shift, amount: number, as: As = clerk) =>
    test.call(contract.moveCash, { params: { id: shift.id }, body: { amount: gbp(amount), reason: 'bank' } }, as)
  const close = (shift: Shift, counted: object, as: As = clerk) =>
    test.call(contract.closeShift, { params: { id: shift.id }, body: { counted } }, as)
  const sell = async (seat: string, shift: { readonly id: string }, pay: object = { tender: 'cash' }) => {
    const booking = await bookSeats(test, showtimeId, [seat], { as: clerk })
    const body = { bookingId: booking.id, provider: 'counter', shiftId: shift.id, ...pay }
    return { booking, paid: await test.call(payments.createPayment, { body }, clerk) }
  }
  return { test, admin, clerk, made, showtimeId, theatreId, ask, open, move, close, sell }
}

const gbp = (amount: number) => ({ amount, currency: 'GBP' })

onBothEngines('shifts', (engine) => {
  it('are opened with a float, numbered per till without gaps, one at a time', async () => {
    const { ask, open, close, test, clerk, theatreId } = await stage(engine)
    const first = await open('Till 1')
    expect(first).toMatchObject({ till: 'Till 1', number: 1, status: 'open', float: gbp(10_000), movements: [] })
    expect(first).toMatchObject({ openedBy: clerk.userId, expected: null, counted: null, difference: null })
    expect((await ask('till  1')).problem).toMatchObject({ code: 'shift_open', shiftId: first.id })
    expect((await open('Till 2')).number).toBe(1)
    await close(first, gbp(10_000))
    const answers = await crowd(10, () => ask('Till 1'))
    expect(tally(answers)).toEqual({ '201': 1, '409 shift_open': 9 })
    expect(winners(answers)[0]?.body.number).toBe(2)
    const { data } = (await test.call(contract.listShifts, { query: { theatreId } }, clerk)).body
    expect(data.map(({ till, number }) => `${till}: ${number}`)).toEqual(['Till 1: 2', 'Till 2: 1', 'Till 1: 1'])
  })

  it('answer each movement of cash to its own key, and the audit finds nothing wrong with that', async () => {
    const { test, clerk, open, move } = await stage(engine)
    const shift = await open('Till 7')
    for (const key of ['to the bank', 'from the bank']) {
      const as = { token: clerk.token, headers: { 'idempotency-key': key } }
      expect((await move(shift, 100, as)).status).toBe(201)
    }
    const { invariants } = await auditDatabase(test.database, test.clock.now())
    expect(invariants.flatMap(({ violations }) => violations)).toEqual([])
  })

  it('say by tender what should be there when they are closed, and what differs', async () => {
    const { test, admin, clerk, open, move, close, sell } = await stage(engine)
    const shift = await open('Till 1')
    const voucher = (await test.call(createVoucher, { body: { balance: gbp(5000) } }, admin)).body
    await sell('A1', shift, { tender: 'cash', tendered: gbp(2000) })
    const refunded = await sell('A2', shift)
    const cancelled = await sell('A3', shift, { tender: 'card', terminalReference: 'T-7' })
    await sell('A4', shift, { tender: 'card' })
    await sell('A5', shift, { tender: 'voucher', voucherCode: voucher.code })
    await sell('A6', shift, { tender: 'comp' })
    await move(shift, 500)
    expect((await move(shift, -2000)).body.movements.map(({ amount }) => amount.amount)).toEqual([500, -2000])
    const back = { params: { id: refunded.paid.body.id }, body: { amount: gbp(250) } }
    await test.call(payments.refundPayment, back, clerk)
    await test.call(bookings.cancelBooking, { params: { id: cancelled.booking.id }, body: {} }, clerk)
    const closed = (await close(shift, { cash: gbp(10_700), card: gbp(1250) })).body
    expect(closed).toMatchObject({
      status: 'closed',
      closedBy: clerk.userId,
      expected: { cash: gbp(10_750), card: gbp(1250), voucher: gbp(1250), comp: gbp(1250) },
      counted: { cash: gbp(10_700), card: gbp(1250) },
      difference: { cash: gbp(-50), card: gbp(0) },
    })
    expect((await test.call(contract.readShift, { params: { id: shift.id } }, clerk)).body).toEqual(closed)
  })

  it('are never changed once they are closed: no movement, payment or refund, not even in the database', async () => {
    const { test, admin, open, move, close, sell } = await stage(engine)
    const shift = await open('Till 1')
    const { paid } = await sell('A1', shift)
    await move(shift, 100)
    const closed = (await close(shift, gbp(11_350))).body
    expect(closed.difference).toEqual({ cash: gbp(0) })
    expect((await move(shift, 100)).problem.code).toBe('shift_closed')
    expect((await close(shift, gbp(1))).problem.code).toBe('shift_closed')
    expect((await sell('A2', shift)).paid.problem.code).toBe('shift_closed')
    await test.call(payments.refundPayment, { params: { id: paid.body.id }, body: {} }, admin)
    expect((await test.call(contract.readShift, { params: { id: shift.id } }, admin)).body).toEqual(closed)
    for (const statement of [
      sql`UPDATE shifts SET counted = '{}'`,
      sql`DELETE FROM shifts`,
      sql`UPDATE shift_movements SET amount = 1`,
      sql`DELETE FROM shift_movements`,
    ]) {
      const change = test.database.write((tx) => statement.execute(tx.query))
      await expect(change).rejects.toThrow('never changed')
    }
  })

  it('take what is given back out of the drawer of who gives it', async () => {
    const { test, clerk, open, close, sell } = await stage(engine)
    const yesterday = await open('Till 1')
    const { booking } = await sell('A1', yesterday)
    await close(yesterday, gbp(11_250))
    const today = await open('Till 2')
    await test.call(bookings.cancelBooking, { params: { id: booking.id }, body: {} }, clerk)
    expect((await close(today, gbp(8750))).body.difference).toEqual({ cash: gbp(0) })
  })

  it('take what is paid without naming one into the drawer of who takes it, also the difference of an exchange', async () => {
    const { test, clerk, open, close, sell, made } = await stage(engine)
    const dearer = await makeShowtime(test, { beside: made, adultAmount: 2000, startsInMs: 60 * 3600_000 })
    const before = await open('Till 1')
    const { booking } = await sell('A1', before)
    await close(before, gbp(11_250))
    const shift = await open('Till 1')
    const unnamed = await bookSeats(test, made.showtimeId, ['A2'], { as: clerk })
    const body = { bookingId: unnamed.id, provider: 'counter', tender: 'cash' }
    expect((await test.call(payments.createPayment, { body }, clerk)).body.shiftId).toBe(shift.id)
    const params = { id: booking.id }
    const exchange = (as: As) =>
      test.call(bookings.exchangeBooking, { params, body: { showtimeId: dearer.showtimeId, seats: ['A1'] } }, as)
    const alone = await exchange({ accessToken: booking.accessToken })
    expect(alone.problem).toMatchObject({ status: 409, code: 'booking_not_payable' })
    const exchanged = (await exchange(clerk)).body
    expect(exchanged.payments.map(({ amount, shiftId }) => [amount.amount, shiftId])).toEqual([
      [1250, before.id],
      [750, shift.id],
    ])
    const closed = (await close(shift, gbp(12_000))).body
    expect(closed).toMatchObject({ expected: { cash: gbp(12_000) }, difference: { cash: gbp(0) } })
  })

  it('are named by payments of their own theatre alone', async () => {
    const { test, admin, sell } = await stage(engine)
    const elsewhere = await makeShowtime(test)
    const body = { theatreId: elsewhere.theatreId, till: 'Till 1', float: gbp(0) }
    const foreign = (await test.call(contract.openShift, { body }, admin)).body
    expect((await sell('A1', foreign)).paid.problem.code).toBe('validation_failed')
    expect((await sell('A2', { id: 'shf_none' })).paid.problem.code).toBe('validation_failed')
  })

  it('are for who works there: to others a shift is not there', async () => {
    const { test, admin, ask, open, move, close, theatreId } = await stage(engine)
    const shift = await open('Till 1')
    const stranger = await signIn(test, 'staff')
    expect((await ask('Till 9', stranger)).problem.code).toBe('forbidden')
    expect((await test.call(contract.listShifts, { query: { theatreId } }, stranger)).problem.code).toBe('forbidden')
    expect((await test.call(contract.readShift, { params: { id: shift.id } }, stranger)).status).toBe(404)
    expect((await move(shift, 1, stranger)).status).toBe(404)
    expect((await close(shift, gbp(1), stranger)).status).toBe(404)
    expect((await ask('Till 9', await signIn(test, 'customer'))).status).toBe(403)
    expect((await ask('Till 9', {})).status).toBe(401)
    expect((await move(shift, 0)).problem.code).toBe('validation_failed')
    expect((await close(shift, {})).problem.code).toBe('validation_failed')
    expect((await close(shift, { amount: 1, currency: 'EUR' })).problem.code).toBe('validation_failed')
    const nowhere = { body: { theatreId: 'thr_none', till: 'Till 1', float: gbp(0) } }
    expect((await test.call(contract.openShift, nowhere, admin)).status).toBe(404)
  })

  it('are closed while tills sell: what was sold before is expected, and nothing comes after', async () => {
    const { open, close, sell } = await stage(engine)
    const shift = await open('Till 1')
    const seats = ['A1', 'A2', 'A3', 'A4', 'A5', 'A6', 'A7', 'A8']
    const [sold, closed] = await Promise.all([
      Promise.all(seats.map((seat) => sell(seat, shift))),
      sell('B1', shift).then(() => close(shift, gbp(10_000))),
    ])
    const inTime = winners(sold.map(({ paid }) => paid)).length + 1
    expect(closed.body.expected?.cash).toEqual(gbp(10_000 + inTime * 1250))
  })
})
