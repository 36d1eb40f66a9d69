import type { Static } from 'typebox'
import { Type } from 'typebox'
import { Id, IdParams, Instant, line, nullable, pageOf, pageQuery } from './common.ts'
import { Layout, LayoutInput, PretixPlan } from './layouts.ts'
import { closed, operation } from './operation.ts'

const tag = 'Venues'
const managers = ['owner', 'admin'] as const
/** Bytes: layouts of 2,000 seats fit with room to spare. */
const layoutBodyLimit = 1_048_576

export const Auditorium = closed({
  id: Id,
  theatreId: Id,
  name: Type.String(),
  capacity: Type.Integer(),
  layoutVersion: Type.Integer(),
  layout: Layout,
  turnaroundMinutes: nullable(Type.Integer({ description: 'Null: the theatre’s' })),
})
export type Auditorium = Static<typeof Auditorium>

const anyLayout = Type.Union([...LayoutInput.anyOf, PretixPlan])
const turnaroundMinutes = Type.Optional(nullable(Type.Integer({ minimum: 0, maximum: 480 })))
export const AuditoriumInput = closed({ name: line(200, ['Screen 1']), turnaroundMinutes, layout: anyLayout })
export type AuditoriumInput = Static<typeof AuditoriumInput>
export const AuditoriumPatch = Type.Partial(AuditoriumInput, { additionalProperties: false })
export type AuditoriumPatch = Static<typeof AuditoriumPatch>

export const listAuditoriums = operation({
  id: 'listAuditoriums',
  method: 'GET',
  path: '/theatres/{id}/auditoriums',
  tag,
  summary: 'The auditoriums of a theatre, by name',
  access: 'anyone',
  params: IdParams,
  query: closed(pageQuery),
  answer: { status: 200, schema: pageOf(Auditorium) },
})

export const createAuditorium = operation({
  id: 'createAuditorium',
  method: 'POST',
  path: '/theatres/{id}/auditoriums',
  tag,
  summary: 'Adds an auditorium with its layout',
  access: managers,
  params: IdParams,
  body: AuditoriumInput,
  bodyLimit: layoutBodyLimit,
  answer: { status: 201, schema: Auditorium },
})

export const getAuditorium = operation({
  id: 'getAuditorium',
  method: 'GET',
  path: '/auditoriums/{id}',
  tag,
  summary: 'One auditorium with its newest layout',
  access: 'anyone',
  params: IdParams,
  answer: { status: 200, schema: Auditorium, tagged: true },
})

export const updateAuditorium = operation({
  id: 'updateAuditorium',
  method: 'PATCH',
  path: '/auditoriums/{id}',
  tag,
  summary: 'Changes what is sent; another layout is a new version',
  access: managers,
  params: IdParams,
  body: AuditoriumPatch,
  bodyLimit: layoutBodyLimit,
  answer: { status: 200, schema: Auditorium },
  refusals: ['precondition_failed'],
})

export const deleteAuditorium = operation({
  id: 'deleteAuditorium',
  method: 'DELETE',
  path: '/auditoriums/{id}',
  tag,
  summary: 'Removes an auditorium without showtimes',
  access: managers,
  params: IdParams,
  answer: { status: 204, schema: null },
  refusals: ['auditorium_in_use'],
})

export const getLayout = operation({
  id: 'getLayout',
  method: 'GET',
  path: '/auditoriums/{id}/layout',
  tag,
  summary: 'The newest layout, as it is kept or as a pretix seating plan',
  access: 'anyone',
  params: IdParams,
  query: closed({ format: Type.Optional(Type.Enum(['json', 'pretix'], { default: 'json' })) }),
  answer: { status: 200, schema: Type.Union([...Layout.anyOf, PretixPlan]), tagged: true },
})

export const setLayout = operation({
  id: 'setLayout',
  method: 'PUT',
  path: '/auditoriums/{id}/layout',
  tag,
  summary: 'Makes a new version of the layout; coming showtimes take it up unless seats of them are booked or held',
  access: managers,
  params: IdParams,
  body: anyLayout,
  bodyLimit: layoutBodyLimit,
  answer: { status: 200, schema: Auditorium },
  refusals: ['precondition_failed'],
})

export const convertLayout = operation({
  id: 'convertLayout',
  method: 'POST',
  path: '/layouts/convert',
  tag,
  summary: 'Reads a layout in either format and answers it in the one asked for; keeps nothing',
  access: managers,
  query: closed({
    format: Type.Optional(Type.Enum(['json', 'pretix'], { default: 'json' })),
    name: Type.Optional(line(200, ['Screen 1'])),
  }),
  body: anyLayout,
  bodyLimit: layoutBodyLimit,
  answer: { status: 200, schema: Type.Union([...Layout.anyOf, PretixPlan]) },
})

const OutOfOrderSeat = closed({ seat: Type.String(), reason: Type.String(), until: nullable(Instant) })
const SeatName = Type.String({ minLength: 1, maxLength: 40 })
const Reason = line(500, ['Broken hinge'])
const Until = Type.Optional(
  nullable(Type.String({ minLength: 1, maxLength: 40, description: 'A time; without one, until further notice' })),
)
const BrokenSeat = closed(
  { seat: SeatName, reason: Reason, until: Until },
  'A seat with a reason of its own, as it is answered',
)
const HitBooking = closed({
  bookingId: Id,
  reference: Type.String(),
  showtimeId: Id,
  seats: Type.Array(Type.String()),
})
export const readOutOfOrder = operation({
  id: 'readOutOfOrder',
  method: 'GET',
  path: '/auditoriums/{id}/out-of-order',
  tag,
  summary: 'The seats that are out of order',
  access: managers,
  params: IdParams,
  answer: { status: 200, schema: closed({ seats: Type.Array(OutOfOrderSeat) }) },
})

export const setOutOfOrder = operation({
  id: 'setOutOfOrder',
  method: 'PUT',
  path: '/auditoriums/{id}/out-of-order',
  tag,
  summary:
    'Says which seats are out of order, all of them: blocks them in every coming showtime, frees those no longer named',
  access: managers,
  params: IdParams,
  body: closed({
    seats: Type.Array(Type.Union([SeatName, BrokenSeat]), { maxItems: 2_000, uniqueItems: true }),
    reason: Reason,
    until: Until,
  }),
  answer: {
    status: 200,
    schema: closed({ seats: Type.Array(OutOfOrderSeat), bookings: Type.Array(HitBooking) }),
  },
  refusals: ['unknown_seats'],
})

export const auditoriumOperations = {
  listAuditoriums,
  createAuditorium,
  getAuditorium,
  updateAuditorium,
  deleteAuditorium,
  getLayout,
  setLayout,
  convertLayout,
  readOutOfOrder,
  setOutOfOrder,
} as const
