import type { BookingInput } from '../../contract/bookings.ts'
import { foldEmail } from '../accounts/model.ts'
import type { Transaction } from '../database/database.ts'
import { allSent } from '../database/postgres-errors.ts'
import { insertRow, insertRows, readBy, updateRow } from '../database/rows.ts'
import { lockSeatLedger } from '../database/seat-ledger.ts'
import type { HoldRow } from '../database/tables/ledger.ts'
import { announce } from '../database/events.ts'
import type { BookingRow, TicketRow } from '../database/tables/money.ts'
import type { TicketTypeRow } from '../database/tables/showtimes.ts'
import type { VoucherRow } from '../database/tables/vouchers.ts'
import { seatsOf } from '../holds/commands.ts'
import { changedSince } from '../holds/ledger.ts'
import { isLive } from '../holds/model.ts'
import type { HoldTerms } from '../holds/model.ts'
import { prepareHold } from '../holds/place-hold.ts'
import type { HoldLimits, HoldMaker } from '../holds/place-hold.ts'
import { placeHoldIn } from '../holds/place-in-transaction.ts'
import { noteSeatChange, reassignClaims } from '../holds/seat-changes.ts'
import { seatPlanOf } from '../holds/seat-plan.ts'
import type { ShowtimeForSale } from '../holds/store.ts'
import { Replay } from '../http/idempotency.ts'
import { claimVoucher } from '../payments/spend-voucher.ts'
import { assert } from '../platform/assert.ts'
import { newId, newReference } from '../platform/ids.ts'
import { isRefusal, refuse } from '../platform/refusal.ts'
import type { Refusal } from '../platform/refusal.ts'
import { claimPromotion, recordUse } from '../promotions/use-promotion.ts'
import type { PromotionClaim } from '../promotions/use-promotion.ts'
import { quoteTickets } from '../showtimes/quote.ts'
import type { Discount, Quote } from '../showtimes/quote.ts'
import { judgeTicketRules, withUsualTypes } from '../showtimes/ticket-types.ts'
import { chooseTickets, judgeTickets } from './choose-tickets.ts'
import { confirmBooking } from './confirm-booking.ts'
import { coverByVoucher } from './pay-by-voucher.ts'
import { eventOf } from './model.ts'
import { readWholeBookingIn } from './store.ts'
import type { WholeBooking } from './store.ts'

export interface Buyer extends HoldMaker {
  readonly name: string | null
  readonly email: string | null
}

export interface NewBooking {
  readonly showtime: ShowtimeForSale
  readonly input: BookingInput
  readonly buyer: Buyer
  /** When an unpaid booking lapses, milliseconds since the epoch. */
  readonly expiresAt: number
  readonly limits: HoldLimits
}

/**
 * Turns a hold into a booking that waits for its payment, or claims seats and books them in one step; the seats stay
 * claimed until `expiresAt`. A total of zero confirms at once. All of it in the caller's transaction.
 */
export async function createBooking(tx: Transaction, request: NewBooking): Promise<WholeBooking | Refusal> {
  const { showtime, input } = request
  // One behind the other: what is read is as it stands once the seats are locked.
  const [, held, types, reference] = await allSent([
    lockSeatLedger(tx, showtime.id),
    readHold(tx, input.holdId),
    readBy(tx, 'ticketTypes', 'theatreId', showtime.theatreId),
    freeReference(tx),
  ])
  const hold = await (input.holdId === undefined ? placeNewHold(tx, request) : judgeHold(tx, held, request))
  if (isRefusal(hold)) return hold
  const terms: HoldTerms = JSON.parse(hold.terms)
  const claim = await claimCode(tx, request)
  if (isRefusal(claim)) return claim
  const voucher = await claimVoucherOf(tx, request)
  if (isRefusal(voucher)) return voucher
  const quote = priceTickets(request, hold, terms, types, claim?.discount)
  if (isRefusal(quote)) return quote
  const booking = await insertBooking(tx, request, reference, hold, quote, claim)
  if (claim) await recordUse(tx, claim, booking)
  const tickets = insertTickets(tx, booking, quote, showtime)
  const lost = await bookHold(tx, hold, booking, request.expiresAt)
  if (lost) return lost
  const whole = { booking, tickets, payments: [], refunds: [] }
  if (booking.total > 0 && !voucher) return whole
  const after = await (voucher && booking.total > 0
    ? coverByVoucher(tx, booking, voucher)
    : confirmBooking(tx, booking))
  return isRefusal(after) ? after : await readWholeBookingIn(tx, after)
}

