import type { Kysely } from 'kysely'
import type { Transaction } from '../database/database.ts'
import type { Tables } from '../database/tables/index.ts'
import type { OutOfOrderSeatRow } from '../database/tables/venues.ts'

/**
 * The seats of an auditorium that are out of order at some instant: what a showtime that starts then must block. Those
 * whose repair is due before are left out.
 */
export async function outOfOrderSeats(
  query: Kysely<Tables>,
  auditoriumId: string,
  atMs: number,
): Promise<OutOfOrderSeatRow[]> {
  return await query
    .selectFrom('outOfOrderSeats')
    .selectAll()
    .where('auditoriumId', '=', auditoriumId)
    .where((expression) => expression.or([expression('untilAt', 'is', null), expression('untilAt', '>', atMs)]))
    .orderBy('seatId')
    .execute()
}

export interface OutOfOrder {
  readonly seats: readonly string[]
  readonly reason: string
  /** Milliseconds since the epoch; null is until further notice. */
  readonly untilMs: number | null
  readonly createdBy: string | null
}

/**
 * Makes these the seats of an auditorium that are out of order, and no others. Answers those that are newly so and those
 * that are well again; to block and free them in showtimes is for the ledger, in the same transaction.
 */
export async function setOutOfOrderSeats(
  tx: Transaction,
  auditoriumId: string,
  wanted: OutOfOrder,
): Promise<{ readonly broken: string[]; readonly repaired: string[] }> {
  const before = await tx.query
    .deleteFrom('outOfOrderSeats')
    .where('auditoriumId', '=', auditoriumId)
    .returningAll()
    .execute()
  const known = new Map(before.map((row) => [row.seatId, row]))
  const rows = wanted.seats.map((seatId) => ({
    auditoriumId,
    seatId,
    reason: wanted.reason,
    untilAt: wanted.untilMs,
    createdBy: known.get(seatId)?.createdBy ?? wanted.createdBy,
    createdAt: known.get(seatId)?.createdAt ?? tx.nowMs,
  }))
  if (rows.length > 0) await tx.query.insertInto('outOfOrderSeats').values(rows).execute()
  const seats = new Set(wanted.seats)
  return {
    broken: wanted.seats.filter((seat) => !known.has(seat)),
    repaired: before.map((row) => row.seatId).filter((seat) => !seats.has(seat)),
  }
}
