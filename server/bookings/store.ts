import type { Kysely } from 'kysely'
import type { Transaction } from '../database/database.ts'
import type { ListRead } from '../database/lists.ts'
import { allSent } from '../database/postgres-errors.ts'
import { readBy, readList, updateRow } from '../database/rows.ts'
import { lockLedgerOfBooking } from '../database/seat-ledger.ts'
import type { Tables } from '../database/tables/index.ts'
import type { BookingRow, PaymentRow, RefundRow, TicketRow } from '../database/tables/money.ts'
import { paymentsOf } from '../payments/store.ts'
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

/** Locks the seats of a booking's showtime, then reads the booking as it is now; null when there is none. */
export async function lockBooking(tx: Transaction, id: string): Promise<BookingRow | null> {
  const [booking] = await lockBookingAnd(tx, id, async () => null)
  return booking
}

/** The same, with what else is read behind the lock: on PostgreSQL in the same round trip. */
export async function lockBookingAnd<Also>(
  tx: Transaction,
  id: string,
  also: () => Promise<Also>,
): Promise<readonly [BookingRow | null, Also]> {
  // On SQLite the transaction itself is the lock.
  if (tx.raw.engine === 'sqlite') return await allSent([findBookingIn(tx, id), also()])
  for (;;) {
    const [locked, booking, read] = await allSent([lockLedgerOfBooking(tx, id), findBookingIn(tx, id), also()])
    // An exchange moved it to another showtime while we waited: take that one's lock too, and look again.
    if (!booking || booking.showtimeId === locked) return [booking, read]
  }
}

/** A booking as a transaction sees it. */
export async function findBookingIn(tx: Transaction, id: string): Promise<BookingRow | null> {
  const [booking] = await readBy(tx, 'bookings', 'id', id)
  return booking ?? null
}

/** The tickets of a booking in a transaction, in the order of their ids. */
export async function ticketsIn(tx: Transaction, bookingId: string): Promise<TicketRow[]> {
  return await readBy(tx, 'tickets', 'bookingId', bookingId)
}

/**
 * The same, for who is going to change them: nobody is let in at the door from here on, until this transaction has ended. On
 * SQLite the transaction itself is the lock.
 */
export async function lockTickets(tx: Transaction, bookingId: string): Promise<TicketRow[]> {
  return await readList<TicketRow>(tx, ticketsToChange, [bookingId])
}

const ticketsToChange: ListRead = {
  sqlite: 'SELECT * FROM tickets WHERE booking_id = ? ORDER BY id',
  postgres: 'SELECT * FROM tickets WHERE booking_id = ANY($1::text[]) ORDER BY id FOR UPDATE',
  by: ['booking_id'],
}

export async function readWholeBooking(query: Kysely<Tables>, booking: BookingRow): Promise<WholeBooking> {
  const [whole] = await readWholeBookings(query, [booking])
  assert(whole, 'There is one for each')
  return whole
}

/** The same inside a transaction. */
export async function readWholeBookingIn(tx: Transaction, booking: BookingRow): Promise<WholeBooking> {
  const [tickets, payments, refunds] = await allSent([
    ticketsIn(tx, booking.id),
    paymentsOf(tx, booking.id),
    readBy(tx, 'refunds', 'bookingId', booking.id),
  ])
  return { booking, tickets, payments, refunds }
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
  updateRow(tx, 'bookings', booking.id, all)
  return { ...booking, ...all }
}
