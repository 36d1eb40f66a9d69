import type { Transaction } from '../database/database.ts'
import { announce } from '../database/events.ts'
import type { BookingRow } from '../database/tables/money.ts'
import { dropClaims, noteSeatChange } from '../holds/seat-changes.ts'
import { endOpenPayments, paymentsOf } from '../payments/store.ts'
import { giveUseBack } from '../promotions/use-promotion.ts'
import { changeBooking, ticketsIn } from './store.ts'

/** Ends a booking as a whole: its tickets are void, its seats free, its open payments ended. The showtime's lock is held. */
export async function endBooking(
  tx: Transaction,
  booking: BookingRow,
  status: 'expired' | 'cancelled',
  reason: string | null = null,
): Promise<BookingRow> {
  const ended = await changeBooking(tx, booking, status, { endedAt: tx.nowMs, expiresAt: null, cancelReason: reason })
  const tickets = await ticketsIn(tx, booking.id)
  await tx.query
    .updateTable('tickets')
    .set({ status: 'void', voidedAt: tx.nowMs, checkedInAt: null })
    .where('bookingId', '=', booking.id)
    .where('status', '<>', 'void')
    .execute()
  const freed = new Set(await dropClaims(tx, booking.showtimeId, booking.id))
  await noteSeatChange(
    tx,
    booking.showtimeId,
    tickets.flatMap(({ seatId }) =>
      seatId !== null && freed.has(seatId) ? [{ id: seatId, status: 'available' }] : [],
    ),
  )
  if (booking.promoCode !== null) await giveUseBack(tx, booking.id)
  await endOpenPayments(tx, await paymentsOf(tx, booking.id))
  const { id: bookingId, reference, showtimeId, theatreId } = booking
  await announce(tx, `booking.${status}`, theatreId, { bookingId, reference, showtimeId, reason })
  return ended
}
