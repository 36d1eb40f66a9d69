import type { Static } from 'typebox'
import { Type } from 'typebox'
import { closed, operation } from './operation.ts'
import { Id, IdParams, Instant, nullable } from './common.ts'

const house = ['staff', 'owner', 'admin'] as const
const seatId = nullable(Type.String({ description: 'Null for general admission', examples: ['F12'] }))

const DoorTicket = closed({
  id: Type.String(),
  seat: seatId,
  row: nullable(Type.String()),
  number: nullable(Type.String()),
  ticketType: Type.String(),
  category: Type.String(),
  status: Type.Enum(['valid', 'used', 'void']),
  checkedInAt: nullable(Instant),
  proof: nullable(Type.String({ description: 'What to ask to see, where the ticket type needs a proof' })),
})

export type DoorTicket = Static<typeof DoorTicket>

const DoorBooking = closed({
  id: Type.String(),
  reference: Type.String(),
  customerName: nullable(Type.String()),
  ticketCount: Type.Integer({ description: 'Tickets that are not void' }),
  checkedInCount: Type.Integer(),
})

/** Enough of a showtime to tell people at the door where to go. */
const DoorShowtime = closed({
  id: Type.String(),
  movieTitle: Type.String(),
  auditoriumName: Type.String(),
  startsAt: Instant,
  endsAt: Instant,
  localStartsAt: Type.String(),
  timeZone: Type.String(),
})

const CheckIn = closed({
  ticket: DoorTicket,
  tickets: Type.Array(DoorTicket, { description: 'All that were let in by this scan' }),
  booking: DoorBooking,
  showtime: DoorShowtime,
  seat: seatId,
  checkedInAt: Instant,
  proof: Type.Optional(Type.Array(Type.String(), { description: 'What to ask to see before letting them in' })),
})

export type CheckIn = Static<typeof CheckIn>

export const checkIn = operation({
  id: 'checkIn',
  method: 'POST',
  path: '/check-ins',
  tag: 'Door',
  summary: 'Lets in one ticket, or a party of one booking',
  access: house,
  body: closed({
    code: Type.Optional(Type.String({ minLength: 1, maxLength: 1000 })),
    ticketId: Type.Optional(Id),
    bookingId: Type.Optional(Id),
    showtimeId: Type.Optional(Id),
    admit: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: 2000,
        description: 'How many of the party come in now; without it one ticket, or all that are left of a `bookingId`',
      }),
    ),
  }),
  answer: { status: 201, schema: CheckIn },
  refusals: [
    'not_found',
    'invalid_code',
    'already_checked_in',
    'wrong_showtime',
    'not_now',
    'booking_cancelled',
    'booking_not_confirmed',
  ],
})

export const undoCheckIn = operation({
  id: 'undoCheckIn',
  method: 'DELETE',
  path: '/check-ins/{ticketId}',
  tag: 'Door',
  summary: 'Takes a check-in back: the ticket can be used again',
  access: house,
  params: closed({ ticketId: Id }),
  answer: { status: 204, schema: null },
})

const Manifest = closed({
  showtime: DoorShowtime,
  counts: closed({ sold: Type.Integer(), checkedIn: Type.Integer(), expected: Type.Integer() }),
  tickets: Type.Array(
    closed({
      ...DoorTicket.properties,
      bookingId: Type.String(),
      reference: Type.String(),
      customerName: nullable(Type.String()),
    }),
  ),
})
export type Manifest = Static<typeof Manifest>

export const getManifest = operation({
  id: 'getManifest',
  method: 'GET',
  path: '/showtimes/{id}/manifest',
  tag: 'Door',
  summary: 'Who is expected, seat by seat, and who is in',
  access: house,
  params: IdParams,
  answer: {
    status: 200,
    schema: Manifest,
  },
})

const DoorPack = closed({
  showtime: DoorShowtime,
  showtimeTag: Type.String({ description: 'How codes name this showtime; another tag is another showtime' }),
  asOf: Instant,
  publicKeys: Type.Array(
    closed({
      keyTag: Type.String({ description: 'How codes name their key' }),
      publicKey: Type.String({ description: 'Raw Ed25519 key, base64url' }),
    }),
  ),
  tickets: Type.Array(
    closed({
      id: Type.String(),
      codeRevision: Type.Integer({ description: 'A code with a lower revision was replaced: do not admit' }),
      bookingId: Type.String(),
      reference: Type.String(),
      seat: seatId,
      ticketType: Type.String(),
      proof: nullable(Type.String()),
      checkedInAt: nullable(Instant),
    }),
  ),
  revoked: Type.Array(Type.String(), {
    description:
      'Ids of tickets that were cancelled or exchanged away. A good signature for this showtime that is in neither list was sold since',
  }),
})
export type DoorPack = Static<typeof DoorPack>

export const getDoorPack = operation({
  id: 'getDoorPack',
  method: 'GET',
  path: '/showtimes/{id}/door-pack',
  tag: 'Door',
  summary: 'What a phone needs to judge codes without network',
  access: house,
  params: IdParams,
  answer: {
    status: 200,
    schema: DoorPack,
  },
})

const ScanReport = closed({
  accepted: Type.Array(closed({ id: Type.String(), ticketId: Type.String(), seat: seatId, checkedInAt: Instant })),
  conflicts: Type.Array(
    closed({
      id: Type.String(),
      code: Type.String({ description: 'The code of the refusal that a live scan would have met' }),
      detail: Type.String(),
      ticketId: nullable(Type.String()),
      seat: seatId,
      checkedInAt: nullable(Type.String({ description: 'The first check-in, where there was one' })),
    }),
  ),
})
export type ScanReport = Static<typeof ScanReport>

export const reportScans = operation({
  id: 'reportScans',
  method: 'POST',
  path: '/check-ins/batch',
  tag: 'Door',
  summary: 'Reports what was scanned without network; a scan counts once, however often it is reported',
  access: house,
  bodyLimit: 1024 * 1024,
  body: closed({
    scans: Type.Array(
      closed({
        id: Type.String({ minLength: 1, maxLength: 64, description: 'Chosen by the device, never used twice' }),
        code: Type.Optional(Type.String({ minLength: 1, maxLength: 1000 })),
        ticketId: Type.Optional({
          ...Id,
          description: 'Instead of a code: a ticket of the pack that came in with a party whose other code was scanned',
        }),
        at: Type.String({
          maxLength: 40,
          description: "When it was scanned, by the device's clock",
          examples: ['2026-12-24T19:12:03Z'],
        }),
      }),
      { minItems: 1, maxItems: 500 },
    ),
  }),
  answer: {
    status: 200,
    schema: ScanReport,
  },
})

export const doorOperations = { checkIn, undoCheckIn, getManifest, getDoorPack, reportScans } as const
