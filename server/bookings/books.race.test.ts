import { expect, it } from 'vitest'
import type { Booking } from '../../contract/bookings.ts'
import { refundPayment } from '../../contract/payments.ts'
import { reconcile } from '../payments/reconcile.ts'
import { must } from '../platform/assert.ts'
import { bookSeats } from '../testing/buying.ts'
import { onBothEngines } from '../testing/harness.ts'
import { startPaying } from '../testing/paying.ts'
import type { PayingStage } from '../testing/paying.ts'
import type { Misbehaviour } from '../testing/provider-server.ts'
import { makeShowtime } from '../testing/showtimes.ts'
import { signIn } from '../testing/sign-in.ts'
import { tell } from '../testing/tell.ts'

/** Purchases on each engine; more in a long run. */
const purchases = Number(process.env['PURCHASES'] ?? 40)
const atOnce = 8
const faults: readonly Misbehaviour[] = [
  'answers 500',
  'says 429',
  'dies after the work',
  'answers 500 after the work',
  'refuses connections',
]

/** The same numbers every time: whole ones below `below`. */
function chanceFrom(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fff_ffff
    return (state >> 8) % below
  }
}

/** Somebody begins, pays, and comes back, or does not; whatever the provider answers. */
async function buy(stage: PayingStage, booking: Booking, luck: number): Promise<void> {
  const begun = await stage.begin(booking)
  if (begun.status !== 201) return
  const payment = must(JSON.parse(begun.raw.body) as { id?: string }, 'It was begun').id ?? ''
  if (luck % 10 === 0) return
  stage.pay(payment)
  if (luck % 3 > 0) await stage.comeBack(payment, booking)
}

onBothEngines('purchases against a provider that misbehaves', (engine) => {
  it('leave books that agree with the house and with the provider, to the penny', { timeout: 900_000 }, async () => {
    const stage = await startPaying(engine, 'stripe')
    const { test } = stage
    const double = must(stage.double, 'Stripe has one')
    const admin = await signIn(test, 'admin')
    const chance = chanceFrom(7)
    let [injected, refunds] = [0, 0]
    const startMs = test.clock.now()
    for (let done = 0; done < purchases; done += 40) {
      const { showtimeId } = await makeShowtime(test)
      const seats = Array.from(
        { length: Math.min(40, purchases - done) },
        (_seat, index) => `${'ABCDE'[index >> 3]}${(index & 7) + 1}`,
      )
      for (let start = 0; start < seats.length; start += atOnce) {
        const group = seats.slice(start, start + atOnce)
        const booked = await Promise.all(group.map((seat) => bookSeats(test, showtimeId, [seat])))
        double.server.misbehave(/^POST/, must(faults[chance(faults.length)], 'There is one'), 2)
        injected += 2
        const told = await Promise.allSettled(booked.map((booking) => buy(stage, booking, chance(30))))
        for (const one of told) if (one.status === 'rejected') throw one.reason
        const webhooks = stage.webhooks()
        // Some are told twice, some the wrong way round, some never.
        const posted = webhooks.flatMap((webhook) =>
          chance(4) === 0 ? [] : chance(3) === 0 ? [webhook, webhook] : [webhook],
        )
        await Promise.all((chance(2) === 0 ? posted : posted.toReversed()).map((webhook) => stage.post(webhook)))
        await stage.workOff()
        const [paid] = (await Promise.all(booked.map((booking) => stage.booking(booking)))).filter(
          ({ paid: sum }) => sum.amount > 0,
        )
        const payment = paid?.payments.find(({ status }) => status === 'succeeded')
        if (!payment || chance(2) === 0) continue
        refunds += 1
        await test.call(
          refundPayment,
          { params: { id: payment.id }, body: { amount: { amount: 1 + chance(1200), currency: 'GBP' } } },
          admin,
        )
      }
    }
    for (let round = 0; round < 3; round += 1) {
      for (const webhook of stage.webhooks()) await stage.post(webhook)
      test.clock.advance(700_000)
      for (const job of test.app.jobs) if (job.name !== 'reconciliation') await job.run()
      await stage.workOff()
    }
    expect(await stage.problems()).toEqual([])
    const period = { from: startMs - 1000, to: test.clock.now() + 1000 }
    const { differences, sums } = await reconcile(test.database, test.app.house.providers, period)
    expect(differences).toEqual([])
    const captured = sums.find(({ kind }) => kind === 'capture')
    expect(captured?.hereMinor).toBe(captured?.thereMinor)
    const sold = await test.database.read
      .selectFrom('bookings')
      .select('id')
      .where('status', '=', 'confirmed')
      .execute()
    expect(sold.length).toBeGreaterThan(purchases / 2)
    tell(
      `misbehaving provider [${engine}]: ${purchases} bookings, ${sold.length} sold, ${injected} faults, ${refunds} refunds, ${captured?.hereMinor} captured`,
    )
  })
})
