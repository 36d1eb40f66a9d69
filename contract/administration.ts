import type { Static } from 'typebox'
import { Type } from 'typebox'
import { Booking, bookingStatuses } from './bookings.ts'
import { Id, IdParams, Instant, line, nullable, pageOf, pageQuery } from './common.ts'
import { closed, operation, roles } from './operation.ts'
import { Payment, paymentStatuses, providers, tenders } from './payments.ts'

const tag = 'Administration'
/** Owners see what belongs to their theatres, administrators everything. */
export const managers = ['owner', 'admin'] as const

/** A day (`2026-12-24`, the theatre's business day where the theatre is named, else of UTC) or an instant. */
const When = Type.String({ minLength: 1, maxLength: 40, examples: ['2026-12-24', '2026-12-24T19:30:00Z'] })
/** From when on, and until when: a day is meant with all its hours, an instant is not itself meant. */
const period = { from: Type.Optional(When), to: Type.Optional(When) }

const StoryHold = closed({
  id: Id,
  status: Type.Enum(['live', 'released', 'booked']),
  seats: Type.Array(Type.String()),
  count: Type.Integer(),
  channel: Type.Enum(['web', 'counter']),
  createdAt: Instant,
  expiresAt: Instant,
})
const StoryMail = closed({
  id: Type.String({ description: 'One for each thing to be done: it may name the booking, its refund and the time' }),
  kind: Type.String({ examples: ['booking.confirmed'] }),
  createdAt: Instant,
  doneAt: nullable(Instant),
  attempts: Type.Integer(),
  lastError: nullable(Type.String()),
})
const StoryScan = closed({
  id: Id,
  ticketId: Id,
  outcome: Type.String({ description: '`admitted`, or why not' }),
  at: Instant,
  by: Id,
  undoneAt: nullable(Instant),
  undoneBy: nullable(Id),
})

/** A booking with all that happened to it, oldest first. */
export const BookingStory = closed({
  ...Booking.properties,
  createdBy: nullable(Id),
  cancelReason: nullable(Type.String()),
  holds: Type.Array(StoryHold),
  mails: Type.Array(StoryMail, { description: 'What was to be done after a commit: mails, captures, refunds' }),
  scans: Type.Array(StoryScan),
})
export type BookingStory = Static<typeof BookingStory>

/** A payment as the house sees it. */
export const AdminPayment = closed({
  ...Payment.properties,
  theatreId: Id,
  bookingReference: Type.String(),
  showtimeId: Id,
  createdBy: nullable(Id),
})
export type AdminPayment = Static<typeof AdminPayment>

export const listAllBookings = operation({
  id: 'listAllBookings',
  method: 'GET',
  path: '/admin/bookings',
  tag,
  summary: 'Bookings, the newest first; for owners, those of their theatres',
  access: managers,
  query: closed({
    showtimeId: Type.Optional(Id),
    theatreId: Type.Optional(Id),
    userId: Type.Optional(Id),
    status: Type.Optional(Type.Enum(bookingStatuses)),
    ...period,
    q: Type.Optional(line(200)),
    ...pageQuery,
  }),
  answer: { status: 200, schema: pageOf(Booking) },
})
export const readBookingStory = operation({
  id: 'readBookingStory',
  method: 'GET',
  path: '/admin/bookings/{id}',
  tag,
  summary: 'The whole story of a booking: hold, payments, refunds, mails, scans',
  access: managers,
  params: IdParams,
  answer: { status: 200, schema: BookingStory },
})
export const listAllPayments = operation({
  id: 'listAllPayments',
  method: 'GET',
  path: '/admin/payments',
  tag,
  summary: 'Payments, the newest first; for owners, those of their theatres',
  access: managers,
  query: closed({
    theatreId: Type.Optional(Id),
    showtimeId: Type.Optional(Id),
    bookingId: Type.Optional(Id),
    provider: Type.Optional(Type.Enum(providers)),
    status: Type.Optional(Type.Enum(paymentStatuses)),
    tender: Type.Optional(Type.Enum(tenders)),
    ...period,
    ...pageQuery,
  }),
  answer: { status: 200, schema: pageOf(AdminPayment) },
})

const Changed = nullable(Type.Record(Type.String(), Type.Unknown()))
/** Who did what to what and when. Secrets are left out, persons are salted hashes. */
export const AuditEntry = closed({
  id: Id,
  at: Instant,
  actor: closed({
    userId: Type.String({ description: 'An account; `operator:NAME` for a command on the machine' }),
    role: Type.Enum([...roles, 'operator']),
  }),
  action: Type.String({
    description: 'The id of the operation, or `matinee` and the command',
    examples: ['cancelShowtime'],
  }),
  subjectId: nullable(Type.String()),
  theatreId: nullable(Id),
  request: Type.Unknown(),
  before: Changed,
  after: Changed,
  previousHash: Type.String(),
  hash: Type.String(),
})
export type AuditEntry = Static<typeof AuditEntry>

export const listAuditLog = operation({
  id: 'listAuditLog',
  method: 'GET',
  path: '/admin/audit-log',
  tag,
  summary: 'Who changed what, the newest first; for owners, in their theatres',
  access: managers,
  query: closed({
    actorId: Type.Optional(line(100)),
    action: Type.Optional(line(100)),
    subjectId: Type.Optional(Id),
    theatreId: Type.Optional(Id),
    ...period,
    ...pageQuery,
  }),
  answer: { status: 200, schema: pageOf(AuditEntry) },
})

export const administrationOperations = { listAllBookings, readBookingStory, listAllPayments, listAuditLog } as const
