import type { PoolClient } from 'pg'
import { assert } from '../platform/assert.ts'
import type { IdempotencyKeyRow } from '../database/tables/platform.ts'
import type { HoldRow, SeatChangeRow, SeatClaimRow } from '../database/tables/ledger.ts'
import type { IdempotencyRequest } from '../http/idempotency.ts'
import type { LedgerCommand, LedgerShowtime, LedgerStorage } from './ledger.ts'
import { isLive } from './model.ts'
import type { Claim } from './model.ts'

/** What a batch has decided to write, in memory until all of it is decided. */
export interface BatchWrites {
  readonly claims: Map<string, SeatClaimRow>
  readonly dropped: Map<string, { readonly showtimeId: string; readonly seatId: string; readonly ref: string }>
  readonly inserted: Map<string, HoldRow>
  readonly updated: Map<string, HoldRow>
  readonly versions: Map<string, number>
  readonly changes: SeatChangeRow[]
  readonly keys: Map<string, IdempotencyKeyRow>
}

interface LoadedShowtime extends LedgerShowtime {
  readonly version: number
}

const seatKey = (showtimeId: string, seatId: string) => `${showtimeId}\n${seatId}`
const keyName = (key: Pick<IdempotencyRequest, 'caller' | 'route' | 'key'>) => `${key.caller}\n${key.route}\n${key.key}`

/** Locks the showtimes of a batch and reads what its commands need. */
export async function loadBatch(
  client: PoolClient,
  commands: readonly LedgerCommand[],
  nowMs: number,
): Promise<{ readonly storage: LedgerStorage; readonly writes: BatchWrites }> {
  const showtimes = await loadShowtimes(client, commands)
  const claims = await loadClaims(client, commands)
  const holds = await loadHolds(client, commands)
  const usage = await loadUsage(client, commands, nowMs)
  const kept = await loadKeys(client, commands)
  const writes: BatchWrites = {
    claims: new Map(),
    dropped: new Map(),
    inserted: new Map(),
    updated: new Map(),
    versions: new Map(),
    changes: [],
    keys: new Map(),
  }
  return { storage: memoryStorage({ showtimes, claims, holds, usage, kept }, writes, nowMs), writes }
}

interface Loaded {
  readonly showtimes: ReadonlyMap<string, LoadedShowtime>
  /** By showtime, then by seat; the batch's own claims are put in as it goes. */
  readonly claims: Map<string, Map<string, Claim>>
  readonly holds: Map<string, HoldRow>
  readonly usage: Usage
  readonly kept: Map<string, IdempotencyKeyRow>
}

interface Usage {
  readonly holds: Map<string, number>
  readonly places: Map<string, number>
}

