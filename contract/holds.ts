import type { Static } from 'typebox'
import { Type } from 'typebox'
import { Id, IdParams, Instant, Money, line, nullable } from './common.ts'
import { SeatKind } from './layouts.ts'
import { closed, operation } from './operation.ts'
import { Price } from './prices.ts'

export const seatStatuses = ['available', 'held', 'booked', 'blocked'] as const
export const SeatStatus = Type.Enum(seatStatuses)
export type SeatStatus = Static<typeof SeatStatus>

/** As a seat's id is made: label and number, each up to 20 characters. */
export const SeatId = Type.String({ minLength: 1, maxLength: 40, examples: ['F12'] })
/** More than any `MAX_SEATS_PER_HOLD`; the configured limit is judged by the use case. */
const SeatIds = Type.Array(SeatId, { minItems: 1, maxItems: 200 })
const BlockSeatIds = Type.Array(SeatId, { minItems: 1, maxItems: 2000 })

const MappedSeat = closed({
  id: SeatId,
  row: Type.String(),
  number: Type.String(),
  line: Type.Integer(),
  column: Type.Integer(),
  category: Type.String(),
  kind: SeatKind,
  unit: Type.Optional(Type.String()),
  stagger: Type.Optional(Type.Boolean({ description: 'Drawn half a place to the right' })),
  status: SeatStatus,
})
export type MappedSeat = Static<typeof MappedSeat>

export const SeatCounts = closed({
  available: Type.Integer(),
  held: Type.Integer(),
  booked: Type.Integer(),
  blocked: Type.Integer(),
})
export type SeatCounts = Static<typeof SeatCounts>

/** `seats` is there for reserved seating alone. */
export const SeatMap = closed({
  showtimeId: Id,
  version: Type.Integer(),
  layoutVersion: Type.Integer(),
  seating: Type.Enum(['reserved', 'general']),
  curve: Type.Optional(Type.Integer({ description: 'How far rows bow, in tenths of a line; for drawing only' })),
  seats: Type.Optional(Type.Array(MappedSeat)),
  prices: Type.Array(Price),
  counts: SeatCounts,
})
export type SeatMap = Static<typeof SeatMap>

export const Availability = Type.Union([
  closed({
    version: Type.Integer(),
    held: Type.Array(SeatId),
    booked: Type.Array(SeatId),
    blocked: Type.Array(SeatId),
  }),
  closed({ version: Type.Integer(), counts: SeatCounts }),
])
export type Availability = Static<typeof Availability>

const QuoteLine = closed({
  seat: nullable(SeatId),
  category: Type.String(),
  ticketType: Type.String(),
  price: Money,
  fee: Money,
  tax: Money,
  total: Money,
})
export const HoldQuote = closed({ lines: Type.Array(QuoteLine), total: Money })
export type HoldQuote = Static<typeof HoldQuote>

export const Hold = closed({
  id: Id,
  token: Type.String({ description: 'The key to this hold and to the booking made from it' }),
  showtimeId: Id,
  seats: Type.Array(SeatId),
  count: Type.Integer(),
  expiresAt: Instant,
  extensionsLeft: Type.Integer(),
  quote: HoldQuote,
  bookingId: Type.Optional(Id),
})
export type Hold = Static<typeof Hold>

const Best = closed({
  count: Type.Integer({
    minimum: 1,
    maximum: 200,
    description: 'On the web as many as one hold may have; the counter seats groups',
  }),
  category: Type.Optional(line(40)),
  accessible: Type.Optional(Type.Boolean()),
})
/** Exactly one of the three. */
export const HoldInput = closed({
  seats: Type.Optional(SeatIds),
  best: Type.Optional(Best),
  count: Type.Optional(Type.Integer({ minimum: 1, maximum: 200 })),
})
export type HoldInput = Static<typeof HoldInput>

/**
 * What `pow_required` carries as `challenge`: find a whole number `n` so that the SHA-256 of `text.n` begins with
 * `bits` zero bits, and send `text.n` as `X-Proof-Of-Work`.
 */
export interface WorkChallenge {
  readonly text: string
  readonly bits: number
  readonly expiresAt: string
}

const tag = 'Seats and holds'
const house = ['staff', 'owner', 'admin'] as const

