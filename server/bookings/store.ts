import type { Kysely } from 'kysely'
import { lockSeatLedger } from '../database/seat-ledger.ts'
import type { Transaction } from '../database/database.ts'
import type { Tables } from '../database/tables/index.ts'
import type { BookingRow, PaymentRow, RefundRow, TicketRow } from '../database/tables/money.ts'
import { assert } from '../platform/assert.ts'
import { bookingTransitions } from './model.ts'
import type { BookingStatus } from './model.ts'

/** A booking with all that belongs to it. */
export interface WholeBooking {
  readonly booking: BookingRow
  readonly tickets: readonly TicketRow[]
  readonly payments: readonly PaymentRow[]
  readonly refunds: readonly RefundRow[]
}

export async function findBooking(query: Kysely<Tables>, id: string): Promise<BookingRow | null> {
  return (await query.selectFrom('bookings').selectAll().where('id', '=', id).executeTakeFirst()) ?? null
}

/** Locks the seats of a booking's showtime, then reads the booking as it is now; null when there is none. */
export async function lockBooking(tx: Transaction, id: string): Promise<BookingRow | null> {
  let known = await findBooking(tx.query, id)
  while (known) {
    await lockSeatLedger(tx, known.showtimeId)
    const booking = await findBooking(tx.query, id)
    // An exchange moved it to another showtime while we waited: take that one's lock too, and look again.
    if (booking?.showtimeId === known.showtimeId) return booking
    known = booking
  }
  return null
}

export async function ticketsOf(query: Kysely<Tables>, bookingId: string): Promise<TicketRow[]> {
  return await query.selectFrom('tickets').selectAll().where('bookingId', '=', bookingId).orderBy('id').execute()
}

export async function readWholeBooking(query: Kysely<Tables>, booking: BookingRow): Promise<WholeBooking> {
  const [whole] = await readWholeBookings(query, [booking])
  assert(whole, 'There is one for each')
  return whole
}

/** Reads what belongs to several bookings, in a statement per table. */
export async function readWholeBookings(
  query: Kysely<Tables>,
  bookings: readonly BookingRow[],
): Promise<WholeBooking[]> {
  if (bookings.length === 0) return []
  const ids = bookings.map(({ id }) => id)
  const tickets = await query.selectFrom('tickets').selectAll().where('bookingId', 'in', ids).orderBy('id').execute()
  const payments = await query.selectFrom('payments').selectAll().where('bookingId', 'in', ids).orderBy('id').execute()
  const refunds = await query.selectFrom('refunds').selectAll().where('bookingId', 'in', ids).orderBy('id').execute()
  return bookings.map((booking) => ({
    booking,
    tickets: tickets.filter(({ bookingId }) => bookingId === booking.id),
    payments: payments.filter(({ bookingId }) => bookingId === booking.id),
    refunds: refunds.filter(({ bookingId }) => bookingId === booking.id),
  }))
}

/** Moves a booking on, by its table of transitions alone. */
export async function changeBooking(
  tx: Transaction,
  booking: BookingRow,
  status: BookingStatus,
  change: Partial<BookingRow> = {},
): Promise<BookingRow> {
  assert(bookingTransitions[booking.status].includes(status), `A ${booking.status} booking cannot become ${status}`)
  const all = { ...change, status, updatedAt: tx.nowMs }
  await tx.query.updateTable('bookings').set(all).where('id', '=', booking.id).execute()
  return { ...booking, ...all }
}
