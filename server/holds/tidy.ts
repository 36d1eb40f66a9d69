import type { Database, Transaction } from '../database/database.ts'
import { keptMs } from '../http/idempotency.ts'
import { lockClaims, noteSeatChange } from './seat-changes.ts'
import { isLive } from './model.ts'

/** How long changes are kept for those who resume a stream, milliseconds. */
export const seatChangesKeptMs = 10 * 60_000
const rowsAtOnce = 500

/**
 * Sweeps away what has lapsed: correctness never waits for it. Claims whose time is over are dropped (and told to those who
 * watch), old changes and old idempotency records go. Answers how many claims were dropped.
 */
export async function tidyLedger(database: Database, nowMs: number): Promise<number> {
  const lapsed = await database.read
    .selectFrom((claims) =>
      claims
        .selectFrom('seatClaims')
        .select('showtimeId')
        .where('expiresAt', '<=', nowMs)
        // Oldest first: or SQLite would walk all claims in the order of their showtimes, to make them distinct.
        .orderBy('expiresAt')
        .limit(rowsAtOnce)
        .as('lapsed'),
    )
    .select('showtimeId')
    .distinct()
    .execute()
  let dropped = 0
  for (const { showtimeId } of lapsed) dropped += await tidyShowtime(database, showtimeId)
  await database.write(async (tx) => await dropOld(tx))
  return dropped
}

/** Drops what has lapsed in one showtime, and tells those who watch it. Answers how many claims were dropped. */
export async function tidyShowtime(database: Database, showtimeId: string): Promise<number> {
  return await database.write(async (tx) => await dropLapsed(tx, showtimeId))
}

async function dropLapsed(tx: Transaction, showtimeId: string): Promise<number> {
  const claims = (await lockClaims(tx, showtimeId)) ?? []
  // A booking that was not paid in time is ended by its own slice, which drops its claims.
  const lapsed = claims.filter((claim) => claim.kind !== 'booking' && !isLive(claim, tx.nowMs))
  if (lapsed.length === 0) return 0
  await tx.query
    .deleteFrom('seatClaims')
    .where('showtimeId', '=', showtimeId)
    .where('kind', '<>', 'booking')
    .where('expiresAt', '<=', tx.nowMs)
    .execute()
  await noteSeatChange(
    tx,
    showtimeId,
    lapsed.filter(({ seatId, ref }) => seatId !== ref).map(({ seatId }) => ({ id: seatId, status: 'available' })),
  )
  return lapsed.length
}

async function dropOld(tx: Transaction): Promise<void> {
  await tx.query
    .deleteFrom('seatChanges')
    .where('at', '<', tx.nowMs - seatChangesKeptMs)
    .execute()
  await tx.query
    .deleteFrom('idempotencyKeys')
    .where('createdAt', '<', tx.nowMs - keptMs)
    .execute()
}
