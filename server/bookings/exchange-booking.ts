import type { Transaction } from '../database/database.ts'
import { enqueue } from '../database/outbox.ts'
import { lockSeatLedger } from '../database/seat-ledger.ts'
import type { BookingRow, PaymentRow, TicketRow } from '../database/tables/money.ts'
import { seatsOf } from '../holds/commands.ts'
import { changedSince } from '../holds/ledger.ts'
import type { HoldTerms } from '../holds/model.ts'
import { prepareHold, unknownSeats } from '../holds/place-hold.ts'
import type { HoldLimits, HoldMaker } from '../holds/place-hold.ts'
import { placeHoldIn } from '../holds/place-in-transaction.ts'
import { dropClaims, noteSeatChange, reassignClaims } from '../holds/seat-changes.ts'
import type { ShowtimeForSale } from '../holds/store.ts'
import { Replay } from '../http/idempotency.ts'
import { openShiftFor } from '../payments/shift-store.ts'
import { paymentReceived } from '../money-ledger/model.ts'
import { postSaleChange } from '../money-ledger/post-sale.ts'
import { post } from '../money-ledger/post.ts'
import { claimVoucher, findSpend, lockVoucher } from '../payments/spend-voucher.ts'
import { captureWork, insertPayment, newPayment, paymentsOf, refundAcross } from '../payments/store.ts'
import { assert, must } from '../platform/assert.ts'
import { isRefusal, refuse, refuseField } from '../platform/refusal.ts'
import type { Refusal } from '../platform/refusal.ts'
import { keptDiscount } from '../promotions/use-promotion.ts'
import { quoteTickets } from '../showtimes/quote.ts'
import type { Quote } from '../showtimes/quote.ts'
import { chooseTickets } from './choose-tickets.ts'
import { rowsBySeat } from './create-booking.ts'
import { shareOf, statusAt } from './model.ts'
import { chargeVoucher } from './pay-by-voucher.ts'
import { judgeStaffLimit, readRefundTerms } from './refund-terms.ts'
import type { Refunder, RefundTerms } from './refund-terms.ts'
import { findBookingIn, lockTickets } from './store.ts'

export interface Exchange {
  readonly bookingId: string
  readonly from: ShowtimeForSale
  readonly to: ShowtimeForSale
  /** Null in general admission: as many places as there are tickets. */
  readonly seats: readonly string[] | null
  readonly maker: HoldMaker
  readonly limits: HoldLimits
  readonly by: Refunder
  /** Whether test payments are taken here. */
  readonly testPayments: boolean
}

/** Outbox work: new tickets, and what was paid or given back. */
export const exchangedWork = 'booking.exchanged'

/**
 * Moves a confirmed booking to another showtime of the same film, in one transaction: new seats are claimed by the rules
 * of a hold, the old ones are free, the difference is charged the way the booking was paid, or given back.
 */
export async function exchangeBooking(tx: Transaction, request: Exchange): Promise<BookingRow | Refusal> {
  const { from, to } = request
  for (const id of [from.id, to.id].toSorted()) await lockSeatLedger(tx, id)
  const booking = await findBookingIn(tx, request.bookingId)
  if (!booking || booking.showtimeId !== from.id) return refuse('not_found')
  const all = await lockTickets(tx, booking.id)
  const tickets = all.filter((ticket) => ticket.status !== 'void')
  const terms = await readRefundTerms(tx, booking, from, from.settings, request.by)
  const refused = judge(tx, booking, tickets, request, terms)
  if (refused) return refused
  const quote = await claimElsewhere(tx, request, booking, tickets)
  if (isRefusal(quote)) return quote
  await leaveOldSeats(tx, from, booking, tickets)
  await moveTickets(tx, to, tickets, quote)
  const cancelled = all.filter((ticket) => ticket.status === 'void')
  return await settleDifference(tx, request, booking, quote, { cancelled, terms })
}

function judge(
  tx: Transaction,
  booking: BookingRow,
  tickets: readonly TicketRow[],
  request: Exchange,
  { isLate }: RefundTerms,
): Refusal | null {
  const { seats, by } = request
  const wrong = judgeWish(request)
  if (wrong) return wrong
  const status = statusAt(booking, tx.nowMs)
  if (status === 'cancelled') return refuse('already_cancelled')
  if (status !== 'confirmed') return refuse('booking_not_payable', 'Only a paid booking can be exchanged.')
  if (seats !== null && seats.length !== tickets.length) return refuseField('/seats', `must be ${tickets.length} seats`)
  if (tickets.some((ticket) => ticket.status === 'used')) return refuse('ticket_used')
  return isLate && !by.byHouse ? refuse('too_late_to_cancel', 'It is too late to exchange this booking.') : null
}

