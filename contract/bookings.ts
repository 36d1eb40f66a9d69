import type { Static } from 'typebox'
import { Type } from 'typebox'
import { Day, Id, IdParams, Instant, Money, line, nullable, pageOf, pageQuery } from './common.ts'
import { SeatId } from './holds.ts'
import { closed, operation } from './operation.ts'
import { Payment } from './payments.ts'
import { TicketTypeKey } from './prices.ts'

export const bookingStatuses = ['pending', 'confirmed', 'expired', 'cancelled'] as const
export const ticketStatuses = ['valid', 'used', 'void'] as const

export const Ticket = closed({
  id: Id,
  seat: nullable(SeatId),
  ticketType: Type.String(),
  category: Type.String(),
  price: Money,
  tax: Money,
  taxIncluded: Money,
  total: closed(
    Money.properties,
    'What it comes to: price less discount, and fee and tax: this much is given back for it',
  ),
  status: Type.Enum(ticketStatuses),
  code: Type.Optional(Type.String({ description: 'Signed (Ed25519); there once the booking is confirmed' })),
  qrUrl: Type.Optional(Type.String()),
})
export type Ticket = Static<typeof Ticket>

/** As people type it: an address with one `@` and a dot behind it; sent to before it is believed. */
export const Email = Type.String({ format: 'email', maxLength: 254, examples: ['ada@example.com'] })

const CustomerInput = closed({
  name: Type.Optional(line(200)),
  email: Type.Optional(Email),
  phone: Type.Optional(line(40)),
  locale: Type.Optional(Type.String({ pattern: '^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$', maxLength: 35 })),
})
export type CustomerInput = Static<typeof CustomerInput>
const Customer = closed({
  name: nullable(Type.String()),
  email: nullable(Type.String()),
  phone: nullable(Type.String()),
  locale: nullable(Type.String()),
})

export const Booking = closed({
  id: Id,
  reference: Type.String({ examples: ['K7QF3M'] }),
  status: Type.Enum(bookingStatuses),
  expiresAt: nullable(Instant),
  showtimeId: Id,
  theatreId: Id,
  userId: nullable(Id),
  customer: Customer,
  channel: Type.Enum(['web', 'counter']),
  tickets: Type.Array(Ticket),
  subtotal: Money,
  discount: Money,
  fees: Money,
  tax: Money,
  taxIncluded: Money,
  total: Money,
  paid: Money,
  refunded: Money,
  dueAtCounter: Type.Optional(
    closed(Money.properties, 'What of `refunded` waits at the counter for its buyer; there only while some does'),
  ),
  promoCode: Type.Optional(Type.String()),
  notes: Type.Optional(Type.String({ description: 'For the house alone' })),
  walletUrl: Type.Optional(Type.String({ description: 'The tickets for a wallet, where the house gives them out' })),
  accessToken: Type.String(),
  payments: Type.Array(Payment),
  createdAt: Instant,
  confirmedAt: nullable(Instant),
  cancelledAt: nullable(Instant),
})
export type Booking = Static<typeof Booking>

const TicketInput = closed({ seat: Type.Optional(nullable(SeatId)), ticketType: TicketTypeKey })

/** Either `holdId`, or `showtimeId` with `seats` or `count` in one step. */
export const BookingInput = closed({
  holdId: Type.Optional(Id),
  showtimeId: Type.Optional(Id),
  seats: Type.Optional(Type.Array(SeatId, { minItems: 1, maxItems: 200 })),
  count: Type.Optional(Type.Integer({ minimum: 1, maximum: 200 })),
  tickets: Type.Optional(Type.Array(TicketInput, { minItems: 1, maxItems: 200 })),
  customer: Type.Optional(CustomerInput),
  promoCode: Type.Optional(Type.String({ minLength: 1, maxLength: 40 })),
  voucherCode: Type.Optional(Type.String({ minLength: 1, maxLength: 40 })),
  payBy: Type.Optional(Type.String({ minLength: 1, maxLength: 40, description: 'For groups; staff alone' })),
})
export type BookingInput = Static<typeof BookingInput>

const tag = 'Bookings'
const Reason = line(500)
const DryRun = Type.Optional(
  Type.Boolean({ description: 'Changes nothing: answers the booking as it would be, its tickets without codes' }),
)