/** The promotion of the code that was sent, locked until the booking has it; null when there is none. */
async function claimCode(
  tx: Transaction,
  { showtime, input, buyer }: NewBooking,
): Promise<PromotionClaim | Refusal<'promo_not_valid' | 'promo_used_up'> | null> {
  if (input.promoCode === undefined) return null
  const email = input.customer?.email ?? buyer.email
  const account = buyer.channel === 'web' ? buyer.userId : null
  const customer = account ?? (email === null ? null : foldEmail(email))
  const place = { ownerId: showtime.ownerId, currency: showtime.terms.currency }
  return await claimPromotion(tx, input.promoCode, place, customer)
}

async function claimVoucherOf(
  tx: Transaction,
  { showtime, input }: NewBooking,
): Promise<VoucherRow | Refusal<'voucher_not_valid'> | null> {
  if (input.voucherCode === undefined) return null
  return await claimVoucher(tx, input.voucherCode, { ownerId: showtime.ownerId, currency: showtime.terms.currency })
}

/** A new hold of the seats that were named, in the same transaction. */
async function placeNewHold(
  tx: Transaction,
  { showtime, input, buyer, limits }: NewBooking,
): Promise<HoldRow | Refusal> {
  const { seats, count } = input
  const command = prepareHold(showtime, { seats, count }, buyer, limits, tx.nowMs, null)
  if (isRefusal(command)) return command
  const wanted = { seats: JSON.stringify(seats ?? []), count: seats?.length ?? count ?? 0 }
  const wrong = judgeTickets(wanted, showtime.layout, showtime.terms, input.tickets)
  if (wrong) return wrong
  const outcome = await placeHoldIn(tx, command)
  if (outcome === changedSince)
    return refuse('busy', 'The showtime is being changed. Try again.', { retryAfterSeconds: 1 })
  assert(!(outcome instanceof Replay), 'A hold inside a booking has no key of its own')
  return outcome
}

async function readHold(tx: Transaction, holdId: string | undefined): Promise<HoldRow | undefined> {
  if (holdId === undefined) return undefined
  const [hold] = await readBy(tx, 'holds', 'id', holdId)
  return hold
}

/** The hold that was named, where it can still be booked. */
async function judgeHold(
  tx: Transaction,
  hold: HoldRow | undefined,
  { showtime, input }: NewBooking,
): Promise<HoldRow | Refusal> {
  if (!hold) return refuse('not_found')
  if (hold.status === 'released') return await whyReleased(tx, hold)
  // What does not fit the hold is wrong whether or not it has lapsed meanwhile.
  const wrong = judgeTickets(hold, showtime.layout, showtime.terms, input.tickets)
  if (wrong) return wrong
  if (hold.status === 'booked') {
    return refuse('hold_already_booked', undefined, { extra: { bookingId: hold.bookingId } })
  }
  return isLive(hold, tx.nowMs) ? hold : expired()
}

/** A showtime that is cancelled takes its holds along. */
async function whyReleased(tx: Transaction, hold: HoldRow): Promise<Refusal<'not_found' | 'showtime_cancelled'>> {
  const query = tx.query.selectFrom('showtimes').select('status').where('id', '=', hold.showtimeId)
  const { status } = await query.executeTakeFirstOrThrow()
  return status === 'cancelled' ? refuse('showtime_cancelled') : refuse('not_found', 'The hold was released.')
}

function priceTickets(
  { showtime, input, buyer }: NewBooking,
  hold: HoldRow,
  terms: HoldTerms,
  types: readonly TicketTypeRow[],
  discount: Discount | undefined,
): Quote | Refusal {
  const tickets = chooseTickets(hold, showtime.layout, terms, input.tickets)
  if (isRefusal(tickets)) return tickets
  const quote = quoteTickets(terms.prices, tickets, terms, discount)
  if (isRefusal(quote)) return quote
  return judgeTicketRules(withUsualTypes(types), tickets, buyer.channel) ?? quote
}

