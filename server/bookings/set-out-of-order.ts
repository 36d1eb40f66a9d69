import { sql } from 'kysely'
import type { Kysely } from 'kysely'
import type { Database, Transaction } from '../database/database.ts'
import type { Tables } from '../database/tables/index.ts'
import type { OutOfOrderSeatRow } from '../database/tables/venues.ts'
import type { ShowtimeRow } from '../database/tables/showtimes.ts'
import { refuse, refuseField } from '../platform/refusal.ts'
import type { Refusal } from '../platform/refusal.ts'
import { seatIdsOf } from '../venues/layout.ts'
import { outOfOrderSeats, setOutOfOrderSeats } from '../venues/out-of-order.ts'
import type { OutOfOrder } from '../venues/out-of-order.ts'
import { findAuditorium, lockAuditorium, parseStoredLayout } from '../venues/store.ts'
import { applyOutOfOrder } from './apply-out-of-order.ts'
import type { HitBooking } from './apply-out-of-order.ts'

export interface OutOfOrderOutcome {
  readonly seats: readonly OutOfOrderSeatRow[]
  readonly bookings: readonly (HitBooking & { readonly reference: string })[]
}

/**
 * Says which seats of an auditorium are out of order, all of them: they are blocked in every coming showtime that starts
 * before they are repaired, and those no longer named are free again. Answers the bookings that have such a seat.
 */
export async function setOutOfOrder(
  tx: Transaction,
  auditoriumId: string,
  wanted: OutOfOrder,
): Promise<OutOfOrderOutcome | Refusal<'not_found' | 'unknown_seats' | 'validation_failed'>> {
  // New showtimes of the auditorium wait meanwhile, and block what they find afterwards.
  await lockAuditorium(tx, auditoriumId)
  const auditorium = await findAuditorium(tx.query, auditoriumId)
  if (!auditorium) return refuse('not_found')
  const layout = parseStoredLayout(auditorium.layout)
  if (layout.seating === 'general' && wanted.seats.length > 0) return refuseField('/seats', 'is for reserved seating')
  const known = new Set(seatIdsOf(layout))
  const unknown = wanted.seats.map(({ seatId }) => seatId).filter((seat) => !known.has(seat))
  if (unknown.length > 0) return refuse('unknown_seats', undefined, { extra: { seats: unknown } })
  await setOutOfOrderSeats(tx, auditoriumId, wanted)
  const broken = await outOfOrderSeats(tx.query, auditoriumId)
  const hits: HitBooking[] = []
  for (const showtime of await comingShowtimes(tx, auditoriumId)) {
    hits.push(...(await applyOutOfOrder(tx, showtime, broken)))
  }
  return { seats: broken, bookings: await withReferences(tx.query, hits) }
}

async function comingShowtimes(tx: Transaction, auditoriumId: string): Promise<ShowtimeRow[]> {
  return await tx.query
    .selectFrom('showtimes')
    .selectAll()
    .where('auditoriumId', '=', auditoriumId)
    .where('seating', '=', 'reserved')
    .where('status', '!=', 'cancelled')
    .where('startsAt', '>', tx.nowMs)
    .orderBy('id')
    .execute()
}

async function withReferences(query: Kysely<Tables>, hits: readonly HitBooking[]) {
  if (hits.length === 0) return []
  const ids = [...new Set(hits.map(({ bookingId }) => bookingId))]
  const rows = await query.selectFrom('bookings').select(['id', 'reference']).where('id', 'in', ids).execute()
  const references = new Map(rows.map(({ id, reference }) => [id, reference]))
  return hits.map((hit) => ({ ...hit, reference: references.get(hit.bookingId) ?? '' }))
}

/**
 * Blocks seats that are out of order and have become free since: a booking was cancelled, a hold of the counter lapsed.
 * Answers how many showtimes had any.
 */
export async function keepOutOfOrder(database: Database, nowMs: number): Promise<number> {
  const { rows } = await sql<{ id: string }>`
    SELECT DISTINCT s.id FROM out_of_order_seats o
    CROSS JOIN showtimes s
    WHERE s.auditorium_id = o.auditorium_id AND s.status <> 'cancelled' AND s.seating = 'reserved' AND s.starts_at > ${nowMs}
      AND (o.until_at IS NULL OR o.until_at > s.starts_at)
      AND NOT EXISTS (
        SELECT 1 FROM seat_claims c WHERE c.showtime_id = s.id AND c.seat_id = o.seat_id
          AND (c.expires_at IS NULL OR c.expires_at > ${nowMs}))`.execute(database.read)
  for (const { id } of rows) {
    await database.write(async (tx) => {
      const showtime = await tx.query.selectFrom('showtimes').selectAll().where('id', '=', id).executeTakeFirst()
      if (showtime) await applyOutOfOrder(tx, showtime, await outOfOrderSeats(tx.query, showtime.auditoriumId))
    })
  }
  return rows.length
}
