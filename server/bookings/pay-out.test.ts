import { expect, it } from 'vitest'
import * as contract from '../../contract/bookings.ts'
import type { Booking } from '../../contract/bookings.ts'
import { payOutBooking } from '../../contract/pay-out.ts'
import { createPayment } from '../../contract/payments.ts'
import { closeShift, openShift } from '../../contract/shifts.ts'
import { cancelShowtime } from '../../contract/showtimes.ts'
import { createVoucher, readVoucher } from '../../contract/vouchers.ts'
import { auditDatabase } from '../audit/audit.ts'
import type { Engine } from '../database/database.ts'
import { bookSeats, readBooking } from '../testing/buying.ts'
import { crowd, tally } from '../testing/crowd.ts'
import { onBothEngines, startApp } from '../testing/harness.ts'
import { makeShowtime } from '../testing/showtimes.ts'
import { signIn } from '../testing/sign-in.ts'
import type { SignedIn } from '../testing/sign-in.ts'

async function stage(engine: Engine) {
  const test = await startApp(engine, { environment: { MAX_HOLDS_PER_CLIENT: '0' } })
  const admin = await signIn(test, 'admin')
  const [clerk, colleague] = [await signIn(test, 'staff'), await signIn(test, 'staff')]
  const { showtimeId, theatreId } = await makeShowtime(test)
  await test.database.write((tx) =>
    tx.query
      .insertInto('theatreStaff')
      .values([clerk, colleague].map(({ userId }) => ({ theatreId, userId, createdAt: tx.nowMs })))
      .execute(),
  )
  const open = async (till: string, as: SignedIn = clerk) =>
    (await test.call(openShift, { body: { theatreId, till, float: gbp(10_000) } }, as)).body
  const pay = async (booking: Booking, how: object = { tender: 'cash' }) =>
    await test.call(createPayment, { body: { bookingId: booking.id, provider: 'counter', ...how } }, clerk)
  const sell = async (seats: readonly string[], how?: object) => {
    const booking = await bookSeats(test, showtimeId, seats)
    await pay(booking, how)
    return booking
  }
  const cancelAtHome = async (booking: Booking, body: object = {}) =>
    await test.call(contract.cancelBooking, { params: { id: booking.id }, body }, booking)
  const payOut = (booking: Booking, body: object = {}, as: SignedIn = clerk) =>
    test.call(payOutBooking, { params: { id: booking.id }, body }, as)
  const closeAt = async (shift: { readonly id: string }, cash: number, as: SignedIn = clerk) =>
    (await test.call(closeShift, { params: { id: shift.id }, body: { counted: gbp(cash) } }, as)).body
  /** What the books say is on an account, minor units. */
  const onAccount = async (account: string) => {
    const rows = await test.database.read.selectFrom('moneyPostings').selectAll().execute()
    return rows.reduce(
      (sum, { debit, credit, amount }) => sum + (debit === account ? amount : 0) - (credit === account ? amount : 0),
      0,
    )
  }
  const findings = async () =>
    (await auditDatabase(test.database, test.clock.now())).invariants
      .filter(({ violations }) => violations.length > 0)
      .map(({ id }) => id)
  const staged = {
    test,
    admin,
    clerk,
    colleague,
    showtimeId,
    theatreId,
    open,
    pay,
    sell,
    cancelAtHome,
    payOut,
    closeAt,
  }
  return { ...staged, onAccount, findings }
}

const gbp = (amount: number) => ({ amount, currency: 'GBP' })
const price = 1250

