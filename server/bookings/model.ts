import type { BookingRow, TicketRow } from '../database/tables/money.ts'
import type { Settings } from '../venues/settings.ts'

export type BookingStatus = BookingRow['status']

/** The life of a booking. Nothing else: an expired one is never revived. Source: API.md, Bookings. */
export const bookingTransitions: Readonly<Record<BookingStatus, readonly BookingStatus[]>> = {
  pending: ['confirmed', 'expired', 'cancelled'],
  confirmed: ['cancelled'],
  expired: [],
  cancelled: [],
}

/** How a booking stands at this moment: a pending one is expired from the very millisecond that `expiresAt` names. */
export function statusAt(booking: Pick<BookingRow, 'status' | 'expiresAt'>, nowMs: number): BookingStatus {
  const lapsed = booking.status === 'pending' && booking.expiresAt !== null && booking.expiresAt <= nowMs
  return lapsed ? 'expired' : booking.status
}

/** What is still to be paid, minor units: what was given back meanwhile is due again. */
export function outstanding({ total, paid, refunded }: Pick<BookingRow, 'total' | 'paid' | 'refunded'>): number {
  return total - paid + refunded
}

/** What one ticket costs its buyer, minor units. */
export function ticketTotal(
  ticket: Pick<TicketRow, 'priceAmount' | 'discountAmount' | 'feeAmount' | 'taxAmount'>,
): number {
  return ticket.priceAmount - ticket.discountAmount + ticket.feeAmount + ticket.taxAmount
}

/** Until when a customer may cancel, milliseconds since the epoch; where the house moved the showtime, until its start. */
export function cancelUntil(
  showtime: { readonly startsAt: number },
  { refundUntilMinutes }: Pick<Settings, 'refundUntilMinutes'>,
  wasMoved: boolean,
): number {
  return wasMoved ? showtime.startsAt : showtime.startsAt - refundUntilMinutes * 60_000
}

/** The share of the price that is given back, per cent: all of it where the house moved the showtime. */
export function refundShare({ refundSharePercent }: Pick<Settings, 'refundSharePercent'>, wasMoved: boolean): number {
  return wasMoved ? 100 : refundSharePercent
}

/** A share of an amount, minor units, half up. */
export function shareOf(amount: number, percent: number): number {
  return Math.floor((amount * percent * 2 + 100) / 200)
}

/** What other systems are told of a booking: nothing of persons. */
export function eventOf({ id, reference, showtimeId, channel, total, currency }: BookingRow) {
  return { bookingId: id, reference, showtimeId, channel, total: { amount: total, currency } }
}
