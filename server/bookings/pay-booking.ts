import type { Transaction } from '../database/database.ts'
import { enqueue } from '../database/outbox.ts'
import { updateRow } from '../database/rows.ts'
import type { BookingRow, PaymentRow } from '../database/tables/money.ts'
import type { VoucherRow } from '../database/tables/vouchers.ts'
import { noteSeatChange, reassignClaims } from '../holds/seat-changes.ts'
import { must } from '../platform/assert.ts'
import { isRefusal, refuse, refuseField } from '../platform/refusal.ts'
import type { Refusal } from '../platform/refusal.ts'
import { claimShift, openShiftFor } from '../payments/shift-store.ts'
import { claimVoucher, spendVoucher } from '../payments/spend-voucher.ts'
import {
  captureWork,
  changePayment,
  endOpenPayments,
  findPayment,
  insertPayment,
  newPayment,
  paymentsOf,
  refundAcross,
} from '../payments/store.ts'
import { keepUse } from '../promotions/use-promotion.ts'
import { confirmBooking } from './confirm-booking.ts'
import { endBooking } from './end-booking.ts'
import { outstanding, statusAt } from './model.ts'
import { lockBooking, ticketsIn } from './store.ts'

/** What a provider says of a payment. `pending`: nothing is decided yet. */
export type PaymentOutcome = 'authorised' | 'failed' | 'pending'

export interface NewPayment {
  readonly bookingId: string
  readonly provider: 'test' | 'stripe'
  readonly returnUrl: string | null
  readonly createdBy: string | null
}

export interface CounterPayment {
  readonly bookingId: string
  readonly tender: 'cash' | 'card' | 'voucher' | 'comp'
  /** Minor units; null is all that is still due. */
  readonly amount: number | null
  /** For the tender `voucher`, and only there. */
  readonly voucherCode: string | null
  /** The owner of the theatre: whose vouchers count. */
  readonly ownerId: string | null
  /** What was handed over, minor units; the rest is change. */
  readonly tendered: number | null
  readonly terminalReference: string | null
  readonly shiftId: string | null
  readonly createdBy: string
}

/** Begins a payment of the whole sum. A new one ends the one that is open; authorised money is never doubled. */
export async function beginPayment(
  tx: Transaction,
  request: NewPayment,
): Promise<PaymentRow | Refusal<'not_found' | 'booking_not_payable' | 'payment_in_progress'>> {
  const booking = await lockBooking(tx, request.bookingId)
  if (!booking) return refuse('not_found')
  const payments = await paymentsOf(tx, booking.id)
  const refused = judgePayable(tx, booking, payments)
  if (refused) return refused
  await endOpenPayments(tx, payments)
  const payment = newPayment(tx, booking, request.provider, outstanding(booking), request.createdBy)
  const row: PaymentRow = { ...payment, status: 'pending', returnUrl: request.returnUrl }
  await insertPayment(tx, row)
  return row
}

function judgePayable(
  tx: Transaction,
  booking: BookingRow,
  payments: readonly PaymentRow[],
): Refusal<'booking_not_payable' | 'payment_in_progress'> | null {
  const status = statusAt(booking, tx.nowMs)
  if (status !== 'pending') {
    return refuse('booking_not_payable', `The booking is ${status}.`, { extra: { bookingStatus: status } })
  }
  const authorised = payments.some(({ status: paymentStatus }) => paymentStatus === 'authorised')
  return authorised ? refuse('payment_in_progress') : null
}

type CounterRefusal = Refusal<
  | 'not_found'
  | 'booking_not_payable'
  | 'booking_expired'
  | 'payment_in_progress'
  | 'validation_failed'
  | 'voucher_not_valid'
  | 'shift_closed'
>

/** Takes money at the counter: it counts at once, and the booking is confirmed when its total is met. */
export async function takeCounterPayment(
  tx: Transaction,
  request: CounterPayment,
): Promise<PaymentRow | CounterRefusal> {
  const booking = await lockBooking(tx, request.bookingId)
  if (!booking) return refuse('not_found')
  const payments = await paymentsOf(tx, booking.id)
  const refused = judgePayable(tx, booking, payments)
  if (refused) return refused
  const shiftId = await shiftOf(tx, request, booking)
  if (isRefusal(shiftId)) return shiftId
  const voucher = await readVoucher(tx, request, booking)
  if (isRefusal(voucher)) return voucher
  const amount = readAmount(request, outstanding(booking), voucher)
  if (isRefusal(amount)) return amount
  await endOpenPayments(tx, payments)
  const payment: PaymentRow = {
    ...newPayment(tx, booking, 'counter', amount, request.createdBy),
    status: 'succeeded',
    tender: request.tender,
    tendered: request.tender === 'cash' ? (request.tendered ?? amount) : null,
    terminalReference: request.terminalReference,
    shiftId,
    authorisedAt: tx.nowMs,
    capturedAt: tx.nowMs,
    captured: amount,
  }
  await insertPayment(tx, payment)
  if (voucher) await spendVoucher(tx, voucher, payment)
  return (await creditBooking(tx, booking, amount)) ?? payment
}

/** The shift that is named, else the open one of who takes the money: what is given back comes out of it, too. */
async function shiftOf(
  tx: Transaction,
  { shiftId, createdBy }: CounterPayment,
  { theatreId }: BookingRow,
): Promise<string | null | Refusal<'validation_failed' | 'shift_closed' | 'not_found'>> {
  if (shiftId === null) return await openShiftFor(tx, { theatreId, shiftId }, createdBy)
  return (await claimShift(tx, shiftId, theatreId)) ?? shiftId
}

