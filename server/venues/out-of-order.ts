import type { Kysely } from 'kysely'
import type { Transaction } from '../database/database.ts'
import type { Tables } from '../database/tables/index.ts'
import type { OutOfOrderSeatRow } from '../database/tables/venues.ts'

/** The seats of an auditorium that are out of order, with when they are repaired. */
export async function outOfOrderSeats(query: Kysely<Tables>, auditoriumId: string): Promise<OutOfOrderSeatRow[]> {
  return await query
    .selectFrom('outOfOrderSeats')
    .selectAll()
    .where('auditoriumId', '=', auditoriumId)
    .orderBy('seatId')
    .execute()
}

export interface BrokenSeat {
  readonly seatId: string
  readonly reason: string
  /** Milliseconds since the epoch; null is until further notice. */
  readonly untilMs: number | null
}

export interface OutOfOrder {
  /** Each once. */
  readonly seats: readonly BrokenSeat[]
  readonly createdBy: string | null
}

/** Makes these the seats of an auditorium that are out of order, and no others; what that does to showtimes is theirs. */
export async function setOutOfOrderSeats(tx: Transaction, auditoriumId: string, wanted: OutOfOrder): Promise<void> {
  const before = await tx.query
    .deleteFrom('outOfOrderSeats')
    .where('auditoriumId', '=', auditoriumId)
    .returningAll()
    .execute()
  if (wanted.seats.length === 0) return
  const known = new Map(before.map((row) => [row.seatId, row]))
  const rows = wanted.seats.map(({ seatId, reason, untilMs }) => ({
    auditoriumId,
    seatId,
    reason,
    untilAt: untilMs,
    createdBy: known.get(seatId)?.createdBy ?? wanted.createdBy,
    createdAt: known.get(seatId)?.createdAt ?? tx.nowMs,
  }))
  await tx.query.insertInto('outOfOrderSeats').values(rows).execute()
}
