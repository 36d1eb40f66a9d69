import type { Static } from 'typebox'
import { Type } from 'typebox'
import { Movie } from './catalogue.ts'
import { Day, Id, IdParams, Instant, MoneyInput, line, nullable, pageOf, pageQuery } from './common.ts'
import { closed, operation } from './operation.ts'
import { Price, maximumPrices } from './prices.ts'
import { Auditorium } from './auditoriums.ts'
import { Theatre } from './venues.ts'

export const showtimeStatuses = ['draft', 'scheduled', 'cancelled'] as const
/** `public`: listed. `unlisted`: for whoever has the link. `private`: for the house alone. */
export const visibilities = ['public', 'unlisted', 'private'] as const

/** A time sent in. */
export const ShowtimeTime = Type.String({
  minLength: 1,
  maxLength: 40,
  description: 'RFC 3339 with an offset, or local to the theatre; seconds are optional',
  examples: ['2026-12-24T19:30', '2026-12-24T19:30Z'],
})

const Format = line(20, ['2d', '3d', 'imax'])
const Language = line(35, ['en'])
const Accessibility = Type.Array(line(40, ['audio_description']), { maxItems: 20, uniqueItems: true })
const Visibility = Type.Enum(visibilities)
const Reason = line(500, ['Projector failure'])

/** Without the layout, which is large: `GET /auditoriums/{id}` has it. */
const AuditoriumInShort = Type.Omit(Auditorium, ['layout'], { additionalProperties: false })

export const Showtime = closed({
  id: Id,
  movieId: Id,
  theatreId: Id,
  auditoriumId: Id,
  layoutVersion: Type.Integer(),
  startsAt: Instant,
  endsAt: Instant,
  busyUntil: Type.String({ ...Instant, description: 'The end of the turnaround: the auditorium is taken until then' }),
  localStartsAt: Type.String({ description: 'What the clock in the theatre shows', examples: ['2026-12-24T19:30'] }),
  timeZone: Type.String({ examples: ['Europe/London'] }),
  businessDate: Day,
  format: Format,
  language: nullable(Language),
  subtitles: nullable(Language),
  accessibility: Accessibility,
  seating: Type.Enum(['reserved', 'general']),
  prices: Type.Array(Price),
  capacity: Type.Integer(),
  availableSeats: Type.Integer(),
  status: Type.Enum(showtimeStatuses),
  visibility: Visibility,
  salesOpenAt: nullable(Instant),
  salesCloseAt: Instant,
  salesPaused: Type.Boolean(),
  cancelReason: nullable(Type.String()),
  waitingRoom: Type.Optional(
    Type.Boolean({ description: 'Told by GET /showtimes/{id} alone: seats are held by whoever was admitted' }),
  ),
  movie: Type.Optional(Movie),
  theatre: Type.Optional(Theatre),
  auditorium: Type.Optional(AuditoriumInShort),
})
export type Showtime = Static<typeof Showtime>

const editable = {
  endsAt: Type.Optional(ShowtimeTime),
  prices: Type.Optional(Type.Array(Price, { minItems: 1, maxItems: maximumPrices })),
  basePrice: Type.Optional(closed(MoneyInput.properties, 'An adult’s, in every category')),
  priceListId: Type.Optional(Id),
  status: Type.Optional(Type.Enum(['draft', 'scheduled'])),
  format: Type.Optional(Format),
  language: Type.Optional(nullable(Language)),
  subtitles: Type.Optional(nullable(Language)),
  accessibility: Type.Optional(Accessibility),
  visibility: Type.Optional(Visibility),
  salesOpenAt: Type.Optional(nullable(ShowtimeTime)),
  salesCloseAt: Type.Optional(nullable(ShowtimeTime)),
  salesPaused: Type.Optional(Type.Boolean()),
}
/** Prices come from exactly one of `prices`, `basePrice`, `priceListId`; a draft may have none yet. */
export const ShowtimeInput = closed({
  movieId: Id,
  auditoriumId: Id,
  theatreId: Type.Optional(Type.String({ ...Id, description: 'Must be the auditorium’s' })),
  startsAt: ShowtimeTime,
  ...editable,
})
export type ShowtimeInput = Static<typeof ShowtimeInput>

export const ShowtimePatch = closed({
  movieId: Type.Optional(Id),
  auditoriumId: Type.Optional(Id),
  startsAt: Type.Optional(ShowtimeTime),
  ...editable,
  notifyCustomers: Type.Optional(
    Type.Boolean({ description: 'Moves a showtime that has bookings; customers hear of it and may cancel for free' }),
  ),
})
export type ShowtimePatch = Static<typeof ShowtimePatch>

