import { sql } from 'kysely'
import type { Transaction } from '../database/database.ts'
import type { OutOfOrderSeatRow } from '../database/tables/venues.ts'
import type { ShowtimeRow } from '../database/tables/showtimes.ts'
import type { Claim, SeatChange } from '../holds/model.ts'
import { dropClaims, hasOtherSeats, liveClaims, lockClaims, noteSeatChange, putClaims } from '../holds/seat-changes.ts'
import { outOfOrderRef } from '../showtimes/claims.ts'
import { seatIdsOf } from '../venues/layout.ts'
import { findLayout } from '../venues/store.ts'

/** A booking with seats that are out of order. */
export interface HitBooking {
  readonly bookingId: string
  readonly showtimeId: string
  readonly seats: readonly string[]
}

/**
 * Makes a showtime's blocks agree with what is out of order in its auditorium: free seats are blocked, repaired ones freed,
 * holds on broken ones end (nobody should pay for them). Bookings stay, and are answered: people decide about them.
 */
export async function applyOutOfOrder(
  tx: Transaction,
  showtime: ShowtimeRow,
  broken: readonly OutOfOrderSeatRow[],
): Promise<HitBooking[]> {
  const layout = await findLayout(tx.query, showtime.auditoriumId, showtime.layoutVersion)
  const seats = new Set(layout ? seatIdsOf(layout) : [])
  const wanted = new Set(
    broken
      .filter(({ seatId, untilAt }) => seats.has(seatId) && (untilAt === null || untilAt > showtime.startsAt))
      .map(({ seatId }) => seatId),
  )
  const claims = liveClaims((await lockClaims(tx, showtime.id)) ?? [], tx.nowMs)
  // It has gone to another hall since it was looked up, and has been given that one's blocks.
  if (await hasOtherSeats(tx, showtime)) return []
  const changes = await freeRepaired(tx, showtime.id, claims, wanted)
  const inTheWay = claims.filter(({ seatId }) => wanted.has(seatId))
  const holds = [...new Set(inTheWay.filter(({ kind }) => kind === 'hold').map(({ ref }) => ref))]
  for (const hold of holds) changes.push(...(await endHold(tx, showtime.id, hold)))
  const taken = new Set(inTheWay.filter(({ kind }) => kind !== 'hold').map(({ seatId }) => seatId))
  const blocks = [...wanted].filter((seatId) => !taken.has(seatId)).toSorted()
  const block = { kind: 'block', ref: outOfOrderRef, expiresAt: null, places: 1 } as const
  await putClaims(
    tx,
    showtime.id,
    blocks.map((seatId) => ({ seatId, ...block })),
  )
  const blocked = new Set(blocks)
  const changed = [
    ...changes.filter(({ id }) => !blocked.has(id)),
    ...blocks.map((id): SeatChange => ({ id, status: 'blocked' })),
  ]
  if (changed.length > 0) await noteSeatChange(tx, showtime.id, changed)
  const bookings = Map.groupBy(
    inTheWay.filter(({ kind }) => kind === 'booking'),
    ({ ref }) => ref,
  )
  return [...bookings].map(([bookingId, hit]) => ({
    bookingId,
    showtimeId: showtime.id,
    seats: hit.map(({ seatId }) => seatId).toSorted(),
  }))
}

async function freeRepaired(
  tx: Transaction,
  showtimeId: string,
  claims: readonly Claim[],
  wanted: ReadonlySet<string>,
): Promise<SeatChange[]> {
  const repaired = claims.filter(({ ref, seatId }) => ref === outOfOrderRef && !wanted.has(seatId))
  const freed = await dropClaims(
    tx,
    showtimeId,
    outOfOrderRef,
    repaired.map(({ seatId }) => seatId),
  )
  return freed.map((id) => ({ id, status: 'available' }))
}

async function endHold(tx: Transaction, showtimeId: string, holdId: string): Promise<SeatChange[]> {
  await tx.query
    .updateTable('holds')
    .set({ status: 'released' })
    .where('id', '=', holdId)
    .where('status', '=', sql.lit('live'))
    .execute()
  const freed = await dropClaims(tx, showtimeId, holdId)
  return freed.map((id) => ({ id, status: 'available' }))
}
