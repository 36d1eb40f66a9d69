import { expect, test } from 'vitest'
import { refundPayment } from '../../../contract/payments.ts'
import type { PaymentProvider, ProviderTransaction, StatementLine } from '../../payments/provider.ts'
import { dayOfUtc, readDaily, reconcileDaily } from '../../payments/reconcile-daily.ts'
import { reconcile } from '../../payments/reconcile.ts'
import { createLog } from '../../platform/log.ts'
import { must } from '../../platform/assert.ts'
import { bookSeats, buySeats, payBooking } from '../../testing/buying.ts'
import { typeCommand } from '../../testing/command-line.ts'
import { onBothEngines, startApp } from '../../testing/harness.ts'
import type { TestApp } from '../../testing/harness.ts'
import { makeShowtime } from '../../testing/showtimes.ts'
import { signIn } from '../../testing/sign-in.ts'
import { outputColumns } from '../output.ts'

const dayMs = 24 * 3600_000
const today = '2026-11-21'

/** One payment that was captured, one that was given back in part before that, one afterwards. */
async function sell(house: TestApp): Promise<string> {
  const { showtimeId } = await makeShowtime(house)
  const admin = await signIn(house, 'admin')
  const back = async (id: string, amount: number) =>
    await house.call(refundPayment, { params: { id }, body: { amount: { amount, currency: 'GBP' } } }, admin)
  await buySeats(house, showtimeId, ['A1'])
  const early = await buySeats(house, showtimeId, ['A2'])
  await back(early.payments[0]?.id ?? '', 250)
  await payBooking(house, await bookSeats(house, showtimeId, ['A3']), 'decline')
  house.clock.advance(60_000)
  for (let round = 0; round < 3; round += 1) {
    await house.app.house.outbox.runOnce()
    house.clock.advance(60_000)
  }
  const late = await buySeats(house, showtimeId, ['A4'])
  await house.app.house.outbox.runOnce()
  house.clock.advance(60_000)
  const id = late.payments[0]?.id ?? ''
  await back(id, 1250)
  await house.app.house.outbox.runOnce()
  return id
}

async function* noLines(): AsyncGenerator<StatementLine> {}

/** The provider as it is, but for what `edit` makes of its list. */
function lying(house: TestApp, edit: (moved: ProviderTransaction) => readonly ProviderTransaction[]) {
  const honest = must(house.app.house.providers.get('test'), 'It is always there')
  const liar: PaymentProvider = {
    ...honest,
    async *listTransactions(period) {
      for await (const moved of honest.listTransactions(period)) yield* edit(moved)
    },
  }
  return new Map([['test', liar] as const])
}

