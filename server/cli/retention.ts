import { sql } from 'kysely'
import type { RawBuilder } from 'kysely'
import type { Database } from '../database/database.ts'
import { seatChangesKeptMs } from '../holds/tidy.ts'
import { keptMs } from '../http/idempotency.ts'

const dayMs = 24 * 3600 * 1000

/** What is kept no longer than it is needed: one line each of `docs/privacy.md`, which a test compares. */
export interface Retention {
  /** As the command and the register call it. */
  readonly name: string
  /** Kept for so long, milliseconds; 0: as soon as it means nothing any more. */
  readonly keptMs: number
  readonly table: string
  readonly key: readonly string[]
  /** What is out of date. `before`: milliseconds since the epoch. */
  readonly isOld: (before: number) => RawBuilder<unknown>
  /** What becomes of it; null: the row goes. */
  readonly blank: RawBuilder<unknown> | null
}

export const retentions: readonly Retention[] = [
  {
    // Their ids stay for ever: an event that comes again is known.
    name: 'bodies of payment events',
    keptMs: 90 * dayMs,
    table: 'provider_events',
    key: ['provider', 'event_id'],
    isOld: (before) => sql`received_at < ${before} AND payload <> '{}'`,
    blank: sql`payload = '{}'`,
  },
  {
    // Mails to accounts among it, with their addresses. What is not done is never pruned.
    name: 'work that is done',
    keptMs: 90 * dayMs,
    table: 'outbox',
    key: ['id'],
    isOld: (before) => sql`done_at IS NOT NULL AND done_at < ${before}`,
    blank: null,
  },
  {
    name: 'webhook deliveries',
    keptMs: 90 * dayMs,
    table: 'webhook_deliveries',
    key: ['id'],
    isOld: (before) => sql`ended_at IS NOT NULL AND ended_at < ${before}`,
    blank: null,
  },
  {
    name: 'holds that became nothing',
    keptMs: 30 * dayMs,
    table: 'holds',
    key: ['id'],
    isOld: (before) =>
      sql`booking_id IS NULL AND expires_at < ${before} AND id NOT IN (SELECT ref FROM seat_claims WHERE kind = 'hold')`,
    blank: null,
  },
  {
    name: 'addresses behind holds',
    keptMs: 30 * dayMs,
    table: 'holds',
    key: ['id'],
    isOld: (before) => sql`booking_id IS NOT NULL AND created_at < ${before} AND address <> ''`,
    blank: sql`address = '', client = CASE WHEN client LIKE 'address:%' THEN 'address:' ELSE client END`,
  },
  {
    name: 'addresses behind bookings',
    keptMs: 30 * dayMs,
    table: 'bookings',
    key: ['id'],
    isOld: (before) => sql`created_at < ${before} AND client LIKE 'address:_%' AND status <> 'pending'`,
    blank: sql`client = 'address:'`,
  },
  {
    name: 'seat changes',
    keptMs: seatChangesKeptMs,
    table: 'seat_changes',
    key: ['showtime_id', 'version'],
    isOld: (before) => sql`at < ${before}`,
    blank: null,
  },
  {
    name: 'places in waiting rooms',
    keptMs: 30 * dayMs,
    table: 'waiting_entries',
    key: ['id'],
    // All of a room together, or its draw could not be checked; nobody's who joined long before it opens.
    isOld: (before) =>
      sql`joined_at < ${before} AND showtime_id IN (SELECT showtime_id FROM waiting_rooms WHERE opens_at < ${before})`,
    blank: null,
  },
  {
    name: 'idempotency keys',
    keptMs,
    table: 'idempotency_keys',
    key: ['caller', 'route', 'key'],
    isOld: (before) => sql`created_at < ${before}`,
    blank: null,
  },
  {
    name: 'log-in attempts and guesses',
    keptMs: 0,
    table: 'throttles',
    key: ['key'],
    isOld: (before) => sql`empty_at <= ${before}`,
    blank: null,
  },
  {
    name: 'links that were mailed',
    keptMs: 30 * dayMs,
    table: 'mail_tokens',
    key: ['id'],
    isOld: (before) => sql`expires_at <= ${before}`,
    blank: null,
  },
  {
    name: 'sessions',
    keptMs: 30 * dayMs,
    table: 'sessions',
    key: ['id'],
    isOld: (before) => sql`(expires_at <= ${before} OR ended_at <= ${before})`,
    blank: null,
  },
]

/** So that a server beside it waits a moment at most. */
const rowsAtOnce = 1000

/** How many rows are out of date. */
export async function countOld(
  { read }: Database,
  { table, isOld, keptMs: kept }: Retention,
  nowMs: number,
): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    SELECT COUNT(*) AS count FROM ${sql.table(table)} WHERE ${isOld(nowMs - kept)}`.execute(read)
  return Number(rows[0]?.count)
}

/** Takes them out, some at a time, each batch in a transaction of its own. Answers how many. */
export async function pruneOld(database: Database, retention: Retention, nowMs: number): Promise<number> {
  const { table, key, isOld, blank, keptMs: kept } = retention
  const columns = sql.join(key.map((column) => sql.ref(column)))
  const some = sql`(${columns}) IN (
    SELECT ${columns} FROM ${sql.table(table)} WHERE ${isOld(nowMs - kept)} LIMIT ${rowsAtOnce})`
  const statement = blank
    ? sql`UPDATE ${sql.table(table)} SET ${blank} WHERE ${some} RETURNING 1 AS one`
    : sql`DELETE FROM ${sql.table(table)} WHERE ${some} RETURNING 1 AS one`
  for (let pruned = 0; ;) {
    const { rows } = await database.write(async ({ query }) => await statement.execute(query))
    pruned += rows.length
    if (rows.length < rowsAtOnce) return pruned
  }
}
