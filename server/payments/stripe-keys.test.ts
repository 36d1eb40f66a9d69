import { expect, it } from 'vitest'
import { refundPayment } from '../../contract/payments.ts'
import { must } from '../platform/assert.ts'
import { onBothEngines } from '../testing/harness.ts'
import { startPaying } from '../testing/paying.ts'
import { signIn } from '../testing/sign-in.ts'

onBothEngines('stripe, which answers a key as it did at first', (engine) => {
  it('a failure of its own, too: what was begun, captured and given back under it goes on under another key', async () => {
    const {
      begin,
      book,
      double: maybe,
      comeBack,
      workOff,
      booking,
      problems,
      test,
    } = await startPaying(engine, 'stripe')
    const double = must(maybe, 'It is a double')
    const sold = await book(['A1'])
    const forGood = (request: RegExp) => double.server.misbehave(request, 'answers 500 to a key for good')
    const key = { 'idempotency-key': 'first' }
    forGood(double.requests.begin)
    expect((await begin(sold, key)).status).toBe(503)
    const { id } = (await begin(sold, key)).raw.json()
    double.pay(id)
    expect(await comeBack(id, sold)).toEqual({ status: 200, code: null })
    forGood(double.requests.capture)
    await workOff()
    expect(double.truth(id)).toMatchObject({ captured: 1250, refunded: 0 })
    expect((await booking(sold)).payments[0]?.capturedAt).not.toBeNull()
    const body = { amount: { amount: 300, currency: 'GBP' } }
    const admin = await signIn(test, 'admin')
    forGood(double.requests.refund)
    expect((await test.call(refundPayment, { params: { id }, body }, admin)).status).toBe(200)
    await workOff()
    expect(double.truth(id)).toMatchObject({ captured: 1250, refunded: 300 })
    expect((await booking(sold)).payments[0]?.refunds).toMatchObject([{ status: 'succeeded' }])
    expect(await problems()).toEqual([])
  })
})
