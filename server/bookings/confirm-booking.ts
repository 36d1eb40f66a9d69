import type { Transaction } from '../database/database.ts'
import { enqueue } from '../database/outbox.ts'
import type { BookingRow } from '../database/tables/money.ts'
import { noteSeatChange, reassignClaims } from '../holds/seat-changes.ts'
import { assert } from '../platform/assert.ts'
import { changeBooking, ticketsOf } from './store.ts'

/** Outbox work: the buyer's tickets by mail, and whoever listens to events. */
export const confirmedWork = 'booking.confirmed'

/** A pending booking is paid (or free): its seats are sold, for good. The showtime's lock is held. */
export async function confirmBooking(tx: Transaction, booking: BookingRow): Promise<BookingRow> {
  const confirmed = await changeBooking(tx, booking, 'confirmed', { confirmedAt: tx.nowMs, expiresAt: null })
  const claims = await reassignClaims(tx, booking.showtimeId, booking.id, {
    kind: 'booking',
    ref: booking.id,
    expiresAt: null,
  })
  assert(claims > 0, 'A booking that has not lapsed still has its seats')
  const tickets = await ticketsOf(tx.query, booking.id)
  await noteSeatChange(
    tx,
    booking.showtimeId,
    tickets.flatMap(({ seatId }) => (seatId === null ? [] : [{ id: seatId, status: 'booked' }])),
  )
  await enqueue(tx, confirmedWork, { bookingId: booking.id })
  return confirmed
}
