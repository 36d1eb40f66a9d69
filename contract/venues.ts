import type { Static } from 'typebox'
import { Type } from 'typebox'
import { Email } from './accounts.ts'
import {
  Currency,
  Id,
  IdParams,
  Instant,
  line,
  maximumAmount,
  Money,
  MoneyInput,
  nullable,
  pageOf,
  pageQuery,
} from './common.ts'
import { closed, operation, roles } from './operation.ts'

const tag = 'Venues'
const managers = ['owner', 'admin'] as const

const minutes = (maximum: number, description: string) => Type.Integer({ minimum: 0, maximum, description })
const Colors = Type.Record(
  Type.String({ pattern: '^[a-z][A-Za-z0-9-]{0,39}$' }),
  Type.String({ pattern: '^#[0-9a-fA-F]{6}$', examples: ['#7a1f2b'] }),
)
const Brand = closed({
  logoUrl: nullable(Type.String({ maxLength: 2_000, pattern: '^(https://[^\\s"<>\\\\]+|/media/[A-Za-z0-9._/-]+)$' })),
  colors: Colors,
  typeface: nullable(line(100)),
})
export const weekdays = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'] as const

/** The part of a theatre's settings that its audience needs; it is in the theatre's own answer. */
const audienceSettings = {
  businessDayStartsAt: Type.String({ pattern: '^([01]\\d|2[0-3]):[0-5]\\d$', examples: ['06:00'] }),
  trailerMinutes: minutes(240, 'Before each film'),
  doorsOpenMinutes: minutes(1_440, 'Before the start'),
  singleGapRule: Type.Boolean({ description: 'Refuse choices that leave a single seat' }),
  sellSofasWhole: Type.Boolean(),
  refundUntilMinutes: minutes(43_200, 'Before the start'),
  refundSharePercent: Type.Integer({ minimum: 0, maximum: 100 }),
  ticketFee: Money,
  taxRatePercent: Type.Number({ minimum: 0, maximum: 100 }),
  pricesIncludeTax: Type.Boolean(),
  filmWeekStartsOn: Type.Enum([...weekdays]),
  locales: Type.Array(Type.String({ pattern: '^[a-zA-Z]{2,3}(-[A-Za-z0-9]{2,8})*$' }), { minItems: 1, maxItems: 20 }),
  brand: Brand,
}
const houseSettings = {
  turnaroundMinutes: minutes(480, 'Between two showtimes, where the auditorium has none of its own'),
  salesCloseMinutes: Type.Integer({
    minimum: -10_080,
    maximum: 1_440,
    description: 'After the start; below zero, before it',
  }),
  accessibleReleaseMinutes: minutes(43_200, 'Before the start, when wheelchair places are sold to all; 0 is never'),
  staffRefundLimit: nullable(closed(Money.properties, 'For each refund; null is no limit')),
}
export const TheatreSettings = closed({ ...audienceSettings, ...houseSettings })
export type TheatreSettings = Static<typeof TheatreSettings>

/** A sum in the theatre's currency: as money, or its minor units alone. */
const Sum = Type.Union([MoneyInput, Type.Integer({ minimum: 0, maximum: maximumAmount })])
export const SettingsPatch = Type.Partial(
  closed({
    ...audienceSettings,
    ...houseSettings,
    brand: Type.Partial(Brand, { additionalProperties: false }),
    ticketFee: Sum,
    staffRefundLimit: nullable(Sum),
  }),
  { additionalProperties: false },
)
export type SettingsPatch = Static<typeof SettingsPatch>

const latitude = nullable(Type.Number({ minimum: -90, maximum: 90 }))
const longitude = nullable(Type.Number({ minimum: -180, maximum: 180 }))
const TimeZone = Type.String({ minLength: 1, maxLength: 60, examples: ['Europe/London'] })
const place = {
  country: nullable(Type.String({ pattern: '^[A-Z]{2}$', examples: ['GB'] })),
  address: nullable(line(500)),
  postcode: nullable(line(20)),
  latitude,
  longitude,
  phone: nullable(line(50)),
  amenities: Type.Array(line(60, ['bar']), { maxItems: 50 }),
  ownerId: nullable(Id),
}
export const Theatre = closed({
  id: Id,
  name: Type.String(),
  city: Type.String(),
  timeZone: TimeZone,
  currency: Currency,
  ...place,
  settings: closed(audienceSettings),
  createdAt: Instant,
  updatedAt: Instant,
})
export type Theatre = Static<typeof Theatre>

export const TheatreInput = closed({
  name: line(200, ['Rex']),
  city: line(200, ['London']),
  timeZone: TimeZone,
  currency: Currency,
  ...Type.Partial(closed(place)).properties,
})
export type TheatreInput = Static<typeof TheatreInput>
export const TheatrePatch = Type.Partial(TheatreInput, { additionalProperties: false })
export type TheatrePatch = Static<typeof TheatrePatch>

export const listCities = operation({
  id: 'listCities',
  method: 'GET',
  path: '/cities',
  tag,
  summary: 'The cities that have theatres',
  access: 'anyone',
  answer: { status: 200, schema: pageOf(Type.String()) },
})

