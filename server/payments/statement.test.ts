import { expect, it } from 'vitest'
import { refundPayment } from '../../contract/payments.ts'
import { reportLedger } from '../../contract/reports.ts'
import { must } from '../platform/assert.ts'
import { doubledNames } from '../testing/doubles.ts'
import type { DoubledProvider } from '../testing/doubles.ts'
import { onBothEngines } from '../testing/harness.ts'
import { startPaying } from '../testing/paying.ts'
import type { Misbehaviour } from '../testing/provider-server.ts'
import { signIn } from '../testing/sign-in.ts'
import { ProviderError } from './provider.ts'
import type { PaymentProvider, StatementLine } from './provider.ts'
import { reconcile } from './reconcile.ts'

const misbehaviours: readonly Misbehaviour[] = ['refuses connections', 'answers 500', 'says 429', 'dies after the work']

for (const name of doubledNames) {
  onBothEngines(`the statement of ${name}`, (engine) => {
    it('is booked line by line, and leaves in the books what the provider owes, whatever happened', async () => {
      const stage = await start(engine, name)
      const [kept, back, disputed, won] = await sell(stage, ['A1', 'A2', 'A3', 'A4'])
      await stage.giveBack(back, 400)
      stage.statement.payOut()
      stage.double.refundThere(kept, 100)
      stage.double.dispute(disputed, 'open')
      stage.double.dispute(won, 'open')
      await stage.tell()
      stage.double.dispute(won, 'won')
      await stage.tell()
      stage.statement.invoice(990, 'GBP')
      stage.statement.invoice(-5, 'GBP')
      const { differences, sums } = await stage.reconcile()
      expect(differences).toEqual([])
      const { fees, paidOut, balance } = stage.statement.totals()
      expect(await stage.books()).toMatchObject({ provider_fees: fees, bank: paidOut, provider: balance })
      expect(sums.filter(({ kind }) => kind === 'fee' || kind === 'payout')).toEqual([
        { provider: name, kind: 'fee', currency: 'GBP', hereMinor: fees, thereMinor: fees },
        { provider: name, kind: 'payout', currency: 'GBP', hereMinor: paidOut, thereMinor: paidOut },
      ])
      expect(await stage.problems()).toEqual([])
    })

    it('is booked once, however often and by how many it is read at the same time', async () => {
      const stage = await start(engine, name)
      await sell(stage, ['A1', 'A2', 'A3'])
      stage.statement.payOut()
      await Promise.all(Array.from({ length: 4 }, async () => await stage.reconcile()))
      stage.statement.returnPayout()
      await stage.reconcile()
      await stage.reconcile()
      const { fees, paidOut, balance } = stage.statement.totals()
      expect(paidOut).toBe(0)
      const books = await stage.books()
      expect([books['provider_fees'], books['bank'], books['provider']]).toEqual([fees, 0, balance])
      expect(await stage.problems()).toEqual([])
    })

    it.each(misbehaviours)('that ends on its way (%s) is read again, and nothing is booked twice', async (how) => {
      const stage = await start(engine, name)
      await sell(stage, ['A1', 'A2', 'A3'])
      await stage.reconcile()
      await sell(stage, ['A4', 'A5'])
      stage.statement.payOut()
      // The first page comes, the next one does not.
      const asked = stage.double.requests.statement
      let pages = 0
      stage.double.server.behave((request) => (asked.test(request) && (pages += 1) > 1 ? how : null))
      await expect(stage.reconcile()).rejects.toThrow(ProviderError)
      expect(pages).toBeGreaterThan(1)
      stage.double.server.behave(() => null)
      expect((await stage.reconcile()).differences).toEqual([])
      const { fees, paidOut, balance } = stage.statement.totals()
      expect(await stage.books()).toMatchObject({ provider_fees: fees, bank: paidOut, provider: balance })
      expect(await stage.problems()).toEqual([])
    })

    it('that is told differently later is a difference by its name, and the books stay as they are', async () => {
      const stage = await start(engine, name)
      await sell(stage, ['A1'])
      stage.statement.payOut()
      await stage.reconcile()
      const { paidOut } = stage.statement.totals()
      stage.statement.restate(paidOut - 1)
      const about = { provider: name, kind: 'payout', here: { amountMinor: paidOut, currency: 'GBP' } }
      expect((await stage.reconcile()).differences).toEqual([
        expect.objectContaining({ ...about, problem: 'amount', there: { amountMinor: paidOut - 1, currency: 'GBP' } }),
      ])
      stage.statement.restate(null)
      expect((await stage.reconcile()).differences).toEqual([
        expect.objectContaining({ ...about, problem: 'only_here', there: null }),
      ])
      expect(await stage.books()).toMatchObject({ bank: paidOut })
    })

    it('counts fees with the theatre whose payment they were kept of, and the rest with none', async () => {
      const stage = await start(engine, name)
      await sell(stage, ['A1'])
      stage.statement.payOut()
      stage.statement.invoice(300, 'GBP')
      await stage.reconcile()
      const { paidOut, fees } = stage.statement.totals()
      const admin = await signIn(stage.test, 'admin')
      const { rows } = (await stage.test.call(reportLedger, { query: {} }, admin)).body
      const closing = rows
        .filter(({ account }) => account === 'provider_fees' || account === 'bank')
        .map(({ theatreId, account, kind, closing: sum }) => [theatreId === null, account, kind, sum])
      expect(closing).toEqual([
        [false, 'provider_fees', 'expense', fees - 300],
        [true, 'bank', 'asset', paidOut],
        [true, 'provider_fees', 'expense', 300],
      ])
    })

    it('may have lines of payments that are not ours, and one twice', async () => {
      const stage = await start(engine, name)
      await sell(stage, ['A1'])
      const honest = must(stage.test.app.house.providers.get(name), 'It is set up')
      const about = { currency: 'GBP', at: stage.test.clock.now(), providerRef: 'of another house' }
      const foreign: StatementLine = { ...about, id: 'foreign', kind: 'fee', amountMinor: 77, paymentId: 'pay_nobody' }
      const shared: PaymentProvider = {
        ...honest,
        async *listStatement(period) {
          yield foreign
          yield* must(honest.listStatement, 'It tells')(period)
          yield foreign
        },
      }
      const period = { from: stage.test.clock.now() - 1000, to: stage.test.clock.now() + 1000 }
      const { differences } = await reconcile(stage.test.database, new Map([[name, shared]]), period)
      expect(differences).toEqual([])
      expect((await stage.books())['provider_fees']).toBe(stage.statement.totals().fees + 77)
      expect(await stage.problems()).toEqual([])
    })
  })
}

