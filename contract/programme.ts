import { Type } from 'typebox'
import { Day, Id } from './common.ts'
import { closed, operation } from './operation.ts'
import { Showtime, ShowtimeInput } from './showtimes.ts'

/** How many showtimes one bulk call may make. */
export const maximumBulkShowtimes = 500
/** How many showtimes one copy or publish may touch: a month of a large house. */
export const maximumProgramme = 2_000
const bulkBodyLimit = 1024 * 1024
const tag = 'Showtimes'
const managers = ['owner', 'admin'] as const

export const createShowtimes = operation({
  id: 'createShowtimes',
  method: 'POST',
  path: '/showtimes/bulk',
  tag,
  summary: 'Makes many showtimes, all or none; every conflict is named with its `index`',
  access: managers,
  body: closed({ showtimes: Type.Array(ShowtimeInput, { minItems: 1, maxItems: maximumBulkShowtimes }) }),
  bodyLimit: bulkBodyLimit,
  answer: { status: 201, schema: closed({ showtimes: Type.Array(Showtime) }) },
  refusals: ['showtime_overlap'],
})

const programme = {
  theatreId: Id,
  from: Type.String({ ...Day, description: 'First business day' }),
  to: Type.String({ ...Day, description: 'Last business day, itself included' }),
}
export const copyShowtimes = operation({
  id: 'copyShowtimes',
  method: 'POST',
  path: '/showtimes/copy',
  tag,
  summary: 'Repeats a theatre’s programme so many days later, at the same times on the clock; all or none',
  access: managers,
  body: closed({
    ...programme,
    days: Type.Integer({ minimum: 1, maximum: 400, description: 'How many days later' }),
    status: Type.Optional(Type.Enum(['draft', 'scheduled'], { description: 'As the original’s unless it is given' })),
  }),
  answer: { status: 201, schema: closed({ showtimes: Type.Array(Showtime) }) },
  refusals: ['showtime_overlap'],
})

const PriceProblem = closed({
  showtimeId: Id,
  category: Type.String(),
  ticketType: Type.String(),
  problem: Type.Enum(['missing', 'zero']),
})
export const publishShowtimes = operation({
  id: 'publishShowtimes',
  method: 'POST',
  path: '/showtimes/publish',
  tag,
  summary: 'Schedules a theatre’s drafts together; those with missing or zero prices are named and stay drafts',
  access: managers,
  body: closed({
    ...programme,
    allowFree: Type.Optional(Type.Boolean({ description: 'Zero prices are meant' })),
  }),
  answer: { status: 200, schema: closed({ published: Type.Array(Id), problems: Type.Array(PriceProblem) }) },
})

export const programmeOperations = { createShowtimes, copyShowtimes, publishShowtimes } as const
