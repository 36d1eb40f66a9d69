import type { Database, Transaction } from '../database/database.ts'
import { enqueue } from '../database/outbox.ts'
import { updateRow } from '../database/rows.ts'
import type { BookingRow, PaymentRow } from '../database/tables/money.ts'
import { postSaleChange } from '../money-ledger/post-sale.ts'
import {
  noteCapture,
  noteDispute,
  noteRefund,
  refundWhatIsLeft,
  restoreRefund,
  settleUncaptured,
} from '../payments/note-news.ts'
import {
  captureWork,
  changePayment,
  findPayment,
  ofItself,
  refundAcross,
  releaseAtProvider,
} from '../payments/store.ts'
import { assert, must } from '../platform/assert.ts'
import { isRefusal, refuse } from '../platform/refusal.ts'
import type { Refusal } from '../platform/refusal.ts'
import { endBooking } from './end-booking.ts'
import { statusAt } from './model.ts'
import type { BookingStatus } from './model.ts'
import { creditBooking } from './pay-booking.ts'
import { kindOf, stepFor } from './settlement.ts'
import type { News, Standing, Step } from './settlement.ts'
import { findBookingIn, lockBooking, lockBookingAnd } from './store.ts'

/** Outbox work: tell the buyer that the money could not be collected, and that the booking is cancelled. */
export const uncollectedWork = 'booking.uncollected'

/** What came of a piece of news. */
export interface Settled {
  readonly payment: PaymentRow
  /** How they stood when the news came. */
  readonly standing: Standing
  readonly bookingStatus: BookingStatus
  readonly step: Step
  /** The booking as it is now, where the payment has just been credited to it. */
  readonly credited: BookingRow | null
}

interface Scene {
  readonly payment: PaymentRow
  readonly booking: BookingRow
  readonly news: News
}

/** What is told of a payment: the news in their order, and what the provider calls it from now on. */
export interface Told {
  readonly news: readonly News[]
  readonly reference?: string
}

/**
 * The one function that settles a payment, whoever brings the news (its payer, a webhook, the outbox, a look at the
 * provider): it may be told again and in any order, and does what the table of `settlement.ts` says, all of it in this
 * transaction. Answers what came of the first piece of news. Refuses `booking_expired` when the seats turn out to be somebody
 * else's: roll back, and come again with `seatsGone`.
 */
export async function settlePayment(
  tx: Transaction,
  paymentId: string,
  told: Told,
  seatsGone = false,
): Promise<Settled | Refusal<'not_found' | 'booking_expired'>> {
  const known = await findPayment(tx, paymentId)
  if (!known) return refuse('not_found')
  return await settlePaymentOf(tx, known.bookingId, paymentId, told, seatsGone)
}

/** The same for whoever knows the payment's booking, which never becomes another. */
export async function settlePaymentOf(
  tx: Transaction,
  bookingId: string,
  paymentId: string,
  { news, reference }: Told,
  seatsGone = false,
): Promise<Settled | Refusal<'not_found' | 'booking_expired'>> {
  const [locked, known] = await lockBookingAnd(tx, bookingId, () => findPayment(tx, paymentId))
  if (!known || !locked) return refuse('not_found')
  const renamed = renamePayment(tx, known, reference)
  let first: Settled | null = null
  for (const piece of news) {
    const booking = first === null ? locked : must(await findBookingIn(tx, locked.id), 'Bookings are never deleted')
    const payment = first === null ? renamed : must(await findPayment(tx, known.id), 'Payments are never deleted')
    const settled = await settleOne(tx, { payment, booking, news: piece }, seatsGone)
    if (isRefusal(settled)) return settled
    first ??= settled
  }
  return must(first, 'There is news')
}

/** What its provider calls a payment from now on; a provider without names of its own uses ours. */
function renamePayment(tx: Transaction, payment: PaymentRow, reference: string | undefined): PaymentRow {
  if (reference === undefined || reference === payment.id || reference === payment.providerReference) return payment
  updateRow(tx, 'payments', payment.id, { providerReference: reference })
  return { ...payment, providerReference: reference }
}

async function settleOne(
  tx: Transaction,
  scene: Scene,
  seatsGone: boolean,
): Promise<Settled | Refusal<'booking_expired'>> {
  const { payment, booking, news } = scene
  const bookingStatus = seatsGone && booking.status === 'pending' ? 'expired' : statusAt(booking, tx.nowMs)
  const standing = payment.status === 'pending' && bookingStatus !== 'pending' ? 'late' : payment.status
  const step = stepFor(standing, kindOf(news, { amountMinor: payment.amount, currency: payment.currency }))
  if (step === 'confirm') {
    const confirmed = await confirm(tx, scene)
    return isRefusal(confirmed) ? confirmed : { ...confirmed, standing, bookingStatus, step }
  }
  const after = await takeStep(tx, step, scene)
  return { payment: after, standing, bookingStatus, step, credited: null }
}

