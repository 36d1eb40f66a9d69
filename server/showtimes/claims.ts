import { sql } from 'kysely'
import type { Kysely } from 'kysely'
import { inChunks } from '../database/chunks.ts'
import type { Transaction } from '../database/database.ts'
import type { Tables } from '../database/tables/index.ts'
import type { SeatClaimRow } from '../database/tables/ledger.ts'
import type { ShowtimeRow } from '../database/tables/showtimes.ts'
import { seatIdsOf } from '../venues/layout.ts'
import { findLayout } from '../venues/store.ts'

/**
 * Counts the places that are taken in each of these showtimes, at an instant; one without any may be missing. The seat ledger
 * lies to the right of showtimes, so the house hands this in.
 */
export type CountTaken = (
  query: Kysely<Tables>,
  showtimeIds: readonly string[],
  nowMs: number,
) => Promise<ReadonlyMap<string, number>>

/** Counts them in the table of claims. */
export const countTakenPlaces: CountTaken = async (query, showtimeIds, nowMs) => {
  if (showtimeIds.length === 0) return new Map()
  const rows = await query
    .selectFrom('seatClaims')
    .select((claim) => ['showtimeId', claim.fn.sum<number>('places').as('taken')])
    .where('showtimeId', 'in', showtimeIds)
    .where((claim) => claim.or([claim('expiresAt', 'is', null), claim('expiresAt', '>', nowMs)]))
    .groupBy('showtimeId')
    .execute()
  return new Map(rows.map((row) => [row.showtimeId, row.taken]))
}

/** The claims on a showtime's seats that count now. */
function liveClaims(tx: Transaction, showtimeId: string) {
  return tx.query
    .selectFrom('seatClaims')
    .where('showtimeId', '=', showtimeId)
    .where((claim) => claim.or([claim('expiresAt', 'is', null), claim('expiresAt', '>', tx.nowMs)]))
}

/** Whether seats are sold: booked and paid, or booked and still to be paid. */
export async function hasSoldSeats(tx: Transaction, showtimeId: string): Promise<boolean> {
  const sold = await liveClaims(tx, showtimeId).select('seatId').where('kind', '=', 'booking').limit(1).execute()
  return sold.length > 0
}

/** Whether anybody ever booked, or holds a seat now: such a showtime is kept. */
export async function hasHistory(tx: Transaction, showtimeId: string): Promise<boolean> {
  const claimed = await liveClaims(tx, showtimeId).select('seatId').where('kind', '!=', 'block').limit(1).execute()
  if (claimed.length > 0) return true
  const booked = await sql`SELECT 1 FROM bookings WHERE showtime_id = ${showtimeId} LIMIT 1`.execute(tx.query)
  return booked.rows.length > 0
}

/** Whether everybody who booked finds the same seats (or, in general admission, a place) in the layout the showtime now has. */
export async function soldSeatsFit(tx: Transaction, moved: ShowtimeRow): Promise<boolean> {
  const sold = await liveClaims(tx, moved.id).select(['seatId', 'places']).where('kind', '=', 'booking').execute()
  const layout = await findLayout(tx.query, moved.auditoriumId, moved.layoutVersion)
  if (layout?.seating === 'reserved') {
    const seats = new Set(seatIdsOf(layout))
    return sold.every((claim) => seats.has(claim.seatId))
  }
  const places = sold.reduce((sum, claim) => sum + claim.places, 0)
  return layout !== undefined && places <= layout.capacity
}

/** Ends every hold and block of a showtime whose seats have become other seats, and tells those who watch it. */
export async function freeUnsoldSeats(tx: Transaction, showtimeId: string): Promise<void> {
  await tx.query
    .updateTable('holds')
    .set({ status: 'released' })
    .where('showtimeId', '=', showtimeId)
    .where('status', '=', sql.lit('live'))
    .execute()
  await tx.query.deleteFrom('seatClaims').where('showtimeId', '=', showtimeId).where('kind', '!=', 'booking').execute()
  await tx.query
    .updateTable('showtimeLedgers')
    .set((ledger) => ({ version: ledger('version', '+', 1) }))
    .where('showtimeId', '=', showtimeId)
    .execute()
  tx.announceSeats([showtimeId])
}

/** Marks claims on seats that are out of order, apart from the house's own blocks. */
export const outOfOrderRef = 'out_of_order'

/**
 * Blocks the seats of each showtime's auditorium that are still out of order when it starts, as far as its layout has them; never
 * over a claim.
 */
export async function blockOutOfOrder(tx: Transaction, showtimes: readonly ShowtimeRow[]): Promise<void> {
  const reserved = showtimes.filter((showtime) => showtime.seating === 'reserved')
  const broken = await inChunks([...new Set(reserved.map((showtime) => showtime.auditoriumId))], (ids) =>
    tx.query.selectFrom('outOfOrderSeats').selectAll().where('auditoriumId', 'in', ids).execute(),
  )
  if (broken.length === 0) return
  const byAuditorium = Map.groupBy(broken, (seat) => seat.auditoriumId)
  const seats = await readSeats(tx, reserved)
  const claims = reserved.flatMap(({ id, auditoriumId, layoutVersion, startsAt }): SeatClaimRow[] =>
    (byAuditorium.get(auditoriumId) ?? [])
      .filter(({ untilAt }) => untilAt === null || untilAt > startsAt)
      .filter(({ seatId }) => seats.get(layoutName({ auditoriumId, layoutVersion }))?.has(seatId))
      .map(({ seatId }) => ({ showtimeId: id, seatId, kind: 'block', ref: outOfOrderRef, expiresAt: null, places: 1 })),
  )
  await inChunks(claims, async (chunk) => {
    await tx.query
      .insertInto('seatClaims')
      .values(chunk)
      .onConflict((conflict) => conflict.columns(['showtimeId', 'seatId']).doNothing())
      .execute()
    return []
  })
}

type LayoutOf = Pick<ShowtimeRow, 'auditoriumId' | 'layoutVersion'>

function layoutName({ auditoriumId, layoutVersion }: LayoutOf): string {
  return `${auditoriumId} ${layoutVersion}`
}

/** The seats of showtimes' layouts, each layout read once. */
async function readSeats(tx: Transaction, showtimes: readonly LayoutOf[]): Promise<Map<string, ReadonlySet<string>>> {
  const seats = new Map<string, ReadonlySet<string>>()
  for (const showtime of showtimes) {
    const name = layoutName(showtime)
    if (seats.has(name)) continue
    const layout = await findLayout(tx.query, showtime.auditoriumId, showtime.layoutVersion)
    seats.set(name, new Set(layout ? seatIdsOf(layout) : []))
  }
  return seats
}
