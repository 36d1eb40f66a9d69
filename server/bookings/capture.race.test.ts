import { expect, it } from 'vitest'
import { findPayment, recordRefund } from '../payments/store.ts'
import { buySeats, readBooking } from '../testing/buying.ts'
import { beats } from '../testing/crowd.ts'
import { onBothEngines, startApp } from '../testing/harness.ts'
import { ledgerProblems } from '../testing/ledger-check.ts'
import { makeShowtime } from '../testing/showtimes.ts'
import { endBooking } from './end-booking.ts'
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
})