function memoryStorage(loaded: Loaded, writes: BatchWrites, nowMs: number): LedgerStorage {
  const claimsOf = (showtimeId: string) => loaded.claims.getOrInsertComputed(showtimeId, () => new Map())
  const count = (counts: Map<string, number>, name: string, more: number) =>
    counts.set(name, (counts.get(name) ?? 0) + more)
  return {
    nowMs,
    showtime: (id) => loaded.showtimes.get(id) ?? null,
    claims: (showtimeId, seatIds) => seatIds.flatMap((seatId) => claimsOf(showtimeId).get(seatId) ?? []),
    allClaims: (showtimeId) => [...claimsOf(showtimeId).values()],
    hold: (id) => loaded.holds.get(id) ?? null,
    openHoldsOf: (client) => loaded.usage.holds.get(client) ?? 0,
    placesHeldBy: (address) => loaded.usage.places.get(address) ?? 0,
    keptAnswer: (key) => loaded.kept.get(keyName(key)) ?? null,
    putClaims(showtimeId, claims) {
      for (const claim of claims) {
        const standing = claimsOf(showtimeId).get(claim.seatId)
        assert(!standing || standing.ref === claim.ref || !isLive(standing, nowMs), `Seat ${claim.seatId} is claimed`)
        claimsOf(showtimeId).set(claim.seatId, claim)
        const name = seatKey(showtimeId, claim.seatId)
        writes.claims.set(name, { showtimeId, ...claim })
        writes.dropped.delete(name)
      }
    },
    dropClaims(showtimeId, ref, seatIds) {
      for (const seatId of seatIds) {
        if (claimsOf(showtimeId).get(seatId)?.ref !== ref) continue
        claimsOf(showtimeId).delete(seatId)
        const name = seatKey(showtimeId, seatId)
        writes.claims.delete(name)
        writes.dropped.set(name, { showtimeId, seatId, ref })
      }
    },
    insertHold(hold) {
      loaded.holds.set(hold.id, hold)
      writes.inserted.set(hold.id, hold)
      count(loaded.usage.holds, hold.client, 1)
      count(loaded.usage.places, hold.address, hold.count)
    },
    updateHold(id, change) {
      const hold = loaded.holds.get(id)
      assert(hold, 'A hold that was not read cannot be changed')
      const row = { ...hold, ...change }
      loaded.holds.set(id, row)
      writes.updated.set(id, row)
    },
    noteChange(showtimeId, changed) {
      const version = (writes.versions.get(showtimeId) ?? loaded.showtimes.get(showtimeId)?.version ?? 0) + 1
      writes.versions.set(showtimeId, version)
      writes.changes.push({ showtimeId, version, changed: JSON.stringify(changed), at: nowMs })
    },
    keepAnswer(key, status, body) {
      const row = { ...key, status, answer: JSON.stringify(body), createdAt: nowMs }
      loaded.kept.set(keyName(key), row)
      writes.keys.set(keyName(key), row)
    },
  }
}

async function loadShowtimes(
  client: PoolClient,
  commands: readonly LedgerCommand[],
): Promise<Map<string, LoadedShowtime>> {
  const ids = [...new Set(commands.map(({ showtimeId }) => showtimeId))].toSorted()
  await client.query({
    name: 'ledger-lock',
    text: 'SELECT 1 FROM showtime_ledgers WHERE showtime_id = ANY($1::text[]) ORDER BY showtime_id FOR UPDATE',
    values: [ids],
  })
  // A second statement, so that it sees what whoever held the locks before has committed.
  const { rows } = await client.query<LoadedShowtime>({
    name: 'ledger-showtimes',
    text: `SELECT showtimes.id AS "showtimeId", auditorium_id AS "auditoriumId", layout_version AS "layoutVersion", capacity, status,
      sales_open_at AS "salesOpenAt", sales_close_at AS "salesCloseAt", staff_sales_close_at AS "staffSalesCloseAt",
      sales_paused AS "salesPaused", version
      FROM showtimes JOIN showtime_ledgers ON showtime_id = showtimes.id WHERE showtimes.id = ANY($1::text[])`,
    values: [ids],
  })
  return new Map(rows.map((row) => [row.showtimeId, row]))
}

/** The asked seats alone; all claims of a showtime only where a command chooses, counts or judges by the whole hall. */
async function loadClaims(
  client: PoolClient,
  commands: readonly LedgerCommand[],
): Promise<Map<string, Map<string, Claim>>> {
  const whole = new Set<string>()
  const pairs = new Map<string, readonly [string, string]>()
  for (const command of commands) {
    if (command.kind !== 'place' || command.judge || command.wish.kind !== 'seats') whole.add(command.showtimeId)
    else
      for (const seat of command.wish.seatIds) pairs.set(seatKey(command.showtimeId, seat), [command.showtimeId, seat])
  }
  const asked = [...pairs.values()].filter(([showtimeId]) => !whole.has(showtimeId))
  const { rows } = await client.query<SeatClaimRow>({
    name: 'ledger-claims',
    text: `SELECT showtime_id AS "showtimeId", seat_id AS "seatId", kind, ref, expires_at AS "expiresAt", places
      FROM seat_claims WHERE showtime_id = ANY($1::text[])
      UNION ALL
      SELECT c.showtime_id, c.seat_id, c.kind, c.ref, c.expires_at, c.places
      FROM unnest($2::text[], $3::text[]) AS asked (showtime_id, seat_id)
      JOIN seat_claims c ON c.showtime_id = asked.showtime_id COLLATE "C" AND c.seat_id = asked.seat_id COLLATE "C"`,
    values: [[...whole], asked.map(([showtimeId]) => showtimeId), asked.map(([, seatId]) => seatId)],
  })
  const claims = new Map<string, Map<string, Claim>>()
  for (const { showtimeId, ...claim } of rows) {
    claims.getOrInsertComputed(showtimeId, () => new Map()).set(claim.seatId, claim)
  }
  return claims
}