export const readSeatMap = operation({
  id: 'readSeatMap',
  method: 'GET',
  path: '/showtimes/{id}/seats',
  tag,
  summary: 'Every seat of a showtime and how it stands; the same bytes for everybody',
  access: 'anyone',
  params: IdParams,
  answer: { status: 200, schema: SeatMap, tagged: true },
})
export const readAvailability = operation({
  id: 'readAvailability',
  method: 'GET',
  path: '/showtimes/{id}/availability',
  tag,
  summary: 'Only the seats that are not free',
  access: 'anyone',
  params: IdParams,
  answer: { status: 200, schema: Availability, tagged: true },
})
export const readBestSeats = operation({
  id: 'readBestSeats',
  method: 'GET',
  path: '/showtimes/{id}/best-seats',
  tag,
  summary: 'The best free seats for a party, without holding them',
  access: 'anyone',
  params: IdParams,
  query: closed({
    count: Type.Integer({ minimum: 1, maximum: 10 }),
    category: Type.Optional(line(40)),
    accessible: Type.Optional(Type.Boolean()),
  }),
  answer: { status: 200, schema: closed({ seats: Type.Array(SeatId) }) },
  refusals: ['sold_out'],
})
export const placeHold = operation({
  id: 'placeHold',
  method: 'POST',
  path: '/showtimes/{id}/holds',
  tag,
  summary: 'Hold seats, all or none',
  access: 'anyone',
  params: IdParams,
  body: HoldInput,
  answer: { status: 201, schema: Hold },
  refusals: [
    'admission_required',
    'unknown_seats',
    'companion_needs_wheelchair',
    'leaves_single_gap',
    'pow_required',
    'sales_closed',
    'seats_unavailable',
    'showtime_cancelled',
    'sold_out',
    'splits_sofa',
    'ticket_type_not_sold',
    'too_many_holds',
  ],
})
export const readHold = operation({
  id: 'readHold',
  method: 'GET',
  path: '/holds/{id}',
  tag,
  summary: 'A hold, for whoever has its token',
  access: 'anyone',
  params: IdParams,
  answer: { status: 200, schema: Hold },
  refusals: ['hold_expired'],
})
export const releaseHold = operation({
  id: 'releaseHold',
  method: 'DELETE',
  path: '/holds/{id}',
  tag,
  summary: 'Give the seats back; a booked hold is left as it is',
  access: 'anyone',
  params: IdParams,
  answer: { status: 204, schema: null },
})
export const extendHold = operation({
  id: 'extendHold',
  method: 'POST',
  path: '/holds/{id}/extend',
  tag,
  summary: 'Keep the seats longer, once',
  access: 'anyone',
  params: IdParams,
  answer: { status: 200, schema: Hold },
  refusals: ['no_extensions_left', 'hold_expired'],
})
export const blockSeats = operation({
  id: 'blockSeats',
  method: 'PUT',
  path: '/showtimes/{id}/blocks',
  tag,
  summary: 'Keep house seats out of sale (adds to those that are)',
  access: house,
  params: IdParams,
  body: closed({
    seats: BlockSeatIds,
    reason: Type.Optional(line(200)),
    releaseAt: Type.Optional(Type.String({ minLength: 1, maxLength: 40 })),
  }),
  bodyLimit: 1024 * 1024,
  answer: { status: 200, schema: closed({ blocked: Type.Array(SeatId) }) },
  refusals: ['unknown_seats', 'seats_unavailable', 'showtime_cancelled'],
})
export const unblockSeats = operation({
  id: 'unblockSeats',
  method: 'DELETE',
  path: '/showtimes/{id}/blocks',
  tag,
  summary: 'Put house seats back on sale',
  access: house,
  params: IdParams,
  body: closed({ seats: BlockSeatIds }),
  bodyLimit: 1024 * 1024,
  answer: { status: 200, schema: closed({ blocked: Type.Array(SeatId) }) },
  refusals: ['unknown_seats'],
})

export const watchSeats = operation({
  id: 'watchSeats',
  method: 'GET',
  path: '/showtimes/{id}/seats/events',
  tag,
  summary: 'Seats as they change: server-sent events `snapshot` and `seats`, resumable by `Last-Event-ID`',
  access: 'anyone',
  params: IdParams,
  answer: { status: 200, schema: Type.String(), mediaTypes: ['text/event-stream'] },
  refusals: ['overloaded'],
})

export const holdOperations = {
  watchSeats,
  readSeatMap,
  readAvailability,
  readBestSeats,
  placeHold,
  readHold,
  releaseHold,
  extendHold,
  blockSeats,
  unblockSeats,
} as const
