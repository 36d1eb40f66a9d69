import type { Transaction } from '../database/database.ts'
import { enqueue } from '../database/outbox.ts'
import type { BookingRow, RefundRow, TicketRow } from '../database/tables/money.ts'
import { beingChanged } from '../holds/block-seats.ts'
import { dropClaims, noteSeatChange } from '../holds/seat-changes.ts'
import { postSaleChange } from '../money-ledger/post-sale.ts'
import { refundAcross } from '../payments/store.ts'
import type { Giving } from '../payments/store.ts'
import { isRefusal, refuse, refuseField } from '../platform/refusal.ts'
import type { Refusal } from '../platform/refusal.ts'
import type { Settings } from '../venues/settings.ts'
import { endBooking } from './end-booking.ts'
import { shareOf, statusAt, ticketTotal } from './model.ts'
import { judgeStaffLimit, readRefundTerms } from './refund-terms.ts'
import type { Refunder } from './refund-terms.ts'
import { lockBooking, lockTickets } from './store.ts'

/** Outbox work: tell the customer what was cancelled and what is given back. */
export const cancelledWork = 'booking.cancelled'

export interface Cancellation {
  readonly bookingId: string
  /** Tickets to cancel; null is all of them. */
  readonly ticketIds: readonly string[] | null
  readonly reason: string | null
  readonly settings: Settings
  readonly showtime: { readonly id: string; readonly startsAt: number; readonly rescheduledAt: number | null }
  readonly by: Refunder
  readonly userId: string | null
}

export type CancelRefusal = Refusal<
  | 'not_found'
  | 'forbidden'
  | 'busy'
  | 'validation_failed'
  | 'already_cancelled'
  | 'booking_expired'
  | 'ticket_used'
  | 'too_late_to_cancel'
>

/**
 * Cancels a booking or some of its tickets: seats are free at once, money goes back as the theatre's settings say. A
 * customer may until `refundUntilMinutes` before the start; an unpaid booking can be given up at any time.
 */
export async function cancelBooking(tx: Transaction, request: Cancellation): Promise<BookingRow | CancelRefusal> {
  const booking = await lockBooking(tx, request.bookingId)
  if (!booking) return refuse('not_found')
  // An exchange since the showtime was looked up: it is another's terms that count now.
  if (booking.showtimeId !== request.showtime.id) return beingChanged()
  const tickets = await lockTickets(tx, booking.id)
  if (!chooseTickets(tickets, request.ticketIds)) return refuseField('/tickets', 'must be tickets of this booking')
  const status = statusAt(booking, tx.nowMs)
  if (status === 'cancelled') return refuse('already_cancelled')
  if (status === 'expired') return refuse('booking_expired', 'The booking had lapsed: there is nothing to cancel.')
  const live = tickets.filter((ticket) => ticket.status !== 'void')
  const chosen = chooseTickets(live, request.ticketIds)
  if (!chosen) return refuseField('/tickets', 'must not be cancelled yet')
  if (status === 'pending' && chosen.length < live.length) {
    return refuseField('/tickets', 'can be cancelled one by one only once the booking is paid')
  }
  if (chosen.some((ticket) => ticket.status === 'used')) return refuse('ticket_used')
  const all = chosen.length === live.length
  const refunds = await (status === 'pending'
    ? giveAllBack(tx, booking, request)
    : giveBack(tx, booking, chosen, request))
  if (isRefusal(refunds)) return refunds
  if (all) await endBooking(tx, booking, 'cancelled', request.reason)
  else await voidTickets(tx, booking, chosen)
  await postSaleChange(tx, booking.id)
  if (status === 'confirmed') {
    await enqueue(tx, cancelledWork, {
      bookingId: booking.id,
      ticketIds: chosen.map(({ id }) => id),
      refundIds: refunds.map(({ id }) => id),
    })
  }
  return booking
}

/** Of a booking that was never paid in full everything goes back. */
async function giveAllBack(tx: Transaction, booking: BookingRow, request: Cancellation): Promise<RefundRow[]> {
  return await refundAcross(tx, booking.id, booking.paid - booking.refunded, givingOf(request))
}

async function giveBack(
  tx: Transaction,
  booking: BookingRow,
  tickets: readonly TicketRow[],
  request: Cancellation,
): Promise<RefundRow[] | Refusal<'too_late_to_cancel' | 'forbidden'>> {
  const { showtime, settings, by } = request
  const terms = await readRefundTerms(tx, booking, showtime, settings, by)
  if (terms.isLate && !by.byHouse) return refuse('too_late_to_cancel')
  const price = tickets.reduce((sum, ticket) => sum + ticketTotal(ticket), 0)
  // What was kept back when other tickets were cancelled is not given back with these.
  const due = Math.min(booking.paid - booking.refunded, price)
  const refused = judgeStaffLimit(by, terms, booking, due)
  return refused ?? (await refundAcross(tx, booking.id, shareOf(due, terms.share), givingOf(request)))
}

/** What the house cancels it hands over at once; of what is cancelled from home, the counter's money waits there. */
function givingOf({ reason, userId, by }: Cancellation): Giving {
  return { reason, userId, isAtCounter: by.byHouse }
}

function chooseTickets(live: readonly TicketRow[], ticketIds: readonly string[] | null): readonly TicketRow[] | null {
  if (ticketIds === null) return live
  const chosen = live.filter(({ id }) => ticketIds.includes(id))
  return chosen.length === ticketIds.length ? chosen : null
}

/** Ends some tickets of a booking that goes on: their seats are free at once. */
async function voidTickets(tx: Transaction, booking: BookingRow, tickets: readonly TicketRow[]): Promise<void> {
  await tx.query
    .updateTable('tickets')
    .set({ status: 'void', voidedAt: tx.nowMs })
    .where(
      'id',
      'in',
      tickets.map(({ id }) => id),
    )
    .execute()
  const seats = tickets.flatMap(({ seatId }) => seatId ?? [])
  if (seats.length > 0) await dropClaims(tx, booking.showtimeId, booking.id, seats)
  else await givePlacesBack(tx, booking, tickets.length)
  await noteSeatChange(
    tx,
    booking.showtimeId,
    seats.map((id) => ({ id, status: 'available' })),
  )
  await tx.query.updateTable('bookings').set({ updatedAt: tx.nowMs }).where('id', '=', booking.id).execute()
}

/** In general admission one claim counts all the places of a booking. */
async function givePlacesBack(tx: Transaction, booking: BookingRow, places: number): Promise<void> {
  await tx.query
    .updateTable('seatClaims')
    .set((set) => ({ places: set('places', '-', places) }))
    .where('showtimeId', '=', booking.showtimeId)
    .where('ref', '=', booking.id)
    .execute()
}
