import type { Transaction } from '../database/database.ts'
import { announce } from '../database/events.ts'
import { enqueue } from '../database/outbox.ts'
import type { BookingRow } from '../database/tables/money.ts'
import { saleMade } from '../money-ledger/post-sale.ts'
import { post } from '../money-ledger/post.ts'
import type { Posting } from '../money-ledger/model.ts'
import { noteSeatChange, reassignClaims } from '../holds/seat-changes.ts'
import { keepUse } from '../promotions/use-promotion.ts'
import { refuse } from '../platform/refusal.ts'
import type { Refusal } from '../platform/refusal.ts'
import { changeBooking, ticketsIn } from './store.ts'
import { eventOf } from './model.ts'

/** Outbox work: the buyer's tickets by mail, and whoever listens to events. */
export const confirmedWork = 'booking.confirmed'

const nothing = { postings: [], complimentary: 0 } as const

/**
 * A pending booking is paid (or free): its seats are sold, for good. The showtime's lock is held. Refuses when its seats
 * (or its use of a promo code) are not its own any more. `paid`: what has been paid of it by now, minor units. `received`: the
 * postings of the payment that met its total, and what of that was given away, minor units.
 */
export async function confirmBooking(
  tx: Transaction,
  booking: BookingRow,
  paid: number = booking.paid,
  received: { readonly postings: readonly Posting[]; readonly complimentary: number } = nothing,
): Promise<BookingRow | Refusal<'booking_expired'>> {
  const confirmed = await changeBooking(tx, booking, 'confirmed', { paid, confirmedAt: tx.nowMs, expiresAt: null })
  const seatIds = ticketsIn(tx, booking.id).then((tickets) => tickets.flatMap(({ seatId }) => seatId ?? []))
  const sold = { kind: 'booking', ref: booking.id, expiresAt: null } as const
  const isTheirs = await reassignClaims(tx, booking.showtimeId, booking.id, sold, seatIds)
  if (!isTheirs || (booking.promoCode !== null && !(await keepUse(tx, booking.id)))) {
    return refuse('booking_expired', 'The booking was not paid in time; nothing is charged.')
  }
  await noteSeatChange(
    tx,
    booking.showtimeId,
    (await seatIds).map((id) => ({ id, status: 'booked' })),
  )
  post(tx, [...received.postings, ...saleMade(confirmed, received.complimentary)])
  await enqueue(tx, confirmedWork, { bookingId: booking.id })
  await announce(tx, 'booking.confirmed', booking.theatreId, eventOf(booking))
  return confirmed
}
