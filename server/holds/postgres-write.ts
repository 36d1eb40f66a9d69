import type { PoolClient } from 'pg'
import { allSent } from '../database/postgres-errors.ts'
import type { HoldRow, SeatClaimRow } from '../database/tables/ledger.ts'
import type { BatchWrites } from './memory-storage.ts'

/**
 * Writes what a batch decided: one statement per table, rows in the order of their keys. They are sent one behind the
 * other and waited for with whatever follows them (the commit): one that fails takes the transaction along.
 */
export function sendWrites(client: PoolClient, writes: BatchWrites, nowMs: number): Promise<unknown> {
  return allSent([
    writeHolds(client, writes),
    writeClaims(client, writes, nowMs),
    writeVersions(client, writes),
    writeKeys(client, writes),
  ])
}

async function writeHolds(client: PoolClient, { inserted, updated }: BatchWrites): Promise<void> {
  // A hold that this batch both made and changed is written once, as it ended.
  const rows = [...inserted.values()].map((hold) => updated.get(hold.id) ?? hold)
  const column = <Name extends keyof HoldRow>(name: Name) => rows.map((row) => row[name])
  const statements: Promise<unknown>[] = []
  if (rows.length > 0) {
    const written = client.query({
      name: 'ledger-insert-holds',
      text: `INSERT INTO holds (id, showtime_id, auditorium_id, layout_version, seats, count, terms, client, address, user_id, channel, status, booking_id, extensions_left, created_at, expires_at)
        SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::bigint[], $5::text[], $6::bigint[], $7::text[], $8::text[], $9::text[], $10::text[], $11::text[], $12::text[], $13::text[], $14::bigint[], $15::bigint[], $16::bigint[])`,
      values: [
        column('id'),
        column('showtimeId'),
        column('auditoriumId'),
        column('layoutVersion'),
        column('seats'),
        column('count'),
        column('terms'),
        column('client'),
        column('address'),
        column('userId'),
        column('channel'),
        column('status'),
        column('bookingId'),
        column('extensionsLeft'),
        column('createdAt'),
        column('expiresAt'),
      ],
    })
    statements.push(written)
  }
  const changed = [...updated.values()].filter((hold) => !inserted.has(hold.id))
  if (changed.length > 0) statements.push(updateHolds(client, changed))
  await allSent(statements)
}

async function updateHolds(client: PoolClient, changed: readonly HoldRow[]): Promise<void> {
  await client.query({
    name: 'ledger-update-holds',
    text: `UPDATE holds SET status = changed.status, expires_at = changed.expires_at, extensions_left = changed.extensions_left
      FROM unnest($1::text[], $2::text[], $3::bigint[], $4::bigint[]) AS changed (id, status, expires_at, extensions_left)
      WHERE holds.id = changed.id COLLATE "C"`,
    values: [
      changed.map(({ id }) => id),
      changed.map(({ status }) => status),
      changed.map(({ expiresAt }) => expiresAt),
      changed.map(({ extensionsLeft }) => extensionsLeft),
    ],
  })
}

async function writeClaims(client: PoolClient, { claims, dropped }: BatchWrites, nowMs: number): Promise<void> {
  const statements: Promise<unknown>[] = []
  const gone = [...dropped.values()]
  if (gone.length > 0) {
    const deleted = client.query({
      name: 'ledger-drop-claims',
      text: `DELETE FROM seat_claims USING unnest($1::text[], $2::text[], $3::text[]) AS gone (showtime_id, seat_id, ref)
        WHERE seat_claims.showtime_id = gone.showtime_id COLLATE "C" AND seat_claims.seat_id = gone.seat_id COLLATE "C" AND seat_claims.ref = gone.ref COLLATE "C"`,
      values: [gone.map(({ showtimeId }) => showtimeId), gone.map(({ seatId }) => seatId), gone.map(({ ref }) => ref)],
    })
    statements.push(deleted)
  }
  const rows = [...claims].toSorted(([one], [other]) => (one < other ? -1 : 1)).map(([, row]) => row)
  if (rows.length > 0) statements.push(putClaims(client, rows, nowMs))
  await allSent(statements)
}

/** The last line of defence: a live claim of somebody else is never overwritten, whatever was believed in memory. */
async function putClaims(client: PoolClient, rows: readonly SeatClaimRow[], nowMs: number): Promise<void> {
  await client.query({
    name: 'ledger-put-claims',
    // Fewer rows than asked for divide by zero: the commit is on its way already, and must not be one.
    text: `WITH put AS (
      INSERT INTO seat_claims (showtime_id, seat_id, kind, ref, expires_at, places)
      SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::bigint[], $6::bigint[])
      ON CONFLICT (showtime_id, seat_id) DO UPDATE SET kind = excluded.kind, ref = excluded.ref, expires_at = excluded.expires_at, places = excluded.places
      WHERE seat_claims.ref = excluded.ref OR (seat_claims.expires_at IS NOT NULL AND seat_claims.expires_at <= $7)
      RETURNING 1)
      SELECT 1 / (CASE WHEN COUNT(*) = $8 THEN 1 ELSE 0 END) FROM put`,
    values: [
      rows.map(({ showtimeId }) => showtimeId),
      rows.map(({ seatId }) => seatId),
      rows.map(({ kind }) => kind),
      rows.map(({ ref }) => ref),
      rows.map(({ expiresAt }) => expiresAt),
      rows.map(({ places }) => places),
      nowMs,
      rows.length,
    ],
  })
}

async function writeVersions(client: PoolClient, { versions, changes }: BatchWrites): Promise<void> {
  if (versions.size === 0) return
  const raised = client.query({
    name: 'ledger-raise',
    text: `UPDATE showtime_ledgers SET version = raised.version FROM unnest($1::text[], $2::bigint[]) AS raised (showtime_id, version)
      WHERE showtime_ledgers.showtime_id = raised.showtime_id COLLATE "C"`,
    values: [[...versions.keys()], [...versions.values()]],
  })
  const noted = client.query({
    name: 'ledger-changes',
    text: `INSERT INTO seat_changes (showtime_id, version, changed, at) SELECT * FROM unnest($1::text[], $2::bigint[], $3::text[], $4::bigint[])`,
    values: [
      changes.map(({ showtimeId }) => showtimeId),
      changes.map(({ version }) => version),
      changes.map(({ changed }) => changed),
      changes.map(({ at }) => at),
    ],
  })
  await allSent([raised, noted])
}

async function writeKeys(client: PoolClient, { keys }: BatchWrites): Promise<void> {
  const rows = [...keys.values()]
  if (rows.length === 0) return
  await client.query({
    name: 'ledger-keep-keys',
    text: `INSERT INTO idempotency_keys (caller, route, key, body_hash, status, answer, created_at)
      SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::bigint[], $6::text[], $7::bigint[])
      ON CONFLICT (caller, route, key) DO UPDATE SET body_hash = excluded.body_hash, status = excluded.status, answer = excluded.answer, created_at = excluded.created_at`,
    values: [
      rows.map(({ caller }) => caller),
      rows.map(({ route }) => route),
      rows.map(({ key }) => key),
      rows.map(({ bodyHash }) => bodyHash),
      rows.map(({ status }) => status),
      rows.map(({ answer }) => answer),
      rows.map(({ createdAt }) => createdAt),
    ],
  })
}
