import type { Transaction } from '../database/database.ts'
import { updateRow } from '../database/rows.ts'
import type { BookingRow, PaymentRow } from '../database/tables/money.ts'
import type { VoucherRow } from '../database/tables/vouchers.ts'
import { noteSeatChange, reassignClaims } from '../holds/seat-changes.ts'
import { must } from '../platform/assert.ts'
import { paymentReceived } from '../money-ledger/model.ts'
import { post } from '../money-ledger/post.ts'
import { isRefusal, refuse, refuseField } from '../platform/refusal.ts'
import type { Refusal } from '../platform/refusal.ts'
import type { ProviderName } from '../payments/provider.ts'
import { claimShift, openShiftFor } from '../payments/shift-store.ts'
import { claimVoucher, spendVoucher } from '../payments/spend-voucher.ts'
import { endOpenPayments, insertPayment, newPayment, paymentsOf } from '../payments/store.ts'
import { keepUse } from '../promotions/use-promotion.ts'
import { confirmBooking } from './confirm-booking.ts'
import { outstanding, statusAt } from './model.ts'
import { lockBookingAnd, ticketsIn } from './store.ts'

export interface NewPayment {
  readonly bookingId: string
  readonly provider: ProviderName
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
  const { bookingId } = request
  const [booking, payments] = await lockBookingAnd(tx, bookingId, () => paymentsOf(tx, bookingId))
  if (!booking) return refuse('not_found')
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
  const { bookingId } = request
  const [booking, payments] = await lockBookingAnd(tx, bookingId, () => paymentsOf(tx, bookingId))
  if (!booking) return refuse('not_found')
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
  const credited = await creditBooking(tx, booking, payment, voucher?.id)
  return isRefusal(credited) ? credited : payment
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

/**
 * Adds paid money to a booking, and confirms it when the total is met; answers the booking as it is then. One with part of its
 * money does not lapse.
 */
export async function creditBooking(
  tx: Transaction,
  booking: BookingRow,
  payment: PaymentRow,
  voucherId: string | null = null,
): Promise<BookingRow | Refusal<'booking_expired'>> {
  const { amount } = payment
  const paid = booking.paid + amount
  const postings = paymentReceived(payment, voucherId)
  if (amount === outstanding(booking)) {
    const complimentary = payment.tender === 'comp' ? amount : 0
    return await confirmBooking(tx, booking, paid, { postings, complimentary })
  }
  const change = { paid, expiresAt: null, updatedAt: tx.nowMs }
  updateRow(tx, 'bookings', booking.id, change)
  post(tx, postings)
  const lost = booking.expiresAt === null ? null : await keepSeats(tx, booking)
  return lost ?? { ...booking, ...change }
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