async function takeStep(
  tx: Transaction,
  step: Exclude<Step, 'confirm'>,
  { payment, booking, news }: Scene,
): Promise<PaymentRow> {
  const ended = { endedAt: tx.nowMs }
  switch (step) {
    case 'nothing':
      return payment
    case 'fail':
      return await changePayment(tx, payment, 'failed', ended)
    case 'end':
      return await changePayment(tx, payment, 'expired', ended)
    case 'lapse':
      return await lapse(tx, payment, booking)
    case 'release':
      await releaseAtProvider(tx, payment)
      return payment.status === 'pending' ? await lapse(tx, payment, booking) : payment
    case 'reject':
      await releaseAtProvider(tx, payment)
      return await changePayment(tx, payment, 'failed', ended)
    case 'unwind':
      return await andSale(tx, await unwind(tx, payment, booking))
    default:
      return await writeDown(tx, payment, news)
  }
}

/** What the provider did with money that is ours; the booking does not change. */
async function writeDown(tx: Transaction, payment: PaymentRow, news: News): Promise<PaymentRow> {
  if (news.kind === 'captured') return await noteCapture(tx, payment, news.capturedMinor ?? payment.amount)
  if (news.kind === 'dispute') return await noteDispute(tx, payment, news.dispute)
  assert(news.kind === 'refund', 'The table writes down captures, disputes and refunds')
  const note = news.refund.state === 'failed' ? restoreRefund : noteRefund
  return await andSale(tx, await note(tx, payment, news.refund))
}

/** The money of a booking has changed: what it is in the books changes with it. */
async function andSale(tx: Transaction, payment: PaymentRow): Promise<PaymentRow> {
  await postSaleChange(tx, payment.bookingId)
  return payment
}

/** Money is authorised, the booking confirmed and its seats sold; capture follows from the outbox. */
async function confirm(
  tx: Transaction,
  { payment, booking, news }: Scene,
): Promise<Pick<Settled, 'payment' | 'credited'> | Refusal<'booking_expired'>> {
  const authorised = await changePayment(tx, payment, 'authorised', { authorisedAt: tx.nowMs })
  const credited = await creditBooking(tx, booking, authorised)
  if (isRefusal(credited)) return credited
  // A provider that knows no authorisation has captured it already.
  if (news.kind === 'captured') {
    return { payment: await noteCapture(tx, authorised, news.capturedMinor ?? payment.amount), credited }
  }
  await enqueue(tx, captureWork, { paymentId: payment.id })
  return { payment: authorised, credited }
}

/** Writes down that a pending booking has lapsed, or has lost its seats, with all that follows. */
async function lapse(tx: Transaction, payment: PaymentRow, booking: BookingRow): Promise<PaymentRow> {
  if (booking.status === 'pending') await expireNow(tx, booking)
  return (await findPayment(tx, payment.id)) ?? payment
}

/** The showtime's lock is held. A part that a voucher paid does not keep a booking alive: it goes back. */
async function expireNow(tx: Transaction, booking: BookingRow): Promise<void> {
  await refundAcross(tx, booking.id, booking.paid - booking.refunded, ofItself('Not paid in time'))
  await endBooking(tx, booking, 'expired')
}

/** Writes down that a booking has lapsed, with all that follows from it; of any other booking nothing changes. */
export async function expireBooking(tx: Transaction, bookingId: string): Promise<boolean> {
  const booking = await lockBooking(tx, bookingId)
  if (!booking || booking.status !== 'pending' || statusAt(booking, tx.nowMs) !== 'expired') return false
  await expireNow(tx, booking)
  return true
}

/**
 * An authorisation is gone before it was captured: there is no money, so there are no seats. What was paid otherwise (a
 * voucher's part) goes back, and the buyer is told.
 */
async function unwind(tx: Transaction, payment: PaymentRow, booking: BookingRow): Promise<PaymentRow> {
  if (payment.capturedAt !== null) return payment
  // What was given back of it was never taken, and now the rest is not either.
  const wasReturned = payment.status === 'refunded'
  const after =
    payment.status === 'authorised'
      ? await changePayment(tx, payment, 'voided', { endedAt: tx.nowMs })
      : await refundWhatIsLeft(tx, payment)
  await settleUncaptured(tx, after)
  if (wasReturned) return after
  const paid = after.status === 'voided' ? booking.paid - payment.amount : booking.paid
  await tx.query.updateTable('bookings').set({ paid, updatedAt: tx.nowMs }).where('id', '=', booking.id).execute()
  if (statusAt(booking, tx.nowMs) !== 'confirmed') return after
  const { refunded } = must(await findBookingIn(tx, booking.id), 'Bookings are never deleted')
  await refundAcross(tx, booking.id, paid - refunded, ofItself('The payment could not be collected'))
  await endBooking(tx, { ...booking, paid }, 'cancelled', 'The payment could not be collected')
  await enqueue(tx, uncollectedWork, { bookingId: booking.id })
  return after
}

/** Tells a payment what happened, outside of any request; answers what came of it, null where there is no such payment. */
export async function applyNews(database: Database, paymentId: string, told: Told): Promise<Settled | null> {
  const settled = await database.write(async (tx) => await settlePayment(tx, paymentId, told))
  const done =
    isRefusal(settled) && settled.code === 'booking_expired'
      ? await database.write(async (tx) => await settlePayment(tx, paymentId, told, true))
      : settled
  return isRefusal(done) ? null : done
}