/** What is wrong with what is asked for, however the booking stands. */
function judgeWish({ from, to, seats }: Exchange): Refusal<'validation_failed' | 'unknown_seats'> | null {
  if (from.id === to.id) return refuseField('/showtimeId', 'must be another showtime')
  if (from.movieId !== to.movieId) return refuseField('/showtimeId', 'must be a showtime of the same film')
  // The money lies with the theatre that took it, and stays there.
  if (from.theatreId !== to.theatreId) return refuseField('/showtimeId', 'must be a showtime of the same theatre')
  if (from.terms.currency !== to.terms.currency) return refuseField('/showtimeId', 'must be sold in the same currency')
  if (to.layout.seating === 'general') return seats === null ? null : refuseField('/seats', 'is for reserved seating')
  if (seats === null) return refuseField('/seats', 'is needed for reserved seating')
  const doubled = seats.findIndex((seat, index) => seats.indexOf(seat) !== index)
  return doubled >= 0 ? refuseField(`/seats/${doubled}`, 'is named twice') : unknownSeats(to, seats)
}

/** Claims the new seats and prices them for the same ticket types. */
async function claimElsewhere(
  tx: Transaction,
  { to, seats, maker, limits }: Exchange,
  booking: BookingRow,
  tickets: readonly TicketRow[],
): Promise<Quote | Refusal> {
  const input = to.layout.seating === 'general' ? { count: tickets.length } : { seats: [...(seats ?? [])] }
  const command = prepareHold(to, input, maker, limits, tx.nowMs, null)
  if (isRefusal(command)) return command
  const hold = await placeHoldIn(tx, { ...command, limits: null })
  if (isRefusal(hold)) return hold
  if (hold === changedSince)
    return refuse('busy', 'The showtime is being changed. Try again.', { retryAfterSeconds: 1 })
  assert(!(hold instanceof Replay), 'A hold inside an exchange has no key of its own')
  const terms: HoldTerms = JSON.parse(hold.terms)
  const chosen = tickets.map(({ ticketType }, index) => ({ seat: seats?.[index], ticketType }))
  const picked = chooseTickets(hold, to.layout, terms, chosen)
  if (isRefusal(picked)) return picked
  const off = tickets.reduce((sum, ticket) => sum + ticket.discountAmount, 0)
  const discount = await keptDiscount(tx, booking.id, off)
  const quote = quoteTickets(terms.prices, picked, terms, discount)
  if (isRefusal(quote)) return quote
  const sold = { kind: 'booking', ref: booking.id, expiresAt: null } as const
  assert(await reassignClaims(tx, to.id, hold.id, sold, seatsOf(hold)), 'A hold has its claims when it is made')
  await tx.query
    .updateTable('holds')
    .set({ status: 'booked', bookingId: booking.id })
    .where('id', '=', hold.id)
    .execute()
  await noteSeatChange(
    tx,
    to.id,
    (seats ?? []).map((id) => ({ id, status: 'booked' })),
  )
  return quote
}

async function leaveOldSeats(
  tx: Transaction,
  from: ShowtimeForSale,
  booking: BookingRow,
  tickets: readonly TicketRow[],
): Promise<void> {
  await tx.query
    .insertInto('departedTickets')
    .values(tickets.map(({ id }) => ({ ticketId: id, showtimeId: from.id, departedAt: tx.nowMs })))
    .onConflict((conflict) => conflict.columns(['showtimeId', 'ticketId']).doUpdateSet({ departedAt: tx.nowMs }))
    .execute()
  const freed = await dropClaims(tx, from.id, booking.id)
  const seats = from.layout.seating === 'general' ? [] : freed
  await noteSeatChange(
    tx,
    from.id,
    seats.map((id) => ({ id, status: 'available' })),
  )
}

async function moveTickets(
  tx: Transaction,
  to: ShowtimeForSale,
  tickets: readonly TicketRow[],
  quote: Quote,
): Promise<void> {
  const rows = rowsBySeat(to)
  const free = [...quote.lines]
  for (const ticket of tickets) {
    const index = free.findIndex(({ ticketType }) => ticketType === ticket.ticketType)
    const [line] = free.splice(index, 1)
    const { seat, category, price, discount, fee, tax, taxIncluded } = must(line, 'One line for each ticket')
    const place = seat === null ? undefined : rows.get(seat)
    await tx.query
      .updateTable('tickets')
      .set({
        showtimeId: to.id,
        seatId: seat,
        rowLabel: place?.row ?? null,
        seatNumber: place?.number ?? null,
        category,
        priceAmount: price,
        discountAmount: discount,
        feeAmount: fee,
        taxAmount: tax,
        taxIncludedAmount: taxIncluded,
        codeRevision: ticket.codeRevision + 1,
      })
      .where('id', '=', ticket.id)
      .execute()
  }
}

type ChargeRefusal = Refusal<'voucher_not_valid' | 'booking_not_payable' | 'difference_not_charged'>
type DifferenceRefusal = ChargeRefusal | Refusal<'forbidden'>