onBothEngines('a provider that does not tell what it keeps', (engine) => {
  it('is compared by its movements alone, whatever was booked of it before', async () => {
    const stage = await start(engine, 'mollie')
    await sell(stage, ['A1'])
    await stage.reconcile()
    const before = await stage.books()
    const silent = { ...must(stage.test.app.house.providers.get('mollie'), 'It is set up'), listStatement: null }
    await sell(stage, ['A2'])
    const period = { from: 0, to: stage.test.clock.now() + 1000 }
    const { differences, sums } = await reconcile(stage.test.database, new Map([['mollie', silent]]), period)
    expect(differences).toEqual([])
    expect(sums.map(({ kind }) => kind)).toEqual(['authorisation', 'capture'])
    expect((await stage.books())['provider_fees']).toBe(before['provider_fees'])
  })
})

async function start(engine: Parameters<typeof startPaying>[0], name: DoubledProvider) {
  const stage = await startPaying(engine, name)
  const double = must(stage.double, 'It is a double')
  const admin = await signIn(stage.test, 'admin')
  return {
    ...stage,
    double,
    statement: double.statement,
    async giveBack(id: string, amount: number) {
      const body = { amount: { amount, currency: 'GBP' } }
      expect((await stage.test.call(refundPayment, { params: { id }, body }, admin)).status).toBe(200)
      await stage.workOff()
    },
    async tell() {
      for (const webhook of stage.webhooks()) expect(await stage.post(webhook)).toBe(200)
    },
    /** What is on each account: debits less credits, minor units. */
    async books(): Promise<Record<string, number>> {
      const sums: Record<string, number> = {}
      const rows = await stage.test.database.read.selectFrom('moneyPostings').selectAll().execute()
      for (const { debit, credit, amount } of rows) {
        sums[debit] = (sums[debit] ?? 0) + amount
        sums[credit] = (sums[credit] ?? 0) - amount
      }
      return sums
    },
  }
}

/** Each seat is bought and its payment captured; their ids. */
async function sell(stage: Awaited<ReturnType<typeof start>>, seats: readonly string[]) {
  const ids: string[] = []
  for (const seat of seats) {
    const booking = await stage.book([seat])
    const { id } = await stage.beginWell(booking)
    stage.pay(id)
    expect(await stage.comeBack(id, booking)).toEqual({ status: 200, code: null })
    ids.push(id)
  }
  await stage.workOff()
  const [first = '', second = '', third = '', fourth = ''] = ids
  return [first, second, third, fourth] as const
}
