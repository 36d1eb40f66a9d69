import type { Payment } from '../../contract/payments.ts'
import * as contract from '../../contract/payments.ts'
import type { Transaction } from '../database/database.ts'
import type { PaymentRow, RefundRow } from '../database/tables/money.ts'
import { enqueue } from '../database/outbox.ts'
import { allSent } from '../database/postgres-errors.ts'
import { readRows } from '../database/rows.ts'
import { hasRole } from '../http/caller.ts'
import type { Approach, Request } from '../http/request.ts'
import type { Routes } from '../http/routes.ts'
import { assert, must } from '../platform/assert.ts'
import { isRefusal, refuse, refuseField } from '../platform/refusal.ts'
import type { Refusal } from '../platform/refusal.ts'
import { refundable } from '../payments/model.ts'
import { presentPayment } from '../payments/present.ts'
import { findPayment, recordRefund, refundMail } from '../payments/store.ts'
import { readTestEvent, verifyTestWebhook } from '../payments/test-webhook.ts'
import { endBooking } from './end-booking.ts'
import { findBookingFor } from './find-booking.ts'
import type { FindParts, FoundBooking } from './find-booking.ts'
import { beginPayment, expireBooking, settlePayment, takeCounterPayment } from './pay-booking.ts'
import type { PaymentOutcome } from './pay-booking.ts'
import { applyProviderEvent } from './receive-webhook.ts'
import { findBookingIn, lockBooking } from './store.ts'

export interface PaymentParts extends FindParts {
  readonly testPayments: boolean
  readonly testWebhookSecret: string | null
}

interface FoundPayment extends FoundBooking {
  readonly payment: PaymentRow
}

export function addPaymentRoutes(routes: Routes, parts: PaymentParts): void {
  addBegin(routes, parts)
  addConfirm(routes, parts)
  addRefund(routes, parts)
  addWebhook(routes, parts)
}

function addBegin(routes: Routes, parts: PaymentParts): void {
  routes.add(contract.createPayment, {
    async handle(request) {
      const { body, caller, commit } = request
      const atCounter = body.provider === 'counter'
      // Before anything of the booking is told: the counter is for the house.
      if (atCounter && !hasRole(caller, 'staff', 'owner', 'admin'))
        return refuse(caller.kind === 'guest' ? 'unauthenticated' : 'forbidden')
      const found = await findBookingFor(parts, request, body.bookingId)
      if (isRefusal(found)) return found
      if (atCounter && !found.house) return refuse('forbidden', 'Only the house takes money at the counter.')
      const refused = judgeBegin(parts, body, found.booking.currency)
      if (refused) return refused
      return await commit(async (tx) => await presentIn(tx, await begin(tx, request, found)))
    },
  })
  routes.add(contract.readPayment, {
    find: findById(parts),
    handle: async ({ subject }) => await presentFound(parts, subject),
  })
}

type BeginBody = Request<typeof contract.createPayment>['body']

function judgeBegin(parts: PaymentParts, body: BeginBody, currency: string): Refusal<'validation_failed'> | null {
  if (body.provider === 'test' && !parts.testPayments) return refuseField('/provider', 'is turned off here')
  if (body.provider === 'stripe') return refuseField('/provider', 'is not set up here')
  for (const [name, money] of Object.entries({ amount: body.amount, tendered: body.tendered })) {
    if (money !== undefined && money.currency !== currency)
      return refuseField(`/${name}/currency`, `must be ${currency}`)
  }
  if (body.provider === 'counter') return judgeTender(body)
  const forCounter = ['tender', 'amount', 'tendered', 'terminalReference', 'voucherCode', 'shiftId'] as const
  const given = forCounter.find((name) => body[name] !== undefined)
  return given ? refuseField(`/${given}`, 'is for the counter') : null
}

/** What goes with which tender, however the booking stands. */
function judgeTender({ tender, voucherCode, amount, tendered }: BeginBody): Refusal<'validation_failed'> | null {
  if (tender === undefined) return refuseField('/tender', 'is needed at the counter')
  if (tender === 'voucher' && voucherCode === undefined) return refuseField('/voucherCode', 'is needed for a voucher')
  if (tender !== 'voucher' && voucherCode !== undefined) return refuseField('/voucherCode', 'is for vouchers')
  if (tender !== 'cash' && tendered !== undefined) return refuseField('/tendered', 'is for cash')
  if (tender !== 'comp' && amount?.amount === 0) return refuseField('/amount/amount', 'must be at least 1')
  if (amount !== undefined && tendered !== undefined && tendered.amount < amount.amount)
    return refuseField('/tendered/amount', `must be at least ${amount.amount}`)
  return null
}

async function begin(
  tx: Transaction,
  { body, caller }: Request<typeof contract.createPayment>,
  { booking, showtime }: FoundBooking,
): Promise<PaymentRow | Refusal> {
  const createdBy = caller.kind === 'account' ? caller.userId : null
  if (body.provider !== 'counter') {
    const { provider, returnUrl = null } = body
    return await beginPayment(tx, { bookingId: booking.id, provider, returnUrl, createdBy })
  }
  return await takeCounterPayment(tx, {
    bookingId: booking.id,
    tender: must(body.tender, 'Judged before'),
    amount: body.amount?.amount ?? null,
    tendered: body.tendered?.amount ?? null,
    voucherCode: body.voucherCode ?? null,
    ownerId: showtime.ownerId,
    terminalReference: body.terminalReference ?? null,
    shiftId: body.shiftId ?? null,
    createdBy: must(createdBy, 'The counter is for accounts'),
  })
}

