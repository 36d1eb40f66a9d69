import type { Booking, Ticket } from '../../contract/bookings.ts'
import type { TicketRow } from '../database/tables/money.ts'
import { presentPayment } from '../payments/present.ts'
import type { Secrets } from '../platform/secrets.ts'
import { formatInstant, formatInstantOrNull } from '../platform/time.ts'
import { statusAt, ticketTotal } from './model.ts'
import { bookingToken } from './policy.ts'
import type { WholeBooking } from './store.ts'

export interface BookingPresenter {
  /** The signed code of a ticket; a booking's tickets get theirs once it is confirmed. Null: none is given out. */
  readonly ticketCode: ((ticket: TicketRow) => string) | null
  /** Whether the house gives out passes for wallets. */
  readonly hasWallet: boolean
}

/**
 * A booking as its owner sees it, but for its tokens (`withTokens`), which no kept answer may hold; `forHouse` adds what
 * is for the house alone.
 */
export function presentBooking(
  presenter: BookingPresenter,
  whole: WholeBooking,
  nowMs: number,
  forHouse: boolean,
): Booking {
  const { booking, tickets, payments, refunds } = whole
  const money = (amount: number) => ({ amount, currency: booking.currency })
  const status = statusAt(booking, nowMs)
  const atCounter = new Set(payments.filter(({ provider }) => provider === 'counter').map(({ id }) => id))
  const due = refunds
    .filter((refund) => refund.status === 'pending' && atCounter.has(refund.paymentId))
    .reduce((sum, { amount }) => sum + amount, 0)
  return {
    id: booking.id,
    reference: booking.reference,
    status,
    expiresAt: status === 'pending' ? formatInstantOrNull(booking.expiresAt) : null,
    showtimeId: booking.showtimeId,
    theatreId: booking.theatreId,
    userId: booking.userId,
    customer: {
      name: booking.customerName,
      email: booking.customerEmail,
      phone: booking.customerPhone,
      locale: booking.customerLocale,
    },
    channel: booking.channel,
    tickets: tickets.map((ticket) => presentTicket(presenter, ticket, booking.currency, status === 'confirmed')),
    subtotal: money(booking.subtotal),
    discount: money(booking.discount),
    fees: money(booking.fees),
    tax: money(booking.tax),
    taxIncluded: money(booking.taxIncluded),
    total: money(booking.total),
    paid: money(booking.paid),
    refunded: money(booking.refunded),
    ...(due > 0 && { dueAtCounter: money(due) }),
    ...(booking.promoCode !== null && { promoCode: booking.promoCode }),
    ...(forHouse && booking.notes !== null && { notes: booking.notes }),
    ...(presenter.hasWallet && status === 'confirmed' && { walletUrl: `/api/v1/bookings/${booking.id}/wallet.pkpass` }),
    accessToken: '',
    payments: payments.map((payment) => presentPayment(payment, refunds, booking.confirmedAt !== null)),
    createdAt: formatInstant(booking.createdAt),
    confirmedAt: formatInstantOrNull(booking.confirmedAt),
    cancelledAt: status === 'cancelled' ? formatInstantOrNull(booking.endedAt) : null,
  }
}

/** Adds what is derived from `SECRET`: the access token, also in the addresses of the QR codes. */
export function withTokens(secrets: Secrets, booking: Booking): Booking {
  const accessToken = bookingToken(secrets, booking.id)
  return {
    ...booking,
    accessToken,
    ...(booking.walletUrl !== undefined && { walletUrl: `${booking.walletUrl}?accessToken=${accessToken}` }),
    tickets: booking.tickets.map((ticket) =>
      ticket.qrUrl === undefined ? ticket : { ...ticket, qrUrl: `${ticket.qrUrl}?accessToken=${accessToken}` },
    ),
  }
}

function presentTicket(presenter: BookingPresenter, ticket: TicketRow, currency: string, confirmed: boolean): Ticket {
  return {
    id: ticket.id,
    seat: ticket.seatId,
    ticketType: ticket.ticketType,
    category: ticket.category,
    price: { amount: ticket.priceAmount, currency },
    tax: { amount: ticket.taxAmount, currency },
    taxIncluded: { amount: ticket.taxIncludedAmount, currency },
    total: { amount: ticketTotal(ticket), currency },
    status: ticket.status,
    ...(presenter.ticketCode !== null &&
      confirmed &&
      ticket.status !== 'void' && {
        code: presenter.ticketCode(ticket),
        qrUrl: `/api/v1/tickets/${ticket.id}/qr.svg`,
      }),
  }
}