onBothEngines('money that the counter took and somebody cancels from home', (engine) => {
  it('waits at the counter: owed, in nobody’s drawer, and paid out in the shift of who hands it over', async () => {
    const { test, clerk, colleague, open, sell, cancelAtHome, payOut, closeAt, onAccount, findings } =
      await stage(engine)
    const morning = await open('Till 1')
    const booking = await sell(['A1', 'A2'])
    const cancelled = await cancelAtHome(booking)
    expect(cancelled.body).toMatchObject({
      status: 'cancelled',
      refunded: gbp(2 * price),
      dueAtCounter: gbp(2 * price),
    })
    expect(cancelled.body.payments[0]).toMatchObject({ status: 'refunded', refunds: [{ status: 'pending' }] })
    expect([await onAccount('drawer'), await onAccount('refunds_owed')]).toEqual([10_000 + 2 * price, -2 * price])
    expect(await findings()).toEqual([])

    // The morning's drawer still has it, and is counted so; it goes out of the evening's.
    expect((await closeAt(morning, 10_000 + 2 * price)).expected?.cash).toEqual(gbp(10_000 + 2 * price))
    const evening = await open('Till 2', colleague)
    test.clock.advance(600_000)
    const found = await test.call(contract.listBookings, { query: { q: booking.reference } }, colleague)
    expect(found.body.data[0]?.dueAtCounter).toEqual(gbp(2 * price))
    const paidOut = await payOut(booking, {}, colleague)
    expect(paidOut.body.dueAtCounter).toBeUndefined()
    expect(paidOut.body.payments[0]).toMatchObject({ status: 'refunded', refunds: [{ status: 'succeeded' }] })
    expect(await onAccount('refunds_owed')).toBe(0)
    expect((await payOut(booking, {}, clerk)).problem.code).toBe('nothing_due_at_counter')
    expect(await findings()).toEqual([])
    expect((await closeAt(evening, 10_000 - 2 * price, colleague)).difference?.cash).toEqual(gbp(0))
    expect(await findings()).toEqual([])
  })

  it('is paid out once, however many click at the same time, in however many shifts', async () => {
    const { clerk, colleague, open, sell, cancelAtHome, payOut, onAccount, findings } = await stage(engine)
    await open('Till 1')
    await open('Till 2', colleague)
    const booking = await sell(['A1'])
    await cancelAtHome(booking)
    const answers = await crowd(20, (index) => payOut(booking, {}, index % 2 ? clerk : colleague))
    expect(tally(answers)).toEqual({ '200': 1, '409 nothing_due_at_counter': 19 })
    expect([await onAccount('drawer'), await onAccount('refunds_owed')]).toEqual([20_000, 0])
    expect(await findings()).toEqual([])
  })

  it('is given back ticket by ticket and tender by tender, as it was cancelled and paid', async () => {
    const { open, sell, cancelAtHome, payOut, closeAt, pay, test, showtimeId, findings } = await stage(engine)
    const shift = await open('Till 1')
    const booking = await sell(['A1', 'A2'])
    const [first] = booking.tickets
    const part = (await cancelAtHome(booking, { tickets: [first?.id] })).body
    expect(part).toMatchObject({ status: 'confirmed', dueAtCounter: gbp(price) })
    const shown = part.payments.flatMap(({ refunds }) => refunds.map(({ id }) => id))
    await cancelAtHome(booking)
    // Only what the clerk saw goes out; the rest still waits.
    expect((await payOut(booking, { refunds: shown })).body.dueAtCounter).toEqual(gbp(price))
    expect((await payOut(booking, { refunds: shown })).problem.code).toBe('nothing_due_at_counter')
    expect((await payOut(booking, { shiftId: shift.id })).body.dueAtCounter).toBeUndefined()

    const mixed = await bookSeats(test, showtimeId, ['B1', 'B2'])
    await pay(mixed, { tender: 'cash', amount: gbp(1000) })
    await pay(mixed, { tender: 'card' })
    expect((await cancelAtHome(mixed)).body.dueAtCounter).toEqual(gbp(2 * price))
    expect((await payOut(mixed)).status).toBe(200)
    expect((await closeAt(shift, 10_000)).expected).toMatchObject({ cash: gbp(10_000), card: gbp(0) })
    expect(await findings()).toEqual([])
  })

  it('goes back at once where the house cancels, and onto a voucher by itself', async () => {
    const { test, admin, clerk, open, sell, cancelAtHome, payOut, closeAt, findings } = await stage(engine)
    const shift = await open('Till 1')
    const atCounter = await sell(['A1'])
    const cancelled = await test.call(contract.cancelBooking, { params: { id: atCounter.id }, body: {} }, clerk)
    expect(cancelled.body.payments[0]?.refunds).toMatchObject([{ status: 'succeeded' }])
    expect(cancelled.body.dueAtCounter).toBeUndefined()
    expect((await payOut(atCounter)).problem.code).toBe('nothing_due_at_counter')

    const voucher = (await test.call(createVoucher, { body: { balance: gbp(5000) } }, admin)).body
    const byVoucher = await sell(['A2'], { tender: 'voucher', voucherCode: voucher.code })
    expect((await cancelAtHome(byVoucher)).body.dueAtCounter).toBeUndefined()
    const left = await test.call(readVoucher, { params: { id: voucher.id } }, admin)
    expect(left.body.balance).toEqual(gbp(5000))
    expect((await closeAt(shift, 10_000)).expected).toMatchObject({ cash: gbp(10_000) })
    expect(await findings()).toEqual([])
  })

  it('of a showtime that the house cancels waits for each buyer, too', async () => {
    const { test, admin, showtimeId, open, sell, payOut, closeAt, onAccount, findings } = await stage(engine)
    const shift = await open('Till 1')
    const [one, other] = [await sell(['A1']), await sell(['A2'])]
    const body = { reason: 'The projector broke' }
    const answer = await test.call(cancelShowtime, { params: { id: showtimeId }, body }, admin)
    expect(answer.body).toEqual({ refundsStarted: 2, dueAtCounter: 2 })
    expect(await readBooking(test, one)).toMatchObject({ status: 'cancelled', dueAtCounter: gbp(price) })
    expect((await payOut(one)).status).toBe(200)
    expect((await closeAt(shift, 10_000 + price)).difference?.cash).toEqual(gbp(0))
    expect([await onAccount('refunds_owed'), (await readBooking(test, other)).dueAtCounter]).toEqual([
      -price,
      gbp(price),
    ])
    expect(await findings()).toEqual([])
  })

  it('leaves through a shift where it came in one; a house without shifts needs none', async () => {
    const { clerk, open, sell, cancelAtHome, payOut, closeAt, findings } = await stage(engine)
    const plain = await sell(['A1'])
    await cancelAtHome(plain)
    const shift = await open('Till 1')
    const counted = await sell(['A2'])
    await cancelAtHome(counted)
    await closeAt(shift, 10_000 + price)
    expect((await payOut(plain)).status).toBe(200)
    expect((await payOut(counted)).problem.code).toBe('no_open_shift')
    expect((await payOut(counted, { shiftId: shift.id })).problem.code).toBe('shift_closed')
    expect((await payOut(counted, { shiftId: 'shf_nothing' })).problem.code).toBe('validation_failed')
    expect((await payOut(counted, { refunds: ['ref_nothing'] })).problem.code).toBe('validation_failed')
    await open('Till 1', clerk)
    expect((await payOut(counted)).status).toBe(200)
    expect(await findings()).toEqual([])
  })

  it('that a row says was never handed over, or by nobody, is found by the audit', async () => {
    const { test, open, sell, cancelAtHome, payOut, findings } = await stage(engine)
    await open('Till 1')
    const booking = await sell(['A1'])
    const [refund] = (await cancelAtHome(booking)).body.payments.flatMap(({ refunds }) => refunds)
    const change = (values: {
      status?: 'pending' | 'succeeded'
      settledAt?: number | null
      paidOutBy?: string | null
    }) =>
      test.database.write((tx) =>
        tx.query
          .updateTable('refunds')
          .set(values)
          .where('id', '=', refund?.id ?? '')
          .execute(),
      )
    await change({ status: 'succeeded', settledAt: test.clock.now() })
    expect(await findings()).toEqual(['I16'])
    await change({ status: 'pending', settledAt: null })
    await payOut(booking)
    expect(await findings()).toEqual([])
    await change({ paidOutBy: null })
    expect(await findings()).toEqual(['I16'])
  })
})
