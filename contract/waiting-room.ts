import type { Static } from 'typebox'
import { Type } from 'typebox'
import { Id, IdParams, Instant, nullable } from './common.ts'
import { closed, operation } from './operation.ts'
import { ShowtimeTime } from './showtimes.ts'

const SeedHash = Type.String({
  description:
    'SHA-256 of the seed’s 32 bytes, in hexadecimal; told from the beginning, so that the seed cannot change',
})
const Seed = Type.String({ description: 'The seed in hexadecimal: a secret until the draw' })

export const WaitingRoom = closed({
  showtimeId: Id,
  opensAt: Instant,
  admitPerMinute: Type.Integer(),
  admittedAtOnce: Type.Integer(),
  admissionSeconds: Type.Integer(),
  waiting: Type.Integer({ description: 'Those who are not admitted yet' }),
  seedHash: SeedHash,
  seed: nullable(Seed),
  drawnAt: nullable(Instant),
})
export type WaitingRoom = Static<typeof WaitingRoom>

export const WaitingRoomInput = closed({
  opensAt: ShowtimeTime,
  admitPerMinute: Type.Optional(Type.Integer({ minimum: 1, maximum: 10_000 })),
  admittedAtOnce: Type.Optional(Type.Integer({ minimum: 1, maximum: 10_000 })),
  admissionSeconds: Type.Optional(Type.Integer({ minimum: 60, maximum: 3600 })),
})
export type WaitingRoomInput = Static<typeof WaitingRoomInput>

/** `joined`: before the draw. `waiting`: it has a place. `admitted`: may hold seats until the admission ends. */
export const waitingStatuses = ['joined', 'waiting', 'admitted', 'ended'] as const

export const WaitingEntry = closed({
  id: Id,
  showtimeId: Id,
  status: Type.Enum(waitingStatuses),
  opensAt: Instant,
  joinedAt: Instant,
  seedHash: SeedHash,
  ahead: nullable(Type.Integer({ description: 'How many are admitted before this one; null before the draw' })),
  estimateSeconds: nullable(
    Type.Integer({ description: 'Until it is admitted, if everybody takes all of their time' }),
  ),
  admission: nullable(
    closed({ token: Type.String({ description: 'Goes along as `X-Admission`' }), expiresAt: Instant }),
  ),
})
export type WaitingEntry = Static<typeof WaitingEntry>

/** Where a showtime has no waiting room: `room` is null. Where the caller has not joined: `entry` is. */
export const WaitingState = closed({ showtimeId: Id, room: nullable(WaitingRoom), entry: nullable(WaitingEntry) })
export type WaitingState = Static<typeof WaitingState>

/** Before the draw there is no seed and nobody. */
export const WaitingDraw = closed({
  seedHash: nullable(SeedHash),
  seed: nullable(Seed),
  drawnAt: nullable(Instant),
  entries: Type.Array(Id, { description: 'Everybody who joined before the opening, in the order of the draw' }),
})
export type WaitingDraw = Static<typeof WaitingDraw>

const tag = 'Waiting room'
const managers = ['owner', 'admin'] as const

export const readWaitingRoom = operation({
  id: 'readWaitingRoom',
  method: 'GET',
  path: '/showtimes/{id}/waiting-room',
  tag,
  summary: 'The waiting room of a rush, and how far the caller’s own entry has come; ask again every five seconds',
  access: 'anyone',
  params: IdParams,
  answer: { status: 200, schema: WaitingState },
})
export const setWaitingRoom = operation({
  id: 'setWaitingRoom',
  method: 'PUT',
  path: '/showtimes/{id}/waiting-room',
  tag,
  summary: 'Let the audience hold seats only when admitted; of a room that has opened the pace alone can change',
  access: managers,
  params: IdParams,
  body: WaitingRoomInput,
  answer: { status: 200, schema: WaitingRoom },
})
export const endWaitingRoom = operation({
  id: 'endWaitingRoom',
  method: 'DELETE',
  path: '/showtimes/{id}/waiting-room',
  tag,
  summary: 'Let everybody in from now on',
  access: managers,
  params: IdParams,
  answer: { status: 204, schema: null },
})
export const joinWaitingRoom = operation({
  id: 'joinWaitingRoom',
  method: 'POST',
  path: '/showtimes/{id}/waiting-room/entries',
  tag,
  summary: 'Take part in the draw, or queue behind it; one entry for each account or guest’s cookie',
  access: 'anyone',
  params: IdParams,
  answer: { status: 201, schema: WaitingEntry },
})
export const readWaitingDraw = operation({
  id: 'readWaitingDraw',
  method: 'GET',
  path: '/showtimes/{id}/waiting-room/draw',
  tag,
  summary: 'Seed and order of the draw, for whoever wants to check it',
  access: 'anyone',
  params: IdParams,
  answer: { status: 200, schema: WaitingDraw },
})

export const waitingRoomOperations = {
  readWaitingRoom,
  setWaitingRoom,
  endWaitingRoom,
  joinWaitingRoom,
  readWaitingDraw,
} as const
