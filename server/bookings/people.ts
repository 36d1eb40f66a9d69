import type { AccountDependent } from '../accounts/parts.ts'
import type { Transaction } from '../database/database.ts'
import { formatInstant } from '../platform/time.ts'
import { readWholeBookings } from './store.ts'

/** What the box office keeps about people: what they booked, and how they could be reached. */
export const bookingsAboutPeople: AccountDependent = {
  name: 'bookings',
  async collect(query, { userId }) {
    const rows = await query.selectFrom('bookings').selectAll().where('userId', '=', userId).orderBy('id').execute()
    return (await readWholeBookings(query, rows)).map(({ booking, tickets, payments, refunds }) => ({
      id: booking.id,
      reference: booking.reference,
      showtimeId: booking.showtimeId,
      status: booking.status,
      customer: {
        name: booking.customerName,
        email: booking.customerEmail,
        phone: booking.customerPhone,
        locale: booking.customerLocale,
      },
      tickets: tickets.map(({ id, seatId, ticketType }) => ({ id, seat: seatId, ticketType })),
      total: { amount: booking.total, currency: booking.currency },
      payments: payments.map(({ id, provider, status, amount }) => ({ id, provider, status, amount })),
      refunds: refunds.map(({ id, amount, status }) => ({ id, amount, status })),
      createdAt: formatInstant(booking.createdAt),
    }))
  },
  async erase(tx, { userId }) {
    // Money, seats and the id of nobody in particular stay: the ledger adds up as before.
    await tx.query
      .updateTable('bookings')
      .set({
        customerName: null,
        customerEmail: null,
        customerEmailFolded: null,
        customerPhone: null,
        customerLocale: null,
        notes: null,
      })
      .where('userId', '=', userId)
      .execute()
    await countUsesAs(tx, userId)
  },
  async emailVerified(tx, { userId, emailFolded }) {
    await tx.query
      .updateTable('bookings')
      .set({ userId })
      .where('userId', 'is', null)
      .where('customerEmailFolded', '=', emailFolded)
      .execute()
    await countUsesAs(tx, userId)
  },
}

/** Promo codes that a person's bookings used count for the account, and no longer for the email. */
async function countUsesAs({ query }: Transaction, userId: string): Promise<void> {
  const bookings = query.selectFrom('bookings').select('id').where('userId', '=', userId)
  await query.updateTable('promotionUses').set({ customer: userId }).where('bookingId', 'in', bookings).execute()
}