async function loadHolds(client: PoolClient, commands: readonly LedgerCommand[]): Promise<Map<string, HoldRow>> {
  const ids = commands.flatMap((command) => (command.kind === 'place' ? [] : [command.holdId])).toSorted()
  if (ids.length === 0) return new Map()
  const { rows } = await client.query<HoldRow>({
    name: 'ledger-holds',
    text: `SELECT id, showtime_id AS "showtimeId", seats, count, terms, client, address, user_id AS "userId", channel, status,
      booking_id AS "bookingId", extensions_left AS "extensionsLeft", created_at AS "createdAt", expires_at AS "expiresAt"
      FROM holds WHERE id = ANY($1::text[])`,
    values: [ids],
  })
  return new Map(rows.map((row) => [row.id, row]))
}

async function loadUsage(client: PoolClient, commands: readonly LedgerCommand[], nowMs: number): Promise<Usage> {
  const limited = commands.filter((command) => command.kind === 'place' && command.limits !== null)
  if (limited.length === 0) return { holds: new Map(), places: new Map() }
  const clients = new Set<string>()
  const addresses = new Set<string>()
  for (const command of limited) {
    if (command.kind !== 'place') continue
    clients.add(command.hold.client)
    if (command.hold.client.startsWith('guest:')) addresses.add(command.hold.address)
  }
  const { rows } = await client.query<{ name: string; what: string; total: number }>({
    name: 'ledger-usage',
    text: `SELECT client AS name, 'holds' AS what, COUNT(*) AS total FROM holds
        WHERE client = ANY($1::text[]) AND status = 'live' AND expires_at > $3 GROUP BY client
      UNION ALL
      SELECT client, 'holds', COUNT(*) FROM bookings WHERE client = ANY($1::text[]) AND status = 'pending' AND expires_at > $3 GROUP BY client
      UNION ALL
      SELECT address, 'places', SUM(count) FROM holds WHERE address = ANY($2::text[]) AND status = 'live' AND expires_at > $3 GROUP BY address`,
    values: [[...clients], [...addresses], nowMs],
  })
  const usage: Usage = { holds: new Map(), places: new Map() }
  for (const { name, what, total } of rows) {
    const counts = what === 'holds' ? usage.holds : usage.places
    counts.set(name, (counts.get(name) ?? 0) + Number(total))
  }
  return usage
}

async function loadKeys(
  client: PoolClient,
  commands: readonly LedgerCommand[],
): Promise<Map<string, IdempotencyKeyRow>> {
  const keys = commands.flatMap((command) => (command.kind === 'release' ? [] : (command.key ?? [])))
  if (keys.length === 0) return new Map()
  const { rows } = await client.query<IdempotencyKeyRow>({
    name: 'ledger-keys',
    text: `SELECT k.caller, k.route, k.key, body_hash AS "bodyHash", status, answer, created_at AS "createdAt"
      FROM unnest($1::text[], $2::text[], $3::text[]) AS asked (caller, route, key)
      JOIN idempotency_keys k ON k.caller = asked.caller COLLATE "C" AND k.route = asked.route COLLATE "C" AND k.key = asked.key COLLATE "C"`,
    values: [keys.map(({ caller }) => caller), keys.map(({ route }) => route), keys.map(({ key }) => key)],
  })
  return new Map(rows.map((row) => [keyName(row), row]))
}

