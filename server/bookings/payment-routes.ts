import type { Payment } from '../../contract/payments.ts'
import * as contract from '../../contract/payments.ts'
import type { Transaction } from '../database/database.ts'
import type { PaymentRow } from '../database/tables/money.ts'
import { enqueue } from '../database/outbox.ts'
import { allSent } from '../database/postgres-errors.ts'
import { readBy, readRow } from '../database/rows.ts'
import { Answer } from '../http/answer.ts'
import { Buckets } from '../http/buckets.ts'
import { hasRole } from '../http/caller.ts'
import type { Approach, Request } from '../http/request.ts'
import type { Routes } from '../http/routes.ts'
import { assert, must } from '../platform/assert.ts'
import type { Log } from '../platform/log.ts'
import { isRefusal, refuse, refuseField } from '../platform/refusal.ts'
import type { Refusal } from '../platform/refusal.ts'
import { postSaleChange } from '../money-ledger/post-sale.ts'
import { refundable } from '../payments/model.ts'
import { ProviderError } from '../payments/provider.ts'
import { presentPayment } from '../payments/present.ts'
import { findPayment, recordRefund, refundMail } from '../payments/store.ts'
import { beginAtProvider } from './begin-at-provider.ts'
import { endBooking } from './end-booking.ts'
import { findBookingFor } from './find-booking.ts'
import type { FindParts, FoundBooking } from './find-booking.ts'
import { judgeBegin, usualProvider } from './judge-payment.ts'
import type { PaymentHouse } from './judge-payment.ts'
import { statusAt } from './model.ts'
import { beginPayment, takeCounterPayment } from './pay-booking.ts'
import { applyProviderEvent } from './receive-webhook.ts'
import { applyNews, settlePaymentOf } from './settle-payment.ts'
import type { Settled, Told } from './settle-payment.ts'
import { toldBy } from './settlement.ts'
import { findBookingIn, lockBooking } from './store.ts'

export interface PaymentParts extends FindParts, PaymentHouse {}

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
      const { body, caller, commitAbout, log } = request
      const name = body.provider ?? usualProvider(parts)
      const atCounter = name === 'counter'
      // Before anything of the booking is told: the counter is for the house.
      if (atCounter && !hasRole(caller, 'staff', 'owner', 'admin'))
        return refuse(caller.kind === 'guest' ? 'unauthenticated' : 'forbidden')
      const found = await findBookingFor(parts, request, body.bookingId)
      if (isRefusal(found)) return found
      if (atCounter && !found.house) return refuse('forbidden', 'Only the house takes money at the counter.')
      const refused = judgeBegin(parts, name, body, found.booking.currency)
      if (refused) return refused
      const about = atCounter ? null : found.booking.id
      const begun = await commitAbout(about, async (tx) => {
        const payment = await begin(tx, name, request, found)
        // At the counter it may be the end of the booking; any other begins with nothing given back.
        return atCounter || isRefusal(payment) ? await presentIn(tx, payment) : presentPayment(payment, [], false)
      })
      if (isRefusal(begun) || atCounter || name === 'test') return begun
      const provider = must(parts.providers.get(name), 'Judged before')
      const isAgain = begun instanceof Answer
      const payment = await beginAtProvider(parts, provider, isAgain ? begun.body : begun, log)
      return isAgain && !isRefusal(payment) ? new Answer(payment, begun.headers) : payment
    },
  })
  routes.add(contract.readPayment, {
    find: findById(parts),
    handle: async ({ subject }) => await presentFound(parts, subject),
  })
}