const expand = {
  expand: Type.Optional(
    Type.String({
      pattern: '^(movie|theatre|auditorium)(,(movie|theatre|auditorium)){0,2}$',
      description: 'Any of `movie`, `theatre`, `auditorium`, separated by commas',
    }),
  ),
}
const TimeOrDay = Type.String({
  minLength: 1,
  maxLength: 40,
  description: 'A time with an offset, or a business day; with `theatreId` also a local time',
  examples: ['2026-12-24', '2026-12-24T12:00Z'],
})

const tag = 'Showtimes'
const managers = ['owner', 'admin'] as const

export const listShowtimes = operation({
  id: 'listShowtimes',
  method: 'GET',
  path: '/showtimes',
  tag,
  summary: 'Showtimes by start; without `date` or `from`, the public ones still on sale',
  access: 'anyone',
  query: closed({
    movieId: Type.Optional(Id),
    theatreId: Type.Optional(Id),
    city: Type.Optional(line(200)),
    date: Type.Optional(Day),
    from: Type.Optional(TimeOrDay),
    to: Type.Optional(TimeOrDay),
    format: Type.Optional(Format),
    ...expand,
    ...pageQuery,
  }),
  answer: { status: 200, schema: pageOf(Showtime) },
})
export const listMovieShowtimes = operation({
  id: 'listMovieShowtimes',
  method: 'GET',
  path: '/movies/{id}/showtimes',
  tag,
  summary: 'The showtimes of one movie; without `date`, the public ones still on sale',
  access: 'anyone',
  params: IdParams,
  query: closed({
    theatreId: Type.Optional(Id),
    city: Type.Optional(line(200)),
    date: Type.Optional(Day),
    ...expand,
    ...pageQuery,
  }),
  answer: { status: 200, schema: pageOf(Showtime) },
})
export const getShowtime = operation({
  id: 'getShowtime',
  method: 'GET',
  path: '/showtimes/{id}',
  tag,
  summary: 'One showtime',
  access: 'anyone',
  params: IdParams,
  query: closed(expand),
  answer: { status: 200, schema: Showtime, tagged: true },
})
export const createShowtime = operation({
  id: 'createShowtime',
  method: 'POST',
  path: '/showtimes',
  tag,
  summary: 'Schedules a movie in an auditorium; it ends after trailers and runtime unless `endsAt` says otherwise',
  access: managers,
  body: ShowtimeInput,
  answer: { status: 201, schema: Showtime },
  refusals: ['showtime_overlap'],
})
export const updateShowtime = operation({
  id: 'updateShowtime',
  method: 'PATCH',
  path: '/showtimes/{id}',
  tag,
  summary: 'Changes a showtime; what is not sent stays',
  access: managers,
  params: IdParams,
  body: ShowtimePatch,
  answer: { status: 200, schema: Showtime },
  refusals: ['showtime_overlap', 'showtime_has_bookings', 'showtime_cancelled', 'precondition_failed'],
})
export const replaceShowtime = operation({
  ...updateShowtime,
  id: 'replaceShowtime',
  method: 'PUT',
  summary: 'Read as PATCH',
})
export const deleteShowtime = operation({
  id: 'deleteShowtime',
  method: 'DELETE',
  path: '/showtimes/{id}',
  tag,
  summary: 'Deletes a showtime without sales',
  access: managers,
  params: IdParams,
  answer: { status: 204, schema: null },
  refusals: ['showtime_has_bookings'],
})

export const cancelShowtime = operation({
  id: 'cancelShowtime',
  method: 'POST',
  path: '/showtimes/{id}/cancel',
  tag,
  summary: 'Cancels a showtime, ends all its bookings and starts every refund',
  access: managers,
  params: IdParams,
  body: closed({ reason: Reason }),
  answer: { status: 200, schema: closed({ refundsStarted: Type.Integer(), dueAtCounter: Type.Integer() }) },
  refusals: ['showtime_cancelled'],
})

const SeatMove = closed({ bookingId: Id, reference: Type.String(), from: Type.String(), to: Type.String() })
export const moveShowtime = operation({
  id: 'moveShowtime',
  method: 'POST',
  path: '/showtimes/{id}/move',
  tag,
  summary:
    'Moves a showtime to another auditorium, and time, and seats its guests again; `dryRun` only says who would go where',
  access: managers,
  params: IdParams,
  body: closed({
    auditoriumId: Id,
    startsAt: Type.Optional(ShowtimeTime),
    dryRun: Type.Optional(Type.Boolean()),
  }),
  answer: {
    status: 200,
    schema: closed({
      dryRun: Type.Boolean(),
      moves: Type.Array(SeatMove),
      withoutEqualSeat: Type.Array(closed({ bookingId: Id, reference: Type.String(), from: Type.String() })),
    }),
  },
  refusals: ['showtime_overlap', 'showtime_cancelled', 'sold_out'],
})

export const showtimeOperations = {
  listShowtimes,
  listMovieShowtimes,
  getShowtime,
  createShowtime,
  updateShowtime,
  replaceShowtime,
  deleteShowtime,
  cancelShowtime,
  moveShowtime,
} as const