async function readVoucher(
  tx: Transaction,
  { tender, voucherCode, ownerId }: CounterPayment,
  { currency }: BookingRow,
): Promise<VoucherRow | null | Refusal<'voucher_not_valid'>> {
  if (tender !== 'voucher') return null
  return await claimVoucher(tx, must(voucherCode, 'The request was judged before'), { ownerId, currency })
}

/** How much is taken: what was said, or all that is due, or what the voucher has left of it. */
function readAmount(
  { tender, amount: asked, tendered }: CounterPayment,
  due: number,
  voucher: VoucherRow | null,
): number | Refusal<'validation_failed' | 'voucher_not_valid'> {
  const amount = tender === 'comp' ? due : (asked ?? Math.min(due, voucher?.balance ?? due))
  if (amount < 1 && due > 0) return refuseField('/amount/amount', 'must be at least 1')
  if (amount > due) return refuseField('/amount/amount', `must be at most ${due}, what is still due`)
  if (voucher && amount > voucher.balance) {
    return refuse('voucher_not_valid', `The voucher has ${voucher.balance} left.`, {
      extra: { balance: { amount: voucher.balance, currency: voucher.currency } },
    })
  }
  if (tendered !== null && tendered < amount) return refuseField('/tendered/amount', `must be at least ${amount}`)
  return amount
}

/** Adds paid money to a booking, and confirms it when the total is met. A booking with part of its money does not lapse. */
async function creditBooking(
  tx: Transaction,
  booking: BookingRow,
  amount: number,
): Promise<Refusal<'booking_expired'> | null> {
  const paid = booking.paid + amount
  if (amount === outstanding(booking)) {
    const confirmed = await confirmBooking(tx, booking, paid)
    return isRefusal(confirmed) ? confirmed : null
  }
  updateRow(tx, 'bookings', booking.id, { paid, expiresAt: null, updatedAt: tx.nowMs })
  return booking.expiresAt === null ? null : await keepSeats(tx, booking)
}

/** From now on the seats wait for the rest of the money, however long it takes; they show as booked. */
async function keepSeats(tx: Transaction, booking: BookingRow): Promise<Refusal<'booking_expired'> | null> {
  const seats = (await ticketsIn(tx, booking.id)).flatMap(({ seatId }) => seatId ?? [])
  const kept = { kind: 'booking', ref: booking.id, expiresAt: null } as const
  if (!(await reassignClaims(tx, booking.showtimeId, booking.id, kept, seats))) return refuse('booking_expired')
  if (booking.promoCode !== null && !(await keepUse(tx, booking.id))) return refuse('booking_expired')
  await noteSeatChange(
    tx,
    booking.showtimeId,
    seats.map((id) => ({ id, status: 'booked' })),
  )
  return null
}

export type SettleRefusal = Refusal<'not_found' | 'payment_not_confirmable' | 'booking_expired'>

/**
 * The one function that settles a payment, whoever brings the news (the payer's return, a webhook, a reconciliation): it
 * may be told again and in any order. Money is authorised, the booking confirmed and its seats sold in this one
 * transaction; capture follows from the outbox. Money that comes too late is voided: an expired booking is never revived.
 */
export async function settlePayment(
  tx: Transaction,
  paymentId: string,
  outcome: PaymentOutcome,
): Promise<PaymentRow | SettleRefusal> {
  const known = await findPayment(tx, paymentId)
  if (!known) return refuse('not_found')
  const booking = await lockBooking(tx, known.bookingId)
  const payment = await findPayment(tx, paymentId)
  if (!booking || !payment) return refuse('not_found')
  const bookingStatus = statusAt(booking, tx.nowMs)
  // The same answer whether or not it has been written down that the booking lapsed, and its payment with it.
  if (bookingStatus === 'expired' && (payment.status === 'pending' || payment.status === 'expired')) {
    return refuse('booking_expired', 'The booking was not paid in time; nothing is charged.')
  }
  if (payment.status !== 'pending' || bookingStatus !== 'pending') {
    return refuse('payment_not_confirmable', `The payment is ${shownStatus(payment, bookingStatus)}.`, {
      extra: { paymentStatus: shownStatus(payment, bookingStatus), bookingStatus },
    })
  }
  if (outcome === 'pending') return payment
  if (outcome === 'failed') return await changePayment(tx, payment, 'failed', { endedAt: tx.nowMs })
  const authorised = await changePayment(tx, payment, 'authorised', { authorisedAt: tx.nowMs })
  const refused = await creditBooking(tx, booking, payment.amount)
  if (refused) return refused
  await enqueue(tx, captureWork, { paymentId: payment.id })
  return authorised
}

function shownStatus(payment: PaymentRow, bookingStatus: string): string {
  return payment.status === 'authorised' && bookingStatus === 'confirmed' ? 'succeeded' : payment.status
}

/** Writes down that a booking has lapsed, with all that follows from it; of any other booking nothing changes. */
export async function expireBooking(tx: Transaction, bookingId: string): Promise<boolean> {
  const booking = await lockBooking(tx, bookingId)
  if (!booking || booking.status !== 'pending' || statusAt(booking, tx.nowMs) !== 'expired') return false
  // A part that a voucher paid does not keep a booking alive: it goes back.
  await refundAcross(tx, booking.id, booking.paid - booking.refunded, 'Not paid in time', null)
  await endBooking(tx, booking, 'expired')
  return true
}
