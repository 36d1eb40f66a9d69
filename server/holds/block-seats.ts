import type { Transaction } from '../database/database.ts'
import { isRefusal, refuse, refuseField } from '../platform/refusal.ts'
import type { Refusal } from '../platform/refusal.ts'
import { outOfOrderRef } from '../showtimes/claims.ts'
import { blockRef } from './model.ts'
import { unknownSeats } from './place-hold.ts'
import { dropClaims, hasOtherSeats, liveClaims, lockClaims, noteSeatChange, putClaims } from './seat-changes.ts'
import type { ShowtimeForSale } from './store.ts'

/** Seats that are kept out of sale, sorted. */
export interface Blocked {
  readonly blocked: string[]
}

type BlockRefusal = Refusal<
  'not_found' | 'validation_failed' | 'unknown_seats' | 'seats_unavailable' | 'showtime_cancelled' | 'busy'
>

/** Keeps house seats out of sale until `releaseAtMs` (null: until they are released); never over a seat that is held or sold. */
export async function blockSeats(
  tx: Transaction,
  showtime: ShowtimeForSale,
  seats: readonly string[],
  releaseAtMs: number | null,
): Promise<Blocked | BlockRefusal> {
  const refused = judge(showtime, seats)
  if (refused) return refused
  const claims = await lockClaims(tx, showtime.id)
  if (!claims) return refuse('not_found')
  if (await hasOtherSeats(tx, showtime)) return beingChanged()
  const live = liveClaims(claims, tx.nowMs)
  const wanted = new Set(seats)
  const taken = live.filter(({ seatId, kind }) => kind !== 'block' && wanted.has(seatId)).map(({ seatId }) => seatId)
  if (taken.length > 0) return refuse('seats_unavailable', undefined, { extra: { seats: taken.toSorted() } })
  // Seats that are out of order are blocked already, and stay so when house seats are released.
  const broken = new Set(live.filter(({ ref }) => ref === outOfOrderRef).map(({ seatId }) => seatId))
  await putClaims(
    tx,
    showtime.id,
    seats
      .filter((seatId) => !broken.has(seatId))
      .map((seatId) => ({ seatId, kind: 'block', ref: blockRef, expiresAt: releaseAtMs, places: 1 })),
  )
  await noteSeatChange(
    tx,
    showtime.id,
    seats.map((id) => ({ id, status: 'blocked' })),
  )
  const blocked = live.filter(({ kind }) => kind === 'block').map(({ seatId }) => seatId)
  return { blocked: [...new Set([...blocked, ...seats])].toSorted() }
}

/** Its hall or layout was changed after the showtime was looked up: what was asked for may be no seat any more. */
export function beingChanged(): Refusal<'busy'> {
  return refuse('busy', 'The showtime is being changed. Try again in a moment.', { retryAfterSeconds: 1 })
}

/** Puts house seats back on sale; seats that are not blocked stay as they are. */
export async function unblockSeats(
  tx: Transaction,
  showtime: ShowtimeForSale,
  seats: readonly string[],
): Promise<Blocked | BlockRefusal> {
  const refused = judge(showtime, seats)
  if (isRefusal(refused) && refused.code !== 'showtime_cancelled') return refused
  const claims = await lockClaims(tx, showtime.id)
  if (!claims) return refuse('not_found')
  const wanted = new Set(seats)
  const blocks = liveClaims(claims, tx.nowMs).filter(({ kind }) => kind === 'block')
  const own = blocks.filter(({ ref }) => ref === blockRef)
  const freed = own.filter(({ seatId }) => wanted.has(seatId)).map(({ seatId }) => seatId)
  if (freed.length > 0) {
    await dropClaims(tx, showtime.id, blockRef, freed)
    await noteSeatChange(
      tx,
      showtime.id,
      freed.map((id) => ({ id, status: 'available' })),
    )
  }
  return {
    blocked: blocks
      .map(({ seatId }) => seatId)
      .filter((seatId) => !freed.includes(seatId))
      .toSorted(),
  }
}

function judge(showtime: ShowtimeForSale, seats: readonly string[]): BlockRefusal | null {
  if (showtime.layout.seating === 'general') return refuseField('/seats', 'is for reserved seating')
  const doubled = seats.findIndex((seat, index) => seats.indexOf(seat) !== index)
  if (doubled >= 0) return refuseField(`/seats/${doubled}`, 'is named twice')
  if (showtime.status === 'cancelled') return refuse('showtime_cancelled')
  return unknownSeats(showtime, seats)
}
