import { expect, it } from 'vitest'
import { refundPayment } from '../../contract/payments.ts'
import { paymentHandlers } from '../payments/outbox-handlers.ts'
import { captureWork, refundWork } from '../payments/store.ts'
import { must } from '../platform/assert.ts'
import { doubledNames } from '../testing/doubles.ts'
import { onBothEngines } from '../testing/harness.ts'
import { startPaying } from '../testing/paying.ts'
import { signIn } from '../testing/sign-in.ts'
import { applyNews } from './settle-payment.ts'
import { toldBy } from './settlement.ts'

for (const name of doubledNames) {
  onBothEngines(`a part that is given back before its payment is captured, at ${name}`, (engine) => {
    it('is left out of the capture, and not given back once more by whoever looked at it just before', async () => {
      const stage = await startPaying(engine, name)
      const { test } = stage
      const { database, clock, app } = test
      const double = must(stage.double, 'It is a double')
      const sold = await stage.book(['A1'])
      const { id } = await stage.beginWell(sold)
      double.pay(id)
      await stage.comeBack(id, sold)
      const body = { amount: { amount: 49, currency: 'GBP' } }
      await test.call(refundPayment, { params: { id }, body }, await signIn(test, 'admin'))
      const refund = await database.read.selectFrom('refunds').select('id').executeTakeFirstOrThrow()
      const parts = {
        database,
        clock,
        providers: app.house.providers,
        settle: async (paymentId: string, known: Parameters<typeof toldBy>[0]) =>
          await applyNews(database, paymentId, toldBy(known)),
      }
      const row = { id: 'any', attempts: 0 }
      let isCaptured = false
      // The rest is captured between two looks of the refund's worker: behind its first one.
      const read = database.read.withPlugin({
        transformQuery: ({ node }) => node,
        async transformResult({ result }) {
          if (!isCaptured) {
            isCaptured = true
            await paymentHandlers(parts)[captureWork]?.({ paymentId: id }, row)
          }
          return result
        },
      })
      await paymentHandlers({ ...parts, database: { ...database, read } })[refundWork]?.({ refundId: refund.id }, row)
      expect(double.truth(id)).toMatchObject({ captured: 1201, refunded: 0 })
      await stage.workOff()
      expect(double.truth(id)).toMatchObject({ captured: 1201, refunded: 0 })
      expect((await stage.booking(sold)).payments).toMatchObject([{ refunds: [{ status: 'succeeded' }] }])
      expect(await stage.problems()).toEqual([])
    })
  })
}
