import type { RefusalCode } from '../../../contract/refusals.ts'
import { bookingTransitions, statusAt } from '../../bookings/model.ts'
import type { BookingStatus } from '../../bookings/model.ts'
import { claimedSeats, decide as decideLedger } from '../../holds/commands.ts'
import { changedSince } from '../../holds/ledger.ts'
import type { LedgerCommand, LedgerStorage } from '../../holds/ledger.ts'
import { isLive } from '../../holds/model.ts'
import { keptMs, Replay, replayOf } from '../../http/idempotency.ts'
import type { IdempotencyRequest } from '../../http/idempotency.ts'
import { assert } from '../../platform/assert.ts'
import { isRefusal } from '../../platform/refusal.ts'
import type { Heard } from './history.ts'

/** What the simulation keeps of a booking. */
export interface SimulatedBooking {
  readonly id: string
  readonly showtimeId: string
  readonly holdId: string
  readonly seats: readonly string[]
  readonly status: BookingStatus
  readonly expiresAt: number | null
}

/** The ledger's own commands, and those that make a hold a booking, pay it and end it, on the same storage. */
export type Command =
  | LedgerCommand
  | {
      readonly kind: 'book'
      readonly showtimeId: string
      readonly holdId: string
      readonly bookingId: string
      readonly payMs: number
      readonly key: IdempotencyRequest
    }
  | {
      readonly kind: 'confirm' | 'cancel'
      readonly showtimeId: string
      readonly bookingId: string
      readonly key: IdempotencyRequest
    }
  | { readonly kind: 'sweep'; readonly showtimeId: string }

/** What a command may read and write inside its transaction. */
export interface Desk {
  readonly storage: LedgerStorage
  readonly bookings: Map<string, SimulatedBooking>
}

/** Decides a command by the rules of the house; answers what its client hears. */
export function decide(desk: Desk, command: Command): Heard {
  switch (command.kind) {
    case 'place':
    case 'extend':
    case 'release':
      return heardOf(decideLedger(desk.storage, command))
    case 'book':
      return onceByKey(desk, command.key, () => book(desk, command))
    case 'confirm':
    case 'cancel':
      return onceByKey(desk, command.key, () => change(desk, command.bookingId, command.kind))
    default:
      return sweep(desk, command.showtimeId)
  }
}

function heardOf(outcome: ReturnType<typeof decideLedger>): Heard {
  assert(outcome !== changedSince, 'No showtime changes in a simulation')
  if (isRefusal(outcome)) {
    const seats = outcome.extra?.['seats']
    return { kind: 'refused', code: outcome.code, ...(Array.isArray(seats) && { seats: seats.map(String) }) }
  }
  const { id, expiresAt } = outcome instanceof Replay ? outcome.body : outcome
  return { kind: 'made', id, expiresAt }
}

function onceByKey({ storage }: Desk, key: IdempotencyRequest, act: () => Heard): Heard {
  const kept = storage.keptAnswer(key)
  if (kept && kept.createdAt > storage.nowMs - keptMs) {
    const replay = replayOf<Heard>(kept, key)
    return isRefusal(replay) ? { kind: 'refused', code: replay.code } : replay.body
  }
  const heard = act()
  if (heard.kind === 'made') storage.keepAnswer(key, 200, heard)
  return heard
}

function no(code: RefusalCode): Heard {
  return { kind: 'refused', code }
}

/** A live hold whose claims are all still its own becomes a booking that waits for its payment. */
function book({ storage, bookings }: Desk, command: Extract<Command, { kind: 'book' }>): Heard {
  const hold = storage.hold(command.holdId)
  if (!hold || hold.status === 'released') return no('not_found')
  if (hold.status === 'booked') return no('hold_already_booked')
  const seats = claimedSeats(hold)
  const own = storage.claims(hold.showtimeId, seats).filter(({ ref }) => ref === hold.id)
  if (!isLive(hold, storage.nowMs) || own.length < seats.length) return no('hold_expired')
  const { bookingId: id, showtimeId } = command
  const expiresAt = storage.nowMs + command.payMs
  bookings.set(id, { id, showtimeId, holdId: hold.id, seats, status: 'pending', expiresAt })
  storage.dropClaims(showtimeId, hold.id, seats)
  storage.putClaims(
    showtimeId,
    seats.map((seatId) => ({ seatId, kind: 'booking', ref: id, expiresAt, places: 1 })),
  )
  storage.updateHold(hold.id, { ...hold, status: 'booked' })
  storage.noteChange(showtimeId, [])
  return { kind: 'made', id, expiresAt }
}

function change({ storage, bookings }: Desk, id: string, how: 'confirm' | 'cancel'): Heard {
  const booking = bookings.get(id)
  if (!booking) return no('not_found')
  const stands = statusAt(booking, storage.nowMs)
  const own = storage.claims(booking.showtimeId, booking.seats).filter(({ ref }) => ref === id)
  const next = how === 'confirm' ? 'confirmed' : 'cancelled'
  if (stands === 'expired') return no('booking_expired')
  if (!bookingTransitions[booking.status].includes(next)) return no('already_cancelled')
  if (how === 'confirm') {
    if (own.length < booking.seats.length) return no('booking_expired')
    storage.putClaims(
      booking.showtimeId,
      own.map((claim) => ({ ...claim, expiresAt: null })),
    )
  } else {
    storage.dropClaims(
      booking.showtimeId,
      id,
      own.map(({ seatId }) => seatId),
    )
  }
  bookings.set(id, { ...booking, status: next, expiresAt: null })
  storage.noteChange(booking.showtimeId, [])
  return { kind: 'made', id, expiresAt: null }
}

/** The work that comes round: what has lapsed is swept away, and bookings that were not paid in time are ended. */
function sweep({ storage, bookings }: Desk, showtimeId: string): Heard {
  const lapsed = storage.allClaims(showtimeId).filter((claim) => !isLive(claim, storage.nowMs))
  for (const { ref, seatId } of lapsed) storage.dropClaims(showtimeId, ref, [seatId])
  for (const booking of bookings.values()) {
    const isEnded = booking.showtimeId === showtimeId && booking.status === 'pending'
    if (isEnded && statusAt(booking, storage.nowMs) === 'expired') {
      bookings.set(booking.id, { ...booking, status: 'expired', expiresAt: null })
    }
  }
  if (lapsed.length > 0) storage.noteChange(showtimeId, [])
  return { kind: 'made', id: showtimeId, expiresAt: null }
}
