import { afterEach, expect, it } from 'vitest'
import { refundPayment } from '../../contract/payments.ts'
import { paymentAt } from '../payments/model.ts'
import { captureWindowMs } from '../payments/outbox-handlers.ts'
import { findPayment } from '../payments/store.ts'
import { must } from '../platform/assert.ts'
import { closeApps, onBothEngines } from '../testing/harness.ts'
import { doubledNames } from '../testing/doubles.ts'
import { startPaying } from '../testing/paying.ts'
import type { Misbehaviour, ProviderDouble } from '../testing/provider-server.ts'
import { signIn } from '../testing/sign-in.ts'

const misbehaviours: readonly Misbehaviour[] = [
  'refuses connections',
  'answers 500',
  'says 429',
  'dies after the work',
  'answers 500 after the work',
]

const money = { authorised: 1250, nothing: { captured: 0, refunded: 0 }, all: { captured: 1250, refunded: 0 } }

for (const name of doubledNames) {
  onBothEngines(`${name} that misbehaves`, (engine) => {
    afterEach(closeApps)

    async function start() {
      const stage = await startPaying(engine, name)
      const double: ProviderDouble = must(stage.double, 'It is a double')
      const booking = await stage.book(['A1'])
      const admin = await signIn(stage.test, 'admin')
      return {
        ...stage,
        double,
        sold: booking,
        async begun() {
          const { id } = await stage.beginWell(booking)
          return id
        },
        async authorised() {
          const { id } = await stage.beginWell(booking)
          double.pay(id)
          expect(await stage.comeBack(id, booking)).toEqual({ status: 200, code: null })
          return id
        },
        async tell() {
          for (const webhook of double.webhooks()) expect(await stage.post(webhook)).toBe(200)
        },
        async refund(id: string, amount: number) {
          const body = { amount: { amount, currency: 'GBP' } }
          expect((await stage.test.call(refundPayment, { params: { id }, body }, admin)).status).toBe(200)
        },
        async row(id: string) {
          return must(await stage.test.database.write(async (tx) => await findPayment(tx, id)), 'It was begun')
        },
        async isTold(kind: string) {
          const { read } = stage.test.database
          return (await read.selectFrom('outbox').select('id').where('kind', '=', kind).execute()).length
        },
      }
    }

    it.each(misbehaviours)('at the beginning (%s): whoever comes again has one page and one payment', async (how) => {
      const { begin, sold, double, problems } = await start()
      const key = { 'idempotency-key': 'first' }
      double.server.misbehave(double.requests.begin, how, 4)
      const answers = []
      for (let times = 0; times < 5; times += 1) answers.push(await begin(sold, key))
      expect(answers[0]?.problem).toMatchObject({ status: 503, code: 'provider_unavailable' })
      const last = must(answers.at(-1), 'It was asked five times').raw.json()
      expect(last).toMatchObject({
        status: 'pending',
        action: { type: 'redirect', url: expect.stringMatching(/^https:/) },
      })
      expect(double.truth(last.id).pages).toBe(1)
      expect(await problems()).toEqual([])
    })

    it('tells of the money before it has answered where to pay it', async () => {
      const { begin, sold, double, tell, booking, workOff, row } = await start()
      double.server.misbehave(double.requests.begin, 'answers 500 after the work', 9)
      expect((await begin(sold)).status).toBe(503)
      const id = must((await booking(sold)).payments[0], 'It was begun').id
      double.pay(id)
      await tell()
      expect(await booking(sold)).toMatchObject({ status: 'confirmed', paid: { amount: 1250 } })
      await workOff()
      expect(double.truth(id)).toMatchObject(money.all)
      expect((await row(id)).providerReference).not.toBeNull()
    })

    it.each(misbehaviours)('at the capture (%s): it is captured once', async (how) => {
      const { authorised, double, workOff, booking, sold, problems } = await start()
      const id = await authorised()
      double.server.misbehave(double.requests.capture, how, 5)
      await workOff()
      expect(double.truth(id)).toMatchObject(money.all)
      expect((await booking(sold)).payments[0]?.capturedAt).not.toBeNull()
      expect(await problems()).toEqual([])
    })

    it.each(misbehaviours)('at a refund (%s): it is given back once', async (how) => {
      const { authorised, double, workOff, booking, sold, refund, problems } = await start()
      const id = await authorised()
      await workOff()
      await refund(id, 300)
      await refund(id, 200)
      double.server.misbehave(double.requests.refund, how, 5)
      await workOff()
      expect(double.truth(id)).toMatchObject({ captured: 1250, refunded: 500 })
      expect((await booking(sold)).payments[0]?.refunds.map(({ status }) => status)).toEqual(['succeeded', 'succeeded'])
      expect(await problems()).toEqual([])
    })

    it.each(misbehaviours)('at the end of a payment that came too late (%s): nothing is kept', async (how) => {
      const { begun, double, test, tell, workOff, booking, sold } = await start()
      const id = await begun()
      test.clock.advance(700_000)
      double.pay(id)
      await tell()
      double.server.misbehave(double.requests.cancel, how, 5)
      await workOff()
      expect(double.truth(id)).toMatchObject({ state: 'canceled', ...money.nothing })
      expect(await booking(sold)).toMatchObject({ status: 'expired', paid: { amount: 0 } })
    })

    it('cannot be asked when it tells something: it is told to come again', async () => {
      const { begun, double, post, booking, sold } = await start()
      double.pay(await begun())
      const webhooks = double.webhooks()
      double.server.misbehave(double.requests.read, 'answers 500', 20)
      for (const webhook of webhooks) expect(await post(webhook)).toBe(503)
      expect((await booking(sold)).status).toBe('pending')
      double.server.misbehave(/./, 'answers 500', 0)
      for (let times = 0; times < 20; times += 1) for (const webhook of webhooks) await post(webhook)
      expect((await booking(sold)).status).toBe('confirmed')
    })

    it('loses its webhooks, and the payer does not come back: the look before the booking lapses finds the money', async () => {
      const { begun, double, test, booking, sold } = await start()
      double.pay(await begun())
      double.webhooks()
      test.clock.set(Date.parse(must(sold.expiresAt, 'It waits')) - 10_000)
      await test.app.house.outbox.runOnce()
      expect(await booking(sold)).toMatchObject({ status: 'confirmed', paid: { amount: 1250 } })
    })

    it('does the work and the server dies before it is written down: nothing is done twice', async () => {
      const { authorised, double, test, workOff, row, refund, problems } = await start()
      const provider = must(test.app.house.providers.get(name), 'It is set up')
      const id = await authorised()
      await provider.capture(paymentAt(await row(id)), 1250)
      await workOff()
      await refund(id, 400)
      const { id: refundId } = await test.database.read.selectFrom('refunds').select('id').executeTakeFirstOrThrow()
      await provider.refund(paymentAt(await row(id)), { key: refundId, refundId, amountMinor: 400 })
      await workOff()
      expect(double.truth(id)).toMatchObject({ captured: 1250, refunded: 400 })
      expect(await problems()).toEqual([])
    })

    it('captures nothing for a day: the booking is cancelled, its buyer told, and nothing charged', async () => {
      const { authorised, double, test, booking, sold, isTold, workOff, problems } = await start()
      const id = await authorised()
      double.server.misbehave(double.requests.capture, 'answers 500', 1000)
      await test.app.house.outbox.runOnce()
      expect((await booking(sold)).status).toBe('confirmed')
      test.clock.advance(captureWindowMs)
      await workOff()
      expect(double.truth(id)).toMatchObject(money.nothing)
      expect(await booking(sold)).toMatchObject({
        status: 'cancelled',
        paid: { amount: 0 },
        payments: [{ status: 'voided' }],
      })
      expect(await isTold('booking.uncollected')).toBe(1)
      expect(await problems()).toEqual([])
    })

    it('lets an authorisation lapse before its capture: no money, no seats', async () => {
      const { authorised, double, booking, sold, isTold, workOff, tell, problems } = await start()
      double.lapse(await authorised())
      await tell()
      await workOff()
      expect(await booking(sold)).toMatchObject({
        status: 'cancelled',
        payments: [{ status: 'voided', capturedAt: null }],
      })
      expect(await isTold('booking.uncollected')).toBe(1)
      expect(await problems()).toEqual([])
    })

    it('takes another sum than was asked for: the payment fails, and the money is released', async () => {
      const { begun, double, booking, sold, workOff, tell } = await start()
      const id = await begun()
      double.pay(id, 1)
      await tell()
      await workOff()
      expect(double.truth(id)).toMatchObject({ state: 'canceled', ...money.nothing })
      expect(await booking(sold)).toMatchObject({ status: 'pending', payments: [{ status: 'failed' }] })
    })

    it('ends its page: the payment is over, and another one can begin', async () => {
      const { begun, double, beginWell, sold, tell, booking } = await start()
      double.expirePage(await begun())
      await tell()
      expect((await booking(sold)).payments).toMatchObject([{ status: 'expired' }])
      expect((await beginWell(sold)).status).toBe('pending')
    })

    it('gives money back in its own pages: it is in our books, once', async () => {
      const { authorised, double, booking, sold, workOff, tell, problems } = await start()
      const id = await authorised()
      await workOff()
      double.refundThere(id, 250)
      await tell()
      double.refundThere(id, 100)
      await tell()
      expect(await booking(sold)).toMatchObject({
        refunded: { amount: 350 },
        payments: [{ status: 'partially_refunded' }],
      })
      expect(await problems()).toEqual([])
    })

    it('cannot make a refund after all: it counts no more, and can be made again', async () => {
      const { authorised, double, booking, sold, workOff, refund, tell, problems } = await start()
      const id = await authorised()
      await workOff()
      await refund(id, 250)
      await workOff()
      double.failRefunds(id)
      await tell()
      expect(await booking(sold)).toMatchObject({
        refunded: { amount: 0 },
        payments: [{ status: 'succeeded', refunds: [{ status: 'failed' }] }],
      })
      await refund(id, 1250)
      await workOff()
      expect(double.truth(id)).toMatchObject({ refunded: 1250 })
      expect(await problems()).toEqual([])
    })

    it('tells of a dispute and of its end, in any order: the payment is marked until it is won', async () => {
      const { authorised, double, booking, sold, workOff, tell, post } = await start()
      const id = await authorised()
      await workOff()
      await tell()
      double.dispute(id, 'open')
      const opened = double.webhooks()
      for (const webhook of opened) await post(webhook)
      expect((await booking(sold)).payments[0]?.disputed).toBe(true)
      double.dispute(id, 'won')
      for (const webhook of [...double.webhooks(), ...opened]) await post(webhook)
      expect((await booking(sold)).payments[0]?.disputed).toBe(false)
    })

    it('tells of a dispute that the house loses: what was withheld is gone in the books, and only there', async () => {
      const { authorised, double, booking, sold, workOff, tell, problems, test } = await start()
      const id = await authorised()
      await workOff()
      await tell()
      double.dispute(id, 'open')
      await tell()
      // Mollie tells of a chargeback, and whether it was taken back; it knows no other end.
      double.dispute(id, name === 'mollie' ? 'open' : 'lost')
      await tell()
      const after = await booking(sold)
      expect(after).toMatchObject({ status: 'confirmed', refunded: { amount: 0 }, payments: [{ disputed: true }] })
      const posted = await test.database.read
        .selectFrom('moneyPostings')
        .select(['debit', 'credit', 'amount'])
        .where('fact', 'like', 'dispute%')
        .orderBy('fact', 'desc')
        .execute()
      const opened = { debit: 'disputed', credit: 'provider', amount: 1250 }
      const lost = { debit: 'disputes_lost', credit: 'disputed', amount: 1250 }
      expect(posted).toEqual(name === 'mollie' ? [opened] : [opened, lost])
      expect(await problems()).toEqual([])
    })
  })
}