onBothEngines('matinee reconcile', (engine) => {
  test('agrees when all is well, in a table and in JSON', async () => {
    const house = await startApp(engine)
    await sell(house)
    const type = async (...options: string[]) =>
      await typeCommand(house.location, ['reconcile', '--from', today, ...options], { clock: house.clock })
    const { code, output } = await type()
    expect(output.split('\n')).toEqual([
      'provider    movement                        in our books         at the provider',
      'test        authorisation   GBP                    3,750                   3,750',
      'test        capture         GBP                    3,500                   3,500',
      'test        refund          GBP                    1,250                   1,250',
      'The books and the providers agree.',
      '',
    ])
    expect(code).toBe(0)
    const document = await type('--json')
    expect(JSON.parse(document.output)).toMatchObject({ differences: [], ...dayOfUtc(today) })
    expect((await type('--to', '2026-11-20')).code).toBe(2)
    const before = await typeCommand(house.location, ['reconcile'], { clock: house.clock })
    expect(before.output).not.toContain('capture')
  })

  test('names what one side lacks, other amounts and currencies, and what the provider has let go', async () => {
    const house = await startApp(engine)
    const id = await sell(house)
    const differ = async (edit: (moved: ProviderTransaction) => readonly ProviderTransaction[]) => {
      const only = (moved: ProviderTransaction) => (moved.paymentId === id ? edit(moved) : [moved])
      const { differences } = await reconcile(house.database, lying(house, only), dayOfUtc(today))
      for (const { paymentId, provider } of differences) expect([paymentId, provider]).toEqual([id, 'test'])
      return differences.map(({ kind, problem }) => `${kind} ${problem}`)
    }
    const when = (kind: string, change: Partial<ProviderTransaction> | null) => (moved: ProviderTransaction) =>
      moved.kind === kind ? (change ? [{ ...moved, ...change }] : []) : [moved]
    expect(await differ((moved) => [moved])).toEqual([])
    expect(await differ(when('capture', null))).toEqual(['capture only_here'])
    expect(await differ(when('refund', { amountMinor: 1249 }))).toEqual(['refund amount'])
    expect(await differ(when('authorisation', { currency: 'EUR' }))).toEqual(['authorisation currency'])
    expect(await differ((moved) => (moved.kind === 'capture' ? [{ ...moved, kind: 'void' }] : [moved]))).toEqual([
      'authorisation state',
      'capture only_here',
    ])
    const disputed = (moved: ProviderTransaction): ProviderTransaction[] =>
      moved.kind === 'capture' ? [moved, { ...moved, kind: 'dispute' }] : [moved]
    expect(await differ(disputed)).toEqual(['dispute only_there'])
  })

  test('names money that is not ours, but none that came too late and went back', async () => {
    const house = await startApp(engine)
    await sell(house)
    const { at, currency } = { at: house.clock.now(), currency: 'GBP' }
    const foreign = { providerRef: 'pi_foreign', paymentId: null, amountMinor: 700, currency, at }
    const listed = async (...moved: readonly ProviderTransaction[]) => {
      let isTold = false
      const providers = lying(house, (honest) => {
        if (isTold) return [honest]
        isTold = true
        return [honest, ...moved]
      })
      return (await reconcile(house.database, providers, dayOfUtc(today))).differences
    }
    const taken = { ...foreign, kind: 'capture' } as const
    expect(await listed(taken)).toMatchObject([{ paymentId: null, providerRef: 'pi_foreign', problem: 'only_there' }])
    expect(await listed(taken, { ...foreign, kind: 'refund' })).toEqual([])
    expect(await listed({ ...foreign, kind: 'authorisation' }, { ...foreign, kind: 'void' })).toEqual([])
  })

  test('comes round once a day, tells of what it found, and fits on 80 columns', async () => {
    const house = await startApp(engine)
    const id = await sell(house)
    const { database, clock } = house
    const providers = lying(house, (moved) => (moved.kind === 'refund' ? [] : [moved]))
    const daily = async () => await reconcileDaily({ database, clock, providers, log: createLog('silent') })
    await daily()
    expect(await readDaily(database)).toEqual({ day: '2026-11-20', differences: 0 })
    clock.advance(dayMs)
    await daily()
    expect(await readDaily(database)).toEqual({ day: today, differences: 1 })
    const metrics = await house.inject({ url: '/metrics' })
    expect(metrics.body).toContain('matinee_reconciliation_differences 1')
    // A house that was closed for days makes up for them, once.
    clock.advance(4 * dayMs)
    await daily()
    expect(await readDaily(database)).toEqual({ day: '2026-11-25', differences: 0 })
    const days: string[] = []
    const asked: PaymentProvider = {
      ...must(house.app.house.providers.get('test'), 'It is always there'),
      listStatement(period) {
        days.push(...[period.from, period.to].map((at) => new Date(at).toISOString().slice(0, 10)))
        return noLines()
      },
    }
    clock.advance(3 * dayMs)
    await reconcileDaily({ database, clock, providers: new Map([['test', asked]]), log: createLog('silent') })
    // Two days before the first one that nobody has compared, too: lines may be late.
    expect(days).toEqual(['2026-11-24', '2026-11-29'])
    clock.advance(-7 * dayMs)
    // What was lost here is only that: the test provider tells what we wrote down.
    await database.write((tx) =>
      tx.query.updateTable('refunds').set({ amount: 1249 }).where('paymentId', '=', id).execute(),
    )
    const told = await typeCommand(house.location, ['reconcile'], { clock })
    expect(told.code).toBe(1)
    expect(told.output.replaceAll(/\s+/g, ' ')).toContain(
      `DIFFERS refund of ${id}: another amount; ours 1250 GBP, theirs 1249 GBP`,
    )
    expect(told.output).toMatch(/1 difference\.\n$/)
    for (const line of told.output.split('\n')) expect(line.length).toBeLessThanOrEqual(outputColumns)
  })
})