/** The booking's new sums: those of the new tickets and of the ones that were cancelled before. A lower one gives back as much as a cancellation would. */
async function settleDifference(
  tx: Transaction,
  request: Exchange,
  booking: BookingRow,
  quote: Quote,
  { cancelled, terms }: { readonly cancelled: readonly TicketRow[]; readonly terms: RefundTerms },
): Promise<BookingRow | DifferenceRefusal> {
  const { to } = request
  const add = (value: number, of: (ticket: TicketRow) => number) =>
    cancelled.reduce((sum, ticket) => sum + of(ticket), value)
  const sums = {
    subtotal: add(quote.subtotal, (ticket) => ticket.priceAmount),
    discount: add(quote.discount, (ticket) => ticket.discountAmount),
    fees: add(quote.fees, (ticket) => ticket.feeAmount),
    tax: add(quote.tax, (ticket) => ticket.taxAmount),
    taxIncluded: add(quote.taxIncluded, (ticket) => ticket.taxIncludedAmount),
  }
  const total = sums.subtotal - sums.discount + sums.fees + sums.tax
  const difference = total - booking.total
  const overLimit = difference < 0 ? judgeStaffLimit(request.by, terms, booking, -difference) : null
  if (overLimit) return overLimit
  const placed = { showtimeId: to.id, theatreId: to.theatreId, terms: to.termsText }
  const change = { ...placed, ...sums, total, updatedAt: tx.nowMs }
  const paid = booking.paid + Math.max(0, difference)
  await tx.query
    .updateTable('bookings')
    .set({ ...change, paid })
    .where('id', '=', booking.id)
    .execute()
  const refused = difference > 0 ? await charge(tx, request, { ...booking, ...change }, difference) : null
  if (refused) return refused
  if (difference < 0) {
    const giving = { reason: 'Exchanged', userId: request.maker.userId, isAtCounter: request.by.byHouse }
    await refundAcross(tx, booking.id, shareOf(-difference, terms.share), giving)
  }
  await postSaleChange(tx, booking.id)
  await enqueue(tx, exchangedWork, { bookingId: booking.id })
  return { ...booking, ...change, paid }
}

/**
 * Charges a difference the way the booking was paid. Where only its payer could do that, at a provider or at the counter, and
 * where it cost nothing, the house alone exchanges for more: the money goes into the till of who takes it.
 */
async function charge(
  tx: Transaction,
  { to, by, maker, testPayments }: Exchange,
  booking: BookingRow,
  amount: number,
): Promise<ChargeRefusal | null> {
  const paid = (await paymentsOf(tx, booking.id)).filter(({ authorisedAt }) => authorisedAt !== null)
  const earlier = paid.findLast(({ tender }) => tender !== 'voucher') ?? paid.at(-1)
  if (earlier?.tender === 'voucher') return await chargeVoucherAgain(tx, to, booking, earlier.id, amount)
  if (earlier?.provider !== 'test' || !testPayments) {
    const isOnline = earlier !== undefined && earlier.provider !== 'counter'
    if (!by.byHouse && isOnline) return refuse('difference_not_charged')
    if (!by.byHouse) return refuse('booking_not_payable', 'This one costs more: exchange it at the counter.')
    const tender = (isOnline ? null : earlier?.tender) ?? 'cash'
    const payment: PaymentRow = {
      ...newPayment(tx, booking, 'counter', amount, maker.userId),
      status: 'succeeded',
      tender,
      tendered: tender === 'cash' ? amount : null,
      shiftId: await openShiftFor(tx, { theatreId: to.theatreId, shiftId: earlier?.shiftId ?? null }, maker.userId),
      authorisedAt: tx.nowMs,
      capturedAt: tx.nowMs,
      captured: amount,
    }
    await insertPayment(tx, payment)
    post(tx, paymentReceived(payment))
    return null
  }
  const payment: PaymentRow = {
    ...newPayment(tx, booking, earlier.provider, amount, null),
    status: 'authorised',
    tender: earlier.tender,
    authorisedAt: tx.nowMs,
  }
  await insertPayment(tx, payment)
  post(tx, paymentReceived(payment))
  await enqueue(tx, captureWork, { paymentId: payment.id })
  return null
}

/** The voucher that paid the booking pays the difference too, when it has as much and counts there. */
async function chargeVoucherAgain(
  tx: Transaction,
  { ownerId, terms }: ShowtimeForSale,
  booking: BookingRow,
  paymentId: string,
  amount: number,
): Promise<Refusal<'voucher_not_valid'> | null> {
  const spent = must(await findSpend(tx, paymentId), 'A voucher’s payment has its entry')
  const known = must(await lockVoucher(tx, { id: spent.voucherId }), 'Vouchers are never deleted')
  const voucher = await claimVoucher(tx, known.code, { ownerId, currency: terms.currency })
  if (isRefusal(voucher)) return voucher
  if (voucher.balance < amount) return refuse('voucher_not_valid', 'The voucher does not cover the difference.')
  await chargeVoucher(tx, booking, voucher, amount, null)
  return null
}
