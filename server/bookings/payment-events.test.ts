import { beforeAll, expect, test } from 'vitest'
import type { Booking } from '../../contract/bookings.ts'
import { confirmPayment, createPayment, refundPayment } from '../../contract/payments.ts'
import type { PaymentStatus } from '../payments/model.ts'
import { signTestWebhook } from '../payments/test-webhook.ts'
import { bookSeats } from '../testing/buying.ts'
import { onBothEngines, startApp } from '../testing/harness.ts'
import type { TestApp } from '../testing/harness.ts'
import { ledgerProblems } from '../testing/ledger-check.ts'
import { makeShowtime } from '../testing/showtimes.ts'
import type { MadeShowtime } from '../testing/showtimes.ts'
import { signIn } from '../testing/sign-in.ts'
import type { SignedIn } from '../testing/sign-in.ts'

const secret = 'a secret between the provider and us'

const events = [
  'succeed',
  'decline',
  'timeout',
  'webhook succeed',
  'webhook decline',
  'refund of a pound',
  'another payment',
  'confirmed with another booking’s key',
] as const
type Event = (typeof events)[number]

/** What is answered, and what the payment and its booking are then. */
type Outcome = readonly [answer: number | string, payment: PaymentStatus, booking: Booking['status']]

/** A payment that is over for good: nothing revives it, and its booking goes on as it is. */
const over = (payment: PaymentStatus, booking: Booking['status']): Record<Event, Outcome> => ({
  succeed: ['payment_not_confirmable', payment, booking],
  decline: ['payment_not_confirmable', payment, booking],
  timeout: ['payment_not_confirmable', payment, booking],
  'webhook succeed': [200, payment, booking],
  'webhook decline': [200, payment, booking],
  'refund of a pound': ['payment_not_refundable', payment, booking],
  'another payment': [201, payment, booking],
  'confirmed with another booking’s key': ['not_found', payment, booking],
})
/** A payment whose money is there: all that can happen is that some of it goes back. */
const held = (payment: PaymentStatus): Record<Event, Outcome> => ({
  ...over(payment, 'confirmed'),
  'refund of a pound': [200, 'partially_refunded', 'confirmed'],
  'another payment': ['booking_not_payable', payment, 'confirmed'],
})

/** Every status a payment can have, and everything that can happen to it then. */
const table: Readonly<Record<PaymentStatus, Record<Event, Outcome>>> = {
  pending: {
    succeed: [200, 'authorised', 'confirmed'],
    decline: [200, 'failed', 'pending'],
    timeout: [200, 'pending', 'pending'],
    'webhook succeed': [200, 'authorised', 'confirmed'],
    'webhook decline': [200, 'failed', 'pending'],
    'refund of a pound': ['payment_not_refundable', 'pending', 'pending'],
    'another payment': [201, 'expired', 'pending'],
    'confirmed with another booking’s key': ['not_found', 'pending', 'pending'],
  },
  authorised: held('authorised'),
  succeeded: held('succeeded'),
  partially_refunded: held('partially_refunded'),
  refunded: { ...held('refunded'), 'refund of a pound': ['refund_exceeds_payment', 'refunded', 'confirmed'] },
  failed: over('failed', 'pending'),
  expired: over('expired', 'pending'),
  voided: over('voided', 'pending'),
}

onBothEngines('a payment', (engine) => {
  let app: TestApp
  let owner: SignedIn
  let made: MadeShowtime
  let stranger: Booking

  beforeAll(async () => {
    app = await startApp(engine, { environment: { MAX_HOLDS_PER_CLIENT: '0', TEST_WEBHOOK_SECRET: secret } })
    owner = await signIn(app, 'owner')
    made = await makeShowtime(app, { ownerId: owner.userId, layout: { seating: 'general', capacity: 200 } })
    stranger = await bookSeats(app, made.showtimeId, 1)
  })

  async function begin(booking: Booking): Promise<string> {
    const as = { accessToken: booking.accessToken }
    return (await app.call(createPayment, { body: { bookingId: booking.id, provider: 'test' } }, as)).body.id
  }
  const confirm = async (id: string, outcome: string, { accessToken }: Booking) =>
    await app.call(confirmPayment, { params: { id }, body: { outcome } }, { accessToken })
  const refund = async (id: string, amount?: number) =>
    await app.call(
      refundPayment,
      { params: { id }, body: amount === undefined ? {} : { amount: { amount, currency: 'GBP' } } },
      owner,
    )

  /** A new booking whose payment has come so far. */
  async function reach(status: PaymentStatus): Promise<{ booking: Booking; id: string }> {
    const booking = await bookSeats(app, made.showtimeId, 1)
    const id = await begin(booking)
    if (status === 'failed') await confirm(id, 'decline', booking)
    if (status === 'expired') await begin(booking)
    // A provider that gave the authorisation back by itself.
    if (status === 'voided') {
      await app.database.write(({ query }) =>
        query.updateTable('payments').set({ status, endedAt: app.clock.now() }).where('id', '=', id).execute(),
      )
    }
    if (!['authorised', 'succeeded', 'partially_refunded', 'refunded'].includes(status)) return { booking, id }
    await confirm(id, 'succeed', booking)
    if (status !== 'authorised') await app.app.house.outbox.runOnce()
    if (status === 'partially_refunded') await refund(id, 50)
    if (status === 'refunded') await refund(id)
    return { booking, id }
  }

  async function webhook(paymentId: string, outcome: string): Promise<number | string> {
    const id = `evt-${paymentId}-${outcome}`
    const body = JSON.stringify({ id, paymentId, outcome })
    const timestamp = String(Math.floor(app.clock.now() / 1000))
    const headers = {
      'content-type': 'application/json',
      'webhook-id': id,
      'webhook-timestamp': timestamp,
      'webhook-signature': signTestWebhook(secret, id, timestamp, body),
    }
    return (await app.inject({ method: 'POST', url: '/api/v1/payments/webhooks/test', headers, payload: body }))
      .statusCode
  }

  async function happen(event: Event, id: string, booking: Booking): Promise<number | string> {
    if (event.startsWith('webhook')) return await webhook(id, event.slice('webhook '.length))
    const as = { accessToken: booking.accessToken }
    const answer =
      event === 'refund of a pound'
        ? await refund(id, 100)
        : event === 'another payment'
          ? await app.call(createPayment, { body: { bookingId: booking.id, provider: 'test' } }, as)
          : event === 'confirmed with another booking’s key'
            ? await confirm(id, 'succeed', stranger)
            : await confirm(id, event, booking)
    return answer.status < 400 ? answer.status : answer.problem.code
  }

  async function stateOf(id: string, booking: Booking) {
    const payment = app.database.read.selectFrom('payments').select('status').where('id', '=', id)
    const booked = app.database.read.selectFrom('bookings').select('status').where('id', '=', booking.id)
    return [(await payment.executeTakeFirst())?.status, (await booked.executeTakeFirst())?.status]
  }

  for (const [status, outcomes] of Object.entries(table)) {
    test.each(events)(`that is ${status} hears of: %s`, async (event) => {
      const { booking, id } = await reach(status as PaymentStatus)
      expect((await stateOf(id, booking))[0]).toBe(status)
      const answer = await happen(event, id, booking)
      expect([answer, ...(await stateOf(id, booking))]).toEqual(outcomes[event])
    })
  }

  test('leaves a ledger that adds up, whatever happened to it', async () => {
    expect(await ledgerProblems(app.database, app.clock.now())).toEqual([])
  })
})
