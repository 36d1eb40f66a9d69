import { expect, it } from 'vitest'
import { cancelBooking } from '../../contract/bookings.ts'
import { paymentHandlers } from '../payments/outbox-handlers.ts'
import type { PaymentProvider } from '../payments/provider.ts'
import { createTestProvider } from '../payments/test-provider.ts'
import { findPayment, recordRefund, refundWork } from '../payments/store.ts'
import { must } from '../platform/assert.ts'
import { buySeats, readBooking } from '../testing/buying.ts'
import { beats } from '../testing/crowd.ts'
import { onBothEngines, startApp } from '../testing/harness.ts'
import { ledgerProblems } from '../testing/ledger-check.ts'
import { makeShowtime } from '../testing/showtimes.ts'
import { endBooking } from './end-booking.ts'
import { applyNews } from './settle-payment.ts'
import { toldBy } from './settlement.ts'
import { lockBooking } from './store.ts'

onBothEngines('a payment that is captured', (engine) => {
  it('stays refunded where its buyer gets the money back at the same moment', async () => {
    const test = await startApp(engine)
    const { showtimeId } = await makeShowtime(test)
    const booking = await buySeats(test, showtimeId, ['A1'])
    const { id } = (await readBooking(test, booking)).payments[0] ?? { id: '' }
    const givenBack = Promise.withResolvers<void>()
    const gate = Promise.withResolvers<void>()
    const cancelling = test.database.write(async (tx) => {
      const locked = await lockBooking(tx, booking.id)
      if (locked) await endBooking(tx, locked, 'cancelled', null)
      const payment = await findPayment(tx, id)
      if (payment) await recordRefund(tx, payment, payment.amount, { reason: null, userId: null, isAtCounter: false })
      givenBack.resolve()
      await gate.promise
    })
    await givenBack.promise
    const capturing = test.app.house.outbox.runOnce()
    await beats(test, 20)
    gate.resolve()
    await Promise.all([cancelling, capturing])
    await test.app.house.outbox.runOnce()
    const after = await readBooking(test, booking)
    expect(after.payments).toMatchObject([{ id, status: 'refunded', refunded: { amount: 1250 } }])
    expect(await ledgerProblems(test.database, test.clock.now())).toEqual([])
  })

  it('was not, where it was released uncaptured before', async () => {
    const { test, id, amount, after } = await cancelled()
    await applyNews(test.database, id, { news: [{ kind: 'voided' }] })
    await applyNews(test.database, id, { news: [{ kind: 'captured', capturedMinor: amount }] })
    expect((await after()).payments).toMatchObject([{ status: 'refunded', refunded: { amount } }])
    expect(await ledgerProblems(test.database, test.clock.now())).toEqual([])
  })

  it('is given back all the same, where another server captures it while it is cancelled', async () => {
    const { test, id, amount, after } = await cancelled()
    const { database, clock } = test
    const usual = createTestProvider(database, null)
    const late: PaymentProvider = {
      ...usual,
      async cancel(payment) {
        const answer = await usual.cancel(payment)
        await applyNews(database, id, { news: [{ kind: 'captured', capturedMinor: amount }] })
        return answer
      },
    }
    const handlers = paymentHandlers({
      database,
      clock,
      providers: new Map([['test', late]]),
      settle: async (paymentId, known) => await applyNews(database, paymentId, toldBy(known)),
    })
    const outbox = await database.read.selectFrom('outbox').selectAll().where('kind', '=', refundWork).execute()
    const work = must(outbox[0], 'The refund is to be made')
    const run = async () => await handlers[refundWork]?.(JSON.parse(work.payload), work)
    await expect(run()).rejects.toThrow('captured meanwhile')
    await run()
    const refund = await database.read.selectFrom('refunds').selectAll().executeTakeFirstOrThrow()
    expect(refund).toMatchObject({ status: 'succeeded', amount, providerReference: `test-${refund.id}` })
    expect((await after()).payments).toMatchObject([{ status: 'refunded' }])
    expect(await ledgerProblems(database, clock.now())).toEqual([])
  })

  /** A booking that was paid and cancelled again before its money was captured. */
  async function cancelled() {
    const test = await startApp(engine)
    const { showtimeId } = await makeShowtime(test)
    const booking = await buySeats(test, showtimeId, ['A1'])
    const { id, amount } = must(booking.payments[0], 'It was paid')
    await test.call(cancelBooking, { params: { id: booking.id }, body: {} }, { accessToken: booking.accessToken })
    return { test, id, amount: amount.amount, after: async () => await readBooking(test, booking) }
  }
})