export const listTheatres = operation({
  id: 'listTheatres',
  method: 'GET',
  path: '/theatres',
  tag,
  summary: 'Theatres by name, or the nearest first',
  access: 'anyone',
  query: closed({
    city: Type.Optional(Type.String({ maxLength: 200 })),
    q: Type.Optional(Type.String({ maxLength: 200, description: 'Words or parts of words of name, city, address' })),
    near: Type.Optional(
      Type.String({ maxLength: 60, pattern: '^ *-?\\d+(\\.\\d+)? *, *-?\\d+(\\.\\d+)? *$', examples: ['51.5,-0.12'] }),
    ),
    mine: Type.Optional(Type.Boolean({ description: 'Only where the caller works: of a guest or a customer, none' })),
    ...pageQuery,
  }),
  answer: { status: 200, schema: pageOf(Theatre) },
})

export const getTheatre = operation({
  id: 'getTheatre',
  method: 'GET',
  path: '/theatres/{id}',
  tag,
  summary: 'One theatre',
  access: 'anyone',
  params: IdParams,
  answer: { status: 200, schema: Theatre, tagged: true },
})

export const createTheatre = operation({
  id: 'createTheatre',
  method: 'POST',
  path: '/theatres',
  tag,
  summary: 'Opens a theatre; an owner opens its own, an administrator anybody’s',
  access: managers,
  body: TheatreInput,
  answer: { status: 201, schema: Theatre },
})

export const updateTheatre = operation({
  id: 'updateTheatre',
  method: 'PATCH',
  path: '/theatres/{id}',
  tag,
  summary: 'Changes what is sent; currency and time zone only before the first showtime',
  access: managers,
  params: IdParams,
  body: TheatrePatch,
  answer: { status: 200, schema: Theatre },
  refusals: ['precondition_failed', 'theatre_in_use'],
})

export const deleteTheatre = operation({
  id: 'deleteTheatre',
  method: 'DELETE',
  path: '/theatres/{id}',
  tag,
  summary: 'Closes a theatre without auditoriums and showtimes',
  access: managers,
  params: IdParams,
  answer: { status: 204, schema: null },
  refusals: ['theatre_in_use'],
})

export const getSettings = operation({
  id: 'getSettings',
  method: 'GET',
  path: '/theatres/{id}/settings',
  tag,
  summary: 'How the theatre works, defaults filled in',
  access: managers,
  params: IdParams,
  answer: { status: 200, schema: TheatreSettings, tagged: true },
})

export const updateSettings = operation({
  id: 'updateSettings',
  method: 'PATCH',
  path: '/theatres/{id}/settings',
  tag,
  summary: 'Changes what is sent',
  access: managers,
  params: IdParams,
  body: SettingsPatch,
  answer: { status: 200, schema: TheatreSettings },
  refusals: ['precondition_failed'],
})

/** Someone who works at a theatre, or was asked to and has no account yet. */
const StaffMember = closed({
  userId: nullable(Id),
  email: Type.String(),
  name: nullable(Type.String()),
  role: nullable(Type.Enum([...roles])),
  status: Type.Enum(['active', 'invited']),
  since: Instant,
})
export type StaffMember = Static<typeof StaffMember>
const MemberParams = closed({ id: Id, userId: Type.String({ minLength: 1, maxLength: 254 }) })

export const listStaff = operation({
  id: 'listStaff',
  method: 'GET',
  path: '/theatres/{id}/staff',
  tag,
  summary: 'Who works at the theatre, and who has been invited',
  access: managers,
  params: IdParams,
  answer: { status: 200, schema: pageOf(StaffMember) },
})

export const inviteStaff = operation({
  id: 'inviteStaff',
  method: 'POST',
  path: '/theatres/{id}/staff',
  tag,
  summary: 'Invites somebody by email; who has an account is staff at once, others once they have verified that email',
  access: managers,
  params: IdParams,
  body: closed({ email: Email }),
  answer: { status: 201, schema: StaffMember },
  refusals: ['rate_limited'],
})

export const putStaff = operation({
  id: 'putStaff',
  method: 'PUT',
  path: '/theatres/{id}/staff/{userId}',
  tag,
  summary: 'Makes an account staff of the theatre; an owner or administrator keeps that role',
  access: managers,
  params: MemberParams,
  answer: { status: 200, schema: StaffMember },
})

export const deleteStaff = operation({
  id: 'deleteStaff',
  method: 'DELETE',
  path: '/theatres/{id}/staff/{userId}',
  tag,
  summary:
    'Ends somebody’s work at the theatre, or withdraws an invitation (by its email); never lowers an owner or administrator',
  access: managers,
  params: MemberParams,
  answer: { status: 204, schema: null },
})

export const venueOperations = {
  listCities,
  listTheatres,
  getTheatre,
  createTheatre,
  updateTheatre,
  deleteTheatre,
  getSettings,
  updateSettings,
  listStaff,
  inviteStaff,
  putStaff,
  deleteStaff,
} as const
