import type { HoldRow } from '../database/tables/ledger.ts'
import { keptMs, replayOf } from '../http/idempotency.ts'
import type { IdempotencyRequest, Replay } from '../http/idempotency.ts'
import { isRefusal, refuse } from '../platform/refusal.ts'
import type { Refusal } from '../platform/refusal.ts'
import { changedSince } from './ledger.ts'
import type {
  ExtendHoldCommand,
  ExtendHoldOutcome,
  LedgerCommand,
  LedgerShowtime,
  LedgerStorage,
  PlaceHoldCommand,
  PlaceHoldOutcome,
  ReleaseHoldCommand,
  ReleaseHoldOutcome,
} from './ledger.ts'
import { isLive, salesRefusal } from './model.ts'
import type { Claim } from './model.ts'

/** Seconds after which somebody with too many holds may try again. */
const tooManyRetrySeconds = 60

/** Runs a command of whichever kind. */
export function decide(
  storage: LedgerStorage,
  command: LedgerCommand,
): PlaceHoldOutcome | ReleaseHoldOutcome | ExtendHoldOutcome {
  if (command.kind === 'place') return placeHold(storage, command)
  return command.kind === 'release' ? releaseHold(storage, command) : extendHold(storage, command)
}

/** Claims all the seats or none. The answer of a first request is kept with its key, in the same commit. */
export function placeHold(storage: LedgerStorage, command: PlaceHoldCommand): PlaceHoldOutcome {
  const replay = findReplay(storage, command.key)
  if (replay) return replay
  const showtime = storage.showtime(command.showtimeId)
  if (!showtime) return refuse('not_found')
  const closed = salesRefusal(showtime, command.hold.channel, storage.nowMs)
  if (closed) return refuse(closed.code, closed.detail)
  if (!isAsLookedUp(showtime, command)) return changedSince
  const refused = judgeLimits(storage, command)
  if (refused) return refused
  const choice = chooseSeats(storage, command, showtime.capacity)
  if (isRefusal(choice)) return choice
  return claim(storage, command, choice)
}

function isAsLookedUp(showtime: LedgerShowtime, command: PlaceHoldCommand): boolean {
  return (
    showtime.revision === command.revision &&
    showtime.theatreRevision === command.theatreRevision &&
    showtime.auditoriumId === command.auditoriumId &&
    showtime.layoutVersion === command.layoutVersion
  )
}

function judgeLimits(
  storage: LedgerStorage,
  { limits, hold, wish }: PlaceHoldCommand,
): Refusal<'too_many_holds'> | null {
  if (!limits) return null
  const retry = { retryAfterSeconds: tooManyRetrySeconds }
  if (limits.holdsPerClient > 0 && storage.openHoldsOf(hold.client) >= limits.holdsPerClient) {
    return refuse('too_many_holds', `No more than ${limits.holdsPerClient} holds at once.`, retry)
  }
  if (limits.placesPerAddress > 0 && hold.client.startsWith('guest:')) {
    const asked = wish.kind === 'seats' ? wish.seatIds.length : wish.count
    if (storage.placesHeldBy(hold.address) + asked > limits.placesPerAddress) {
      return refuse('too_many_holds', 'Too many seats are held from this address.', retry)
    }
  }
  return null
}

interface Choice {
  /** In order; in general admission none, where places are counted instead. */
  readonly seatIds: readonly string[]
  /** Those of them that still have somebody's lapsed claim. */
  readonly lapsed: readonly string[]
}

function chooseSeats(storage: LedgerStorage, command: PlaceHoldCommand, capacity: number): Choice | Refusal {
  const { wish, showtimeId, judge } = command
  if (wish.kind === 'places') {
    const taken = live(storage.allClaims(showtimeId), storage.nowMs).reduce((sum, { places }) => sum + places, 0)
    const available = Math.max(0, capacity - taken)
    if (available >= wish.count) return { seatIds: [], lapsed: [] }
    return refuse('sold_out', available === 0 ? 'There are no places left.' : `Only ${available} places are left.`, {
      extra: { available },
    })
  }
  if (wish.kind === 'best') {
    const seatIds = wish.choose(takenOf(storage, showtimeId))?.toSorted()
    if (!seatIds) return refuse('sold_out', 'There are not that many seats left together or apart.')
    return { seatIds, lapsed: storage.claims(showtimeId, seatIds).map(({ seatId }) => seatId) }
  }
  const standing = storage.claims(showtimeId, wish.seatIds)
  const taken = live(standing, storage.nowMs).map(({ seatId }) => seatId)
  if (taken.length > 0) {
    return refuse('seats_unavailable', `Taken: ${taken.toSorted().join(', ')}.`, { extra: { seats: taken.toSorted() } })
  }
  const refused = judge?.(takenOf(storage, showtimeId), wish.seatIds)
  return refused ?? { seatIds: wish.seatIds, lapsed: standing.map(({ seatId }) => seatId) }
}

function takenOf(storage: LedgerStorage, showtimeId: string): Set<string> {
  return new Set(live(storage.allClaims(showtimeId), storage.nowMs).map(({ seatId }) => seatId))
}

