import { onTestFinished } from 'vitest'
import type { Booking } from '../../contract/bookings.ts'
import * as contract from '../../contract/payments.ts'
import type { Payment } from '../../contract/payments.ts'
import type { Engine } from '../database/database.ts'
import type { ProviderName } from '../payments/provider.ts'
import { reconcile } from '../payments/reconcile.ts'
import type { Reconciliation } from '../payments/reconcile.ts'
import { signTestWebhook } from '../payments/test-webhook.ts'
import { createManualClock } from '../platform/clock.ts'
import { must } from '../platform/assert.ts'
import { bookSeats, readBooking } from './buying.ts'
import { doubles } from './doubles.ts'
import { startApp, testStart } from './harness.ts'
import type { TestApp } from './harness.ts'
import { ledgerProblems } from './ledger-check.ts'
import type { PostedWebhook, ProviderDouble } from './provider-server.ts'
import { makeShowtime } from './showtimes.ts'

const testSecret = 'a secret between the provider and us'

/** A house that takes money by one provider, with whatever is needed to be its payer, its bank, and the provider's servers. */
export interface PayingStage {
  readonly test: TestApp
  readonly showtimeId: string
  /** Null: the test provider. */
  readonly double: ProviderDouble | null
  book(seats: readonly string[]): Promise<Booking>
  begin(booking: Booking, headers?: Readonly<Record<string, string>>): ReturnType<TestApp['call']>
  /** Begins and asserts that it could. */
  beginWell(booking: Booking): Promise<Payment>
  /** The payer pays on the provider's page and does not come back. */
  pay(paymentId: string): void
  /** The payer comes back from the provider's page. */
  comeBack(paymentId: string, booking: Booking): Promise<{ readonly status: number; readonly code: string | null }>
  /** What the provider has to tell, not posted yet. */
  webhooks(): PostedWebhook[]
  post(webhook: PostedWebhook): Promise<number>
  /** Works off what is due after commits, until nothing is, as if pauses between tries took no time. */
  workOff(): Promise<void>
  /** What the provider lists, in a word and minor units, sorted. */
  listed(): Promise<string[]>
  booking(booking: Booking): Promise<Booking>
  /** Compares all there is with the provider, and books what it kept and paid out. */
  reconcile(): Promise<Reconciliation>
  problems(): Promise<string[]>
}

export async function startPaying(engine: Engine, name: ProviderName): Promise<PayingStage> {
  const clock = createManualClock(testStart)
  const setup = name === 'test' ? null : doubles[name]
  const double = setup && (await setup.start(() => clock.now()))
  if (double) onTestFinished(async () => await double.server.close())
  const environment = {
    MAX_HOLDS_PER_CLIENT: '0',
    TEST_WEBHOOK_SECRET: testSecret,
    ...setup?.environment,
    ...(setup && double && { [setup.urlVariable]: double.server.url }),
  }
  const test = await startApp(engine, { environment, clock })
  const { showtimeId } = await makeShowtime(test)
  const told: PostedWebhook[] = []
  const begin = (booking: Booking, headers: Readonly<Record<string, string>> = {}) => {
    const body = { bookingId: booking.id, provider: name, returnUrl: `https://house.test/paid/${booking.id}` }
    return test.call(contract.createPayment, { body }, { accessToken: booking.accessToken, headers })
  }
  return {
    test,
    showtimeId,
    double,
    begin,
    book: async (seats) => await bookSeats(test, showtimeId, seats),
    beginWell: async (booking) => (await begin(booking)).body,
    pay(paymentId) {
      if (double) double.pay(paymentId)
      else told.push(testWebhook(test, paymentId))
    },
    async comeBack(paymentId, { accessToken }) {
      const answer = await test.call(contract.confirmPayment, { params: { id: paymentId }, body: {} }, { accessToken })
      return { status: answer.status, code: answer.status < 400 ? null : answer.problem.code }
    },
    webhooks: () => double?.webhooks() ?? told.splice(0),
    async post(webhook) {
      const url = `/api/v1/payments/webhooks/${name}`
      return (await test.inject({ method: 'POST', url, ...webhook })).statusCode
    },
    async workOff() {
      const due = async () =>
        await test.database.read
          .selectFrom('outbox')
          .select('id')
          .where('doneAt', 'is', null)
          .where('kind', 'like', 'payment.%')
          .execute()
      for (let round = 0; round < 12 && (await due()).length > 0; round += 1) {
        await test.app.house.outbox.runOnce()
        await test.database.write(({ query, nowMs }) =>
          query
            .updateTable('outbox')
            .set({ availableAt: nowMs })
            .where('attempts', '>', 0)
            .where('doneAt', 'is', null)
            .execute(),
        )
      }
    },
    async listed() {
      const provider = must(test.app.house.providers.get(name), 'It is set up')
      const all = await Array.fromAsync(provider.listTransactions({ from: 0, to: clock.now() + 1000 }))
      return all.map(({ kind, amountMinor }) => `${kind} ${amountMinor}`).toSorted()
    },
    booking: async (booking) => await readBooking(test, booking),
    reconcile: async () =>
      await reconcile(test.database, test.app.house.providers, { from: testStart, to: clock.now() + 1000 }),
    problems: async () => await ledgerProblems(test.database, clock.now()),
  }
}

function testWebhook({ clock }: TestApp, paymentId: string): PostedWebhook {
  const id = `evt-${paymentId}`
  const payload = JSON.stringify({ id, paymentId, outcome: 'succeed' })
  const timestamp = String(Math.floor(clock.now() / 1000))
  const headers = {
    'content-type': 'application/json',
    'webhook-id': id,
    'webhook-timestamp': timestamp,
    'webhook-signature': signTestWebhook(testSecret, id, timestamp, payload),
  }
  return { headers, payload }
}