async function insertBooking(
  tx: Transaction,
  { showtime, input, buyer, expiresAt }: NewBooking,
  reference: string,
  hold: HoldRow,
  quote: Quote,
  claim: PromotionClaim | null,
): Promise<BookingRow> {
  const email = input.customer?.email ?? buyer.email
  const booking: BookingRow = {
    id: newId('booking', tx.nowMs),
    reference,
    showtimeId: showtime.id,
    theatreId: showtime.theatreId,
    holdId: hold.id,
    userId: buyer.channel === 'web' ? buyer.userId : null,
    client: buyer.client,
    channel: buyer.channel,
    status: 'pending',
    customerName: input.customer?.name ?? buyer.name,
    customerEmail: email,
    customerEmailFolded: email === null ? null : foldEmail(email),
    customerPhone: input.customer?.phone ?? null,
    customerLocale: input.customer?.locale ?? null,
    terms: hold.terms,
    currency: showtime.terms.currency,
    subtotal: quote.subtotal,
    discount: quote.discount,
    fees: quote.fees,
    tax: quote.tax,
    taxIncluded: quote.taxIncluded,
    total: quote.total,
    paid: 0,
    refunded: 0,
    promoCode: claim?.promotion.code ?? null,
    notes: null,
    cancelReason: null,
    createdBy: buyer.userId,
    createdAt: tx.nowMs,
    updatedAt: tx.nowMs,
    expiresAt,
    confirmedAt: null,
    endedAt: null,
  }
  insertRow(tx, 'bookings', booking)
  await announce(tx, 'booking.created', booking.theatreId, eventOf(booking))
  return booking
}

async function freeReference(tx: Transaction): Promise<string> {
  for (;;) {
    const reference = newReference()
    const taken = await readBy(tx, 'bookings', 'reference', reference)
    if (taken.length === 0) return reference
  }
}

function insertTickets(tx: Transaction, booking: BookingRow, quote: Quote, showtime: ShowtimeForSale): TicketRow[] {
  const rows = rowsBySeat(showtime)
  const tickets = quote.lines.map((line): TicketRow => {
    const place = line.seat === null ? undefined : rows.get(line.seat)
    return {
      id: newId('ticket', tx.nowMs),
      bookingId: booking.id,
      showtimeId: booking.showtimeId,
      seatId: line.seat,
      rowLabel: place?.row ?? null,
      seatNumber: place?.number ?? null,
      ticketType: line.ticketType,
      category: line.category,
      priceAmount: line.price,
      discountAmount: line.discount,
      feeAmount: line.fee,
      taxAmount: line.tax,
      taxIncludedAmount: line.taxIncluded,
      status: 'valid',
      codeRevision: 1,
      checkedInAt: null,
      voidedAt: null,
    }
  })
  insertRows(tx, 'tickets', tickets)
  return tickets
}

const rowsOfLayouts = new WeakMap<object, Map<string, { row: string; number: string }>>()

/** Row and number of each seat, as printed on its ticket. */
export function rowsBySeat({
  layout,
}: Pick<ShowtimeForSale, 'layout'>): ReadonlyMap<string, { row: string; number: string }> {
  const known = rowsOfLayouts.get(layout)
  if (known) return known
  const rows = new Map<string, { row: string; number: string }>()
  if (layout.seating === 'reserved') {
    for (const { label, seats } of layout.rows) {
      for (const { number } of seats) rows.set(label + number, { row: label, number })
    }
  }
  assert(rows.size === seatPlanOf(layout).byId.size, 'Seat ids are unique in a layout')
  rowsOfLayouts.set(layout, rows)
  return rows
}

/** The hold's seats become the booking's, until it lapses. Refuses when they are the hold's no more. */
async function bookHold(
  tx: Transaction,
  hold: HoldRow,
  booking: BookingRow,
  expiresAt: number,
): Promise<Refusal<'hold_expired'> | null> {
  updateRow(tx, 'holds', hold.id, { status: 'booked', bookingId: booking.id })
  const seats = seatsOf(hold)
  const booked = { kind: 'booking', ref: booking.id, expiresAt } as const
  if (!(await reassignClaims(tx, booking.showtimeId, hold.id, booked, seats))) return expired()
  if (expiresAt < hold.expiresAt) {
    // Maps that were made before believe the seats held for longer.
    await noteSeatChange(
      tx,
      booking.showtimeId,
      seats.map((id) => ({ id, status: 'held' })),
    )
  }
  return null
}

function expired(): Refusal<'hold_expired'> {
  return refuse('hold_expired', 'The hold has expired: its seats are free for everyone again.')
}
