import { afterEach, expect, it } from 'vitest'
import { cancelBooking } from '../../contract/bookings.ts'
import { refundPayment } from '../../contract/payments.ts'
import { reconcile } from '../payments/reconcile.ts'
import { ProviderError } from '../payments/provider.ts'
import type { PaymentProvider } from '../payments/provider.ts'
import { must } from '../platform/assert.ts'
import { doubledNames } from '../testing/doubles.ts'
import type { DoubledProvider } from '../testing/doubles.ts'
import { closeApps, onBothEngines } from '../testing/harness.ts'
import { startPaying } from '../testing/paying.ts'
import type { PayingStage } from '../testing/paying.ts'
import { signIn } from '../testing/sign-in.ts'

/** The calls of a provider between which a server may die. */
const calls = ['begin', 'read', 'capture', 'cancel', 'refund'] as const
type Moment = 'before' | 'after'

/** From now on the server dies at the first call of one kind: before the provider hears of it, or when it has done it. */
function dieAt(
  { test }: PayingStage,
  name: DoubledProvider,
  call: (typeof calls)[number],
  moment: Moment,
): () => boolean {
  const providers = test.app.house.providers as Map<DoubledProvider, PaymentProvider>
  const real = must(providers.get(name), 'It is set up')
  let isDead = false
  const dying = async (...given: readonly never[]) => {
    const work = real[call] as (...all: readonly never[]) => Promise<unknown>
    if (isDead) return await work(...given)
    isDead = true
    if (moment === 'after') await work(...given)
    // What a server does about a silent provider is nothing: all that is left is what was committed, as if it had died.
    throw new ProviderError('The server died', false)
  }
  providers.set(name, { ...real, [call]: dying })
  return () => isDead
}

for (const name of doubledNames) {
  onBothEngines(`a server that dies while ${name} works for it`, (engine) => {
    afterEach(closeApps)

    /** One is bought, paid and given back in part, one cancelled before its capture, one paid too late; everybody comes again. */
    async function live(stage: PayingStage) {
      const { test } = stage
      const double = must(stage.double, 'It is a double')
      const admin = await signIn(test, 'admin')
      const booked = [await stage.book(['A1']), await stage.book(['A2']), await stage.book(['A3'])] as const
      const payments: string[] = []
      for (const booking of booked) {
        const again = { 'idempotency-key': `begin ${booking.id}` }
        let begun = await stage.begin(booking, again)
        if (begun.status !== 201) begun = await stage.begin(booking, again)
        payments.push(must(begun.raw.json() as { id?: string }, 'It was begun').id ?? '')
      }
      const [kept = '', cancelled = '', late = ''] = payments
      for (const [index, id] of [kept, cancelled].entries()) {
        double.pay(id)
        const booking = must(booked[index], 'There are three')
        for (let times = 0; times < 2; times += 1) await stage.comeBack(id, booking)
      }
      const as = { accessToken: booked[1].accessToken }
      expect((await test.call(cancelBooking, { params: { id: booked[1].id }, body: {} }, as)).status).toBe(200)
      await stage.workOff()
      const body = { amount: { amount: 300, currency: 'GBP' } }
      expect((await test.call(refundPayment, { params: { id: kept }, body }, admin)).status).toBe(200)
      await stage.workOff()
      test.clock.advance(700_000)
      double.pay(late)
      for (const webhook of [...stage.webhooks(), ...stage.webhooks()]) {
        if ((await stage.post(webhook)) !== 200) await stage.post(webhook)
      }
      await stage.workOff()
      return { booked, truths: [kept, cancelled, late].map((id) => double.truth(id)) }
    }

    it.each(calls.flatMap((call) => (['before', 'after'] as const).map((moment) => [moment, call] as const)))(
      '%s: %s: what was begun goes on, and nothing is done twice',
      async (moment, call) => {
        const stage = await startPaying(engine, name)
        const startMs = stage.test.clock.now()
        const hasDied = dieAt(stage, name, call, moment)
        const { booked, truths } = await live(stage)
        expect(hasDied()).toBe(true)
        expect(truths).toEqual([
          expect.objectContaining({ captured: 1250, refunded: 300, pages: 1 }),
          expect.objectContaining({ captured: 0, refunded: 0, pages: 1 }),
          expect.objectContaining({ captured: 0, refunded: 0, pages: 1 }),
        ])
        const after = await Promise.all(booked.map(async (booking) => await stage.booking(booking)))
        expect(after.map(({ status }) => status)).toEqual(['confirmed', 'cancelled', 'expired'])
        expect(await stage.problems()).toEqual([])
        const period = { from: startMs - 1000, to: stage.test.clock.now() + 1000 }
        expect((await reconcile(stage.test.database, stage.test.app.house.providers, period)).differences).toEqual([])
      },
    )
  })
}