export const createBooking = operation({
  id: 'createBooking',
  method: 'POST',
  path: '/bookings',
  tag,
  summary: 'Turn a hold into a booking to be paid, or book in one step',
  access: 'anyone',
  body: BookingInput,
  answer: { status: 201, schema: Booking },
  refusals: [
    'admission_required',
    'unknown_seats',
    'companion_needs_wheelchair',
    'leaves_single_gap',
    'promo_not_valid',
    'promo_used_up',
    'sales_closed',
    'seats_unavailable',
    'showtime_cancelled',
    'sold_out',
    'splits_sofa',
    'ticket_type_not_sold',
    'ticket_type_rule',
    'voucher_not_valid',
    'hold_already_booked',
    'hold_expired',
    'pow_required',
    'too_many_holds',
  ],
})
export const listBookings = operation({
  id: 'listBookings',
  method: 'GET',
  path: '/bookings',
  tag,
  summary: 'My bookings; for the house, those of a theatre',
  access: 'account',
  query: closed({
    status: Type.Optional(Type.Enum(bookingStatuses)),
    upcoming: Type.Optional(Type.Boolean()),
    theatreId: Type.Optional(Id),
    q: Type.Optional(line(200)),
    ...pageQuery,
  }),
  answer: { status: 200, schema: pageOf(Booking) },
})
export const listUserBookings = operation({
  id: 'listUserBookings',
  method: 'GET',
  path: '/users/{id}/bookings',
  tag,
  summary: 'The bookings of one account; for itself or an admin',
  access: 'account',
  params: IdParams,
  query: closed({
    status: Type.Optional(Type.Enum(bookingStatuses)),
    upcoming: Type.Optional(Type.Boolean()),
    ...pageQuery,
  }),
  answer: { status: 200, schema: pageOf(Booking) },
})
export const readBooking = operation({
  id: 'readBooking',
  method: 'GET',
  path: '/bookings/{id}',
  tag,
  summary: 'A booking, for whoever owns it or has its access token',
  access: 'anyone',
  params: IdParams,
  answer: { status: 200, schema: Booking },
})
export const lookUpBooking = operation({
  id: 'lookUpBooking',
  method: 'POST',
  path: '/bookings/lookup',
  tag,
  summary: 'Find a booking again by its reference and email',
  access: 'anyone',
  body: closed({ reference: line(20), email: Email }),
  answer: { status: 200, schema: Booking },
})
export const cancelBooking = operation({
  id: 'cancelBooking',
  method: 'POST',
  path: '/bookings/{id}/cancel',
  tag,
  summary: 'Cancel a booking or some of its tickets; the theatre’s settings say what is refunded',
  access: 'anyone',
  params: IdParams,
  body: closed({
    tickets: Type.Optional(Type.Array(Id, { minItems: 1, maxItems: 200, uniqueItems: true })),
    reason: Type.Optional(Reason),
    dryRun: DryRun,
  }),
  answer: { status: 200, schema: Booking },
  refusals: ['too_late_to_cancel', 'already_cancelled', 'ticket_used', 'booking_expired'],
})
export const patchBooking = operation({
  id: 'patchBooking',
  method: 'PATCH',
  path: '/bookings/{id}',
  tag,
  summary: 'Correct the customer or add a note; the tickets are mailed again',
  access: ['staff', 'owner', 'admin'],
  params: IdParams,
  body: closed({
    customer: Type.Optional(CustomerInput),
    notes: Type.Optional(nullable(Type.String({ maxLength: 2000 }))),
  }),
  answer: { status: 200, schema: Booking },
})
export const resendBooking = operation({
  id: 'resendBooking',
  method: 'POST',
  path: '/bookings/{id}/resend',
  tag,
  summary: 'Mail the tickets again, five times an hour',
  access: 'anyone',
  params: IdParams,
  answer: { status: 202, schema: closed({ status: Type.Literal('accepted') }) },
  refusals: ['booking_cancelled', 'booking_expired', 'rate_limited'],
})
export const exchangeBooking = operation({
  id: 'exchangeBooking',
  method: 'POST',
  path: '/bookings/{id}/exchange',
  tag,
  summary: 'Move a booking to another showtime of the same film, in one step',
  access: 'anyone',
  params: IdParams,
  body: closed({
    showtimeId: Id,
    seats: Type.Optional(Type.Array(SeatId, { minItems: 1, maxItems: 200 })),
    dryRun: DryRun,
  }),
  answer: { status: 200, schema: Booking },
  refusals: [
    'admission_required',
    'unknown_seats',
    'too_late_to_cancel',
    'already_cancelled',
    'ticket_used',
    'seats_unavailable',
    'sold_out',
    'sales_closed',
    'showtime_cancelled',
    'ticket_type_not_sold',
    'booking_not_payable',
    'voucher_not_valid',
    'difference_not_charged',
  ],
})
export const changeSeats = operation({
  id: 'changeSeats',
  method: 'POST',
  path: '/bookings/{id}/change-seats',
  tag,
  summary: 'Seat people elsewhere; the codes of the tickets that move are revoked',
  access: ['staff', 'owner', 'admin'],
  params: IdParams,
  body: closed({
    moves: Type.Array(closed({ from: SeatId, to: SeatId }), { minItems: 1, maxItems: 200 }),
  }),
  answer: { status: 200, schema: Booking },
  refusals: ['unknown_seats', 'seats_unavailable', 'already_cancelled', 'booking_expired', 'ticket_used'],
})

/** Filters of the house's own list of bookings. */
export const bookingFilters = {
  showtimeId: Type.Optional(Id),
  theatreId: Type.Optional(Id),
  userId: Type.Optional(Id),
  status: Type.Optional(Type.Enum(bookingStatuses)),
  from: Type.Optional(Day),
  to: Type.Optional(Day),
  q: Type.Optional(line(200)),
  ...pageQuery,
}

export const bookingOperations = {
  createBooking,
  listBookings,
  listUserBookings,
  readBooking,
  lookUpBooking,
  cancelBooking,
  patchBooking,
  resendBooking,
  exchangeBooking,
  changeSeats,
} as const