const outcomes: Readonly<Record<(typeof contract.testOutcomes)[number], PaymentOutcome>> = {
  succeed: 'authorised',
  decline: 'failed',
  timeout: 'pending',
}

function addConfirm(routes: Routes, parts: PaymentParts): void {
  routes.add(contract.confirmPayment, {
    find: findById(parts),
    async handle({ subject, body, commit }) {
      const { payment } = subject
      if (payment.provider !== 'test' && body.outcome !== undefined)
        return refuseField('/outcome', 'is for test payments')
      const outcome = outcomes[body.outcome ?? 'succeed']
      const answer = await commit(async (tx) => await presentIn(tx, await settlePayment(tx, payment.id, outcome)))
      if (isRefusal(answer) && answer.code === 'booking_expired') {
        await parts.database.write(async (tx) => await expireBooking(tx, payment.bookingId))
      }
      return answer
    },
  })
}

function addRefund(routes: Routes, parts: PaymentParts): void {
  routes.add(contract.refundPayment, {
    find: findById(parts),
    async handle({ subject, body, caller, commit }) {
      const { payment, showtime } = subject
      if (!subject.house) return refuse('forbidden')
      if (body.amount !== undefined && body.amount.currency !== payment.currency) {
        return refuseField('/amount/currency', `must be ${payment.currency}`)
      }
      if (body.amount?.amount === 0) return refuseField('/amount/amount', 'must be at least 1')
      const limit = hasRole(caller, 'staff') ? showtime.settings.staffRefundLimit : null
      const userId = caller.kind === 'account' ? caller.userId : null
      return await commit(async (tx) => {
        const booking = await lockBooking(tx, payment.bookingId)
        const current = must(await findPayment(tx, payment.id), 'Payments are never deleted')
        const left = refundable(current)
        if (current.refunded === 0 && left === 0) return refuse('payment_not_refundable')
        const amount = body.amount?.amount ?? left
        if (amount > left || amount === 0) return refuse('refund_exceeds_payment', `At most ${left} can be refunded.`)
        // In all: a limit for each step would be none.
        if (limit !== null && current.refunded + amount > limit) {
          return refuse('forbidden', `Staff may refund up to ${limit} of a payment.`)
        }
        const refund = await recordRefund(tx, current, amount, body.reason ?? null, userId)
        await enqueue(tx, refundMail, { refundId: refund.id })
        // A booking with part of its money does not lapse: giving it all back ends it, else its seats would wait for ever.
        if (booking?.status === 'pending' && booking.paid === booking.refunded + amount) {
          await endBooking(tx, booking, 'cancelled', body.reason ?? null)
        }
        return await presentIn(tx, current)
      })
    },
  })
}

function addWebhook(routes: Routes, parts: PaymentParts): void {
  routes.add(contract.receiveWebhook, {
    find: ({ params }) => (['test', 'stripe'].includes(params.provider) ? params.provider : refuse('not_found')),
    async handle({ body, headers, params, now }) {
      const raw = typeof body === 'string' ? body : ''
      if (params.provider !== 'test' || parts.testWebhookSecret === null) {
        return refuse('invalid_signature', 'This provider is not set up here.')
      }
      if (!verifyTestWebhook(parts.testWebhookSecret, headers, raw, now)) return refuse('invalid_signature')
      const event = readTestEvent(raw)
      if (isRefusal(event)) return event
      await applyProviderEvent(parts.database, 'test', event, raw)
      return { received: true }
    },
  })
}

function findById(parts: PaymentParts) {
  return async (
    approach: Pick<Approach, 'caller' | 'accessToken'> & { readonly params: { readonly id: string } },
  ): Promise<FoundPayment | Refusal<'not_found'>> => {
    const payment = await parts.database.read
      .selectFrom('payments')
      .selectAll()
      .where('id', '=', approach.params.id)
      .executeTakeFirst()
    if (!payment) return refuse('not_found')
    const found = await findBookingFor(parts, approach, payment.bookingId)
    return isRefusal(found) ? found : { ...found, payment }
  }
}

async function presentFound({ database }: PaymentParts, { payment, booking }: FoundPayment): Promise<Payment> {
  const refunds = await database.read
    .selectFrom('refunds')
    .selectAll()
    .where('paymentId', '=', payment.id)
    .orderBy('id')
    .execute()
  return presentPayment(payment, refunds, booking.confirmedAt !== null)
}

/** A payment as it stands inside the transaction; refusals pass through. */
async function presentIn(tx: Transaction, outcome: PaymentRow | Refusal): Promise<Payment | Refusal> {
  if (isRefusal(outcome)) return outcome
  const [payment, booking, refunds] = await allSent([
    findPayment(tx, outcome.id),
    findBookingIn(tx, outcome.bookingId),
    readRows<RefundRow>(tx, 'SELECT * FROM refunds WHERE payment_id = $1 ORDER BY id', [outcome.id]),
  ])
  assert(payment && booking, 'Payments and bookings are never deleted')
  return presentPayment(payment, refunds, booking.confirmedAt !== null)
}