/** Writes what a batch decided: one statement per table, rows in the order of their keys. */
export async function flushBatch(client: PoolClient, writes: BatchWrites, nowMs: number): Promise<void> {
  await writeHolds(client, writes)
  await writeClaims(client, writes, nowMs)
  await writeVersions(client, writes)
  await writeKeys(client, writes)
}

async function writeHolds(client: PoolClient, { inserted, updated }: BatchWrites): Promise<void> {
  // A hold that this batch both made and changed is written once, as it ended.
  const rows = [...inserted.values()].map((hold) => updated.get(hold.id) ?? hold)
  const column = <Name extends keyof HoldRow>(name: Name) => rows.map((row) => row[name])
  if (rows.length > 0) {
    await client.query({
      name: 'ledger-insert-holds',
      text: `INSERT INTO holds (id, showtime_id, seats, count, terms, client, address, user_id, channel, status, booking_id, extensions_left, created_at, expires_at)
        SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::bigint[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[], $10::text[], $11::text[], $12::bigint[], $13::bigint[], $14::bigint[])`,
      values: [
        column('id'),
        column('showtimeId'),
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
  }
  const changed = [...updated.values()].filter((hold) => !inserted.has(hold.id))
  if (changed.length === 0) return
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
  const gone = [...dropped.values()]
  if (gone.length > 0) {
    await client.query({
      name: 'ledger-drop-claims',
      text: `DELETE FROM seat_claims USING unnest($1::text[], $2::text[], $3::text[]) AS gone (showtime_id, seat_id, ref)
        WHERE seat_claims.showtime_id = gone.showtime_id COLLATE "C" AND seat_claims.seat_id = gone.seat_id COLLATE "C" AND seat_claims.ref = gone.ref COLLATE "C"`,
      values: [gone.map(({ showtimeId }) => showtimeId), gone.map(({ seatId }) => seatId), gone.map(({ ref }) => ref)],
    })
  }
  const rows = [...claims].toSorted(([one], [other]) => (one < other ? -1 : 1)).map(([, row]) => row)
  if (rows.length === 0) return
  // The last line of defence: a live claim of somebody else is never overwritten, whatever was believed in memory.
  const { rowCount } = await client.query({
    name: 'ledger-put-claims',
    text: `INSERT INTO seat_claims (showtime_id, seat_id, kind, ref, expires_at, places)
      SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::bigint[], $6::bigint[])
      ON CONFLICT (showtime_id, seat_id) DO UPDATE SET kind = excluded.kind, ref = excluded.ref, expires_at = excluded.expires_at, places = excluded.places
      WHERE seat_claims.ref = excluded.ref OR (seat_claims.expires_at IS NOT NULL AND seat_claims.expires_at <= $7)`,
    values: [
      rows.map(({ showtimeId }) => showtimeId),
      rows.map(({ seatId }) => seatId),
      rows.map(({ kind }) => kind),
      rows.map(({ ref }) => ref),
      rows.map(({ expiresAt }) => expiresAt),
      rows.map(({ places }) => places),
      nowMs,
    ],
  })
  assert(rowCount === rows.length, 'A seat was claimed in between: the batch is given up')
}

async function writeVersions(client: PoolClient, { versions, changes }: BatchWrites): Promise<void> {
  if (versions.size === 0) return
  await client.query({
    name: 'ledger-raise',
    text: `UPDATE showtime_ledgers SET version = raised.version FROM unnest($1::text[], $2::bigint[]) AS raised (showtime_id, version)
      WHERE showtime_ledgers.showtime_id = raised.showtime_id COLLATE "C"`,
    values: [[...versions.keys()], [...versions.values()]],
  })
  await client.query({
    name: 'ledger-changes',
    text: `INSERT INTO seat_changes (showtime_id, version, changed, at) SELECT * FROM unnest($1::text[], $2::bigint[], $3::text[], $4::bigint[])`,
    values: [
      changes.map(({ showtimeId }) => showtimeId),
      changes.map(({ version }) => version),
      changes.map(({ changed }) => changed),
      changes.map(({ at }) => at),
    ],
  })
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