function live(claims: readonly Claim[], nowMs: number): Claim[] {
  return claims.filter((candidate) => isLive(candidate, nowMs))
}

/** The hold that a command makes of these seats, or of places in general admission. */
export function heldRow(command: PlaceHoldCommand, seatIds: readonly string[], nowMs: number): HoldRow {
  const { id, terms, client, address, userId, channel, extensionsLeft } = command.hold
  return {
    id,
    terms,
    client,
    address,
    userId,
    channel,
    extensionsLeft,
    showtimeId: command.showtimeId,
    auditoriumId: command.auditoriumId,
    layoutVersion: command.layoutVersion,
    seats: JSON.stringify(seatIds),
    count: command.wish.kind === 'places' ? command.wish.count : seatIds.length,
    status: 'live',
    bookingId: null,
    createdAt: nowMs,
    expiresAt: nowMs + command.holdMs,
  }
}

function claim(storage: LedgerStorage, command: PlaceHoldCommand, { seatIds, lapsed }: Choice): HoldRow {
  const { showtimeId, wish } = command
  const row = heldRow(command, seatIds, storage.nowMs)
  const { expiresAt } = row
  const places =
    wish.kind === 'places' ? [{ seatId: row.id, places: row.count }] : seatIds.map((seatId) => ({ seatId, places: 1 }))
  // A seat whose last claim lapsed unnoticed was free in between, and those who watch are told so.
  if (lapsed.length > 0) {
    storage.noteChange(
      showtimeId,
      lapsed.map((id) => ({ id, status: 'available' })),
    )
  }
  storage.insertHold(row)
  storage.putClaims(
    showtimeId,
    places.map((place) => ({ ...place, kind: 'hold', ref: row.id, expiresAt })),
  )
  storage.noteChange(
    showtimeId,
    seatIds.map((id) => ({ id, status: 'held' })),
  )
  if (command.key) storage.keepAnswer(command.key, 201, row)
  return row
}

/** Gives the seats of a live hold back; of a booked, released or expired one nothing changes. */
export function releaseHold(storage: LedgerStorage, command: ReleaseHoldCommand): ReleaseHoldOutcome {
  const hold = storage.hold(command.holdId)
  if (!hold) return refuse('not_found')
  if (hold.status !== 'live') return hold
  // Its end says how long the seats were kept from others.
  const released: HoldRow = { ...hold, status: 'released', expiresAt: Math.min(hold.expiresAt, storage.nowMs) }
  storage.updateHold(hold.id, released)
  // Lapsed ones too: where a clock is set back, they would count again, for nobody.
  const own = ownClaims(storage, hold).map(({ seatId }) => seatId)
  if (own.length === 0) return released
  storage.dropClaims(hold.showtimeId, hold.id, own)
  storage.noteChange(
    hold.showtimeId,
    own.filter((seatId) => seatId !== hold.id).map((id) => ({ id, status: 'available' })),
  )
  return released
}

/** The claims that are still this hold's: where servers' clocks differ, somebody may have found it lapsed before us. */
function ownClaims(storage: LedgerStorage, hold: HoldRow): Claim[] {
  return storage.claims(hold.showtimeId, claimedSeats(hold)).filter(({ ref }) => ref === hold.id)
}

/** Keeps the seats longer: the hold ends `holdMs` after it would have ended. */
export function extendHold(storage: LedgerStorage, command: ExtendHoldCommand): ExtendHoldOutcome {
  const replay = findReplay(storage, command.key)
  if (replay) return replay
  const hold = storage.hold(command.holdId)
  if (!hold || hold.status === 'released') return refuse('not_found')
  if (hold.status === 'booked') return refuse('no_extensions_left', 'The hold has become a booking.')
  const own = ownClaims(storage, hold)
  if (!isLive(hold, storage.nowMs) || own.length < claimedSeats(hold).length) return refuse('hold_expired')
  if (hold.extensionsLeft === 0) return refuse('no_extensions_left')
  const extended: HoldRow = {
    ...hold,
    expiresAt: hold.expiresAt + command.holdMs,
    extensionsLeft: hold.extensionsLeft - 1,
  }
  storage.updateHold(hold.id, extended)
  storage.putClaims(
    hold.showtimeId,
    own.map((mine) => ({ ...mine, expiresAt: extended.expiresAt })),
  )
  if (command.key) storage.keepAnswer(command.key, 200, extended)
  return extended
}

function findReplay(
  storage: LedgerStorage,
  key: IdempotencyRequest | null,
): Replay<HoldRow> | Refusal<'idempotency_key_reused'> | null {
  const kept = key && storage.keptAnswer(key)
  if (!key || !kept || kept.createdAt <= storage.nowMs - keptMs) return null
  return replayOf(kept, key)
}

/** The seats a hold names; none in general admission. */
export function seatsOf(hold: Pick<HoldRow, 'seats'>): string[] {
  return JSON.parse(hold.seats)
}

/** The `seat_id`s of a hold's claims: its seats, or its own id in general admission. */
export function claimedSeats(hold: Pick<HoldRow, 'seats' | 'id'>): string[] {
  const seats = seatsOf(hold)
  return seats.length > 0 ? seats : [hold.id]
}