async function begin(
  tx: Transaction,
  provider: PaymentRow['provider'],
  { body, caller }: Request<typeof contract.createPayment>,
  { booking, showtime }: FoundBooking,
): Promise<PaymentRow | Refusal> {
  const createdBy = caller.kind === 'account' ? caller.userId : null
  if (provider !== 'counter') {
    const { returnUrl = null } = body
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

const outcomes: Readonly<Record<(typeof contract.testOutcomes)[number], 'authorised' | 'declined' | 'open'>> = {
  succeed: 'authorised',
  decline: 'declined',
  timeout: 'open',
}

function addConfirm(routes: Routes, parts: PaymentParts): void {
  routes.add(contract.confirmPayment, {
    find: findById(parts),
    async handle({ subject, body, commitAbout, log, now }) {
      const { payment, booking } = subject
      if (payment.provider !== 'test' && body.outcome !== undefined)
        return refuseField('/outcome', 'is for test payments')
      // One that was begun before they were turned off: nobody pays with it any more.
      if (payment.provider === 'test' && payment.status === 'pending' && !parts.testPayments) {
        return refuse('payment_not_confirmable', 'Test payments are turned off here.', {
          extra: { paymentStatus: payment.status, bookingStatus: statusAt(booking, now) },
        })
      }
      const told =
        payment.provider === 'test'
          ? { news: [{ kind: outcomes[body.outcome ?? 'succeed'] }] }
          : await askProvider(parts, payment, log)
      if (isRefusal(told)) return told
      // Said by the run of the transaction that counts, and by none before it: a second one may refuse before it comes to the news.
      let refusedNews: PaymentRow | Refusal | null = null
      // What is more than the usual end of a purchase has its transaction to itself.
      const isUsual = booking.promoCode === null && told.news.every(({ kind }) => kind === 'authorised')
      const answer = await commitAbout(isUsual ? booking.id : null, async (tx) => {
        const settled = await settlePaymentOf(tx, booking.id, payment.id, told)
        const due = answerFor(settled)
        refusedNews = isRefusal(settled) || settled.step !== 'nothing' ? due : null
        // Of a payment that was open until this piece of news nothing has been given back.
        const credited = isRefusal(settled) ? null : settled.credited
        if (isRefusal(due) || !credited || told.news.length > 1) return await presentIn(tx, due)
        return presentPayment(due, [], credited.confirmedAt !== null)
      })
      // A refusal rolls back; that money is released or a booking lapsed stays.
      if (isRefusal(answer) && answer === refusedNews) await applyNews(parts.database, payment.id, told)
      return answer
    },
  })
}

/** How a payment stands at its provider; one that never got there is simply open. */
async function askProvider(
  { providers }: PaymentParts,
  { provider, providerReference }: PaymentRow,
  log: Log,
): Promise<Told | Refusal<'provider_unavailable'>> {
  if (provider === 'counter' || providerReference === null) return { news: [{ kind: 'open' }] }
  try {
    return toldBy(await must(providers.get(provider), `${provider} is set up`).read(providerReference))
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error
    log.warn({ err: error, provider }, 'a provider could not be asked')
    return refuse('provider_unavailable', undefined, { retryAfterSeconds: 2 })
  }
}

/** What its payer hears: only who finds a payment open can settle it. */
function answerFor(settled: Settled | Refusal): PaymentRow | Refusal {
  if (isRefusal(settled)) return settled
  const { payment, standing, bookingStatus } = settled
  // The same answer whether or not it has been written down that the booking lapsed, and its payment with it.
  if (bookingStatus === 'expired' && (standing === 'late' || standing === 'expired')) {
    return refuse('booking_expired', 'The booking was not paid in time; nothing is charged.')
  }
  if (standing === 'pending') return payment
  const paymentStatus = standing === 'authorised' && bookingStatus === 'confirmed' ? 'succeeded' : payment.status
  return refuse('payment_not_confirmable', `The payment is ${paymentStatus}.`, {
    extra: { paymentStatus, bookingStatus },
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
        const refund = await recordRefund(tx, current, amount, {
          reason: body.reason ?? null,
          userId,
          isAtCounter: true,
        })
        await enqueue(tx, refundMail, { refundId: refund.id })
        // A booking with part of its money does not lapse: giving it all back ends it, else its seats would wait for ever.
        if (booking?.status === 'pending' && booking.paid === booking.refunded + amount) {
          await endBooking(tx, booking, 'cancelled', body.reason ?? null)
        }
        await postSaleChange(tx, current.bookingId)
        return await presentIn(tx, current)
      })
    },
  })
}

/**
 * Webhooks about nothing of ours, from one address. Mollie's are not signed and each makes us ask Mollie: a stranger's must not
 * use up what Mollie lets us ask.
 */
const strangeWebhooks = { requests: 20, windowSeconds: 600 }

function addWebhook(routes: Routes, parts: PaymentParts): void {
  const strange = new Buckets(strangeWebhooks)
  routes.add(contract.receiveWebhook, {
    find: ({ params }) => contract.onlineProviders.find((name) => name === params.provider) ?? refuse('not_found'),
    async handle({ subject, body, headers, address, now, log }) {
      const debtMs = strange.debtAfterOne(address, now)
      if (subject === 'mollie' && !strange.allows(debtMs)) {
        return refuse('rate_limited', undefined, { retryAfterSeconds: Math.ceil(strange.waitMs(debtMs) / 1000) })
      }
      const raw = typeof body === 'string' ? body : ''
      const provider = parts.providers.get(subject)
      if (!provider) return refuse('invalid_signature', 'This provider is not set up here.')
      try {
        const event = await provider.readWebhook(headers, raw, now)
        if (isRefusal(event)) return event
        const isOurs = event !== null && (await applyProviderEvent(parts.database, subject, event, raw))
        if (!isOurs && subject === 'mollie') strange.take(address, now, strange.debtAfterOne(address, now))
        return { received: true }
      } catch (error) {
        if (!(error instanceof ProviderError)) throw error
        // It comes again.
        log.warn({ err: error, provider: subject }, 'a webhook could not be followed up')
        return refuse('provider_unavailable', undefined, { retryAfterSeconds: 2 })
      }
    },
  })
}

function findById(parts: PaymentParts) {
  return async (
    approach: Pick<Approach, 'caller' | 'accessToken'> & { readonly params: { readonly id: string } },
  ): Promise<FoundPayment | Refusal<'not_found'>> => {
    const payment = await readRow(parts.database, 'payments', approach.params.id)
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
    readBy(tx, 'refunds', 'paymentId', outcome.id),
  ])
  assert(payment && booking, 'Payments and bookings are never deleted')
  return presentPayment(payment, refunds, booking.confirmedAt !== null)
}
