import type { PoolClient } from 'pg'
import { allSent } from '../database/postgres-errors.ts'
import type { Transaction } from '../database/database.ts'
import type { HoldRow, SeatClaimRow } from '../database/tables/ledger.ts'
import type { IdempotencyKeyRow } from '../database/tables/platform.ts'
import type { LedgerCommand, LedgerStorage } from './ledger.ts'
import { keyName, memoryStorage, noWrites, seatKey } from './memory-storage.ts'
import type { BatchWrites, LoadedShowtime, Usage } from './memory-storage.ts'
import type { Claim } from './model.ts'

/** Locks the showtimes of a batch and reads what its commands need. */
export async function loadBatch(
  tx: Transaction,
  client: PoolClient,
  commands: readonly LedgerCommand[],
): Promise<{ readonly storage: LedgerStorage; readonly writes: BatchWrites }> {
  // One behind the other on the wire, in this order: each sees what whoever held the locks before has committed.
  const locked = lockShowtimes(client, commands).then(() => tx.renewTime())
  const [showtimes, claims, holds, usage, kept] = await allSent([
    loadShowtimes(client, commands),
    loadClaims(client, commands),
    loadHolds(client, commands),
    loadUsage(client, commands, tx.nowMs),
    loadKeys(client, commands),
    locked,
  ])
  const { nowMs } = tx
  const writes = noWrites()
  return { storage: memoryStorage({ showtimes, claims, holds, usage, kept }, writes, nowMs), writes }
}

async function lockShowtimes(client: PoolClient, commands: readonly LedgerCommand[]): Promise<void> {
  await client.query({
    name: 'ledger-lock',
    text: 'SELECT 1 FROM showtime_ledgers WHERE showtime_id = ANY($1::text[]) ORDER BY showtime_id FOR UPDATE',
    values: [showtimesOf(commands)],
  })
}

function showtimesOf(commands: readonly LedgerCommand[]): string[] {
  return [...new Set(commands.map(({ showtimeId }) => showtimeId))].toSorted()
}

async function loadShowtimes(
  client: PoolClient,
  commands: readonly LedgerCommand[],
): Promise<Map<string, LoadedShowtime>> {
  const { rows } = await client.query<LoadedShowtime>({
    name: 'ledger-showtimes',
    text: `SELECT s.id AS "showtimeId", auditorium_id AS "auditoriumId", layout_version AS "layoutVersion", capacity, status,
      sales_open_at AS "salesOpenAt", sales_close_at AS "salesCloseAt", staff_sales_close_at AS "staffSalesCloseAt",
      sales_paused AS "salesPaused", s.revision, t.revision AS "theatreRevision", l.version
      FROM showtimes s JOIN theatres t ON t.id = s.theatre_id JOIN showtime_ledgers l ON l.showtime_id = s.id
      WHERE s.id = ANY($1::text[])`,
    values: [showtimesOf(commands)],
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
    text: `SELECT id, showtime_id AS "showtimeId", auditorium_id AS "auditoriumId", layout_version AS "layoutVersion", seats, count, terms, client, address, user_id AS "userId", channel, status,
      booking_id AS "bookingId", extensions_left AS "extensionsLeft", created_at AS "createdAt", expires_at AS "expiresAt"
      FROM holds WHERE id = ANY($1::text[])`,
    values: [ids],
  })
  return new Map(rows.map((row) => [row.id, row]))
}

async function loadUsage(client: PoolClient, commands: readonly LedgerCommand[], nowMs: number): Promise<Usage> {
  const clients = new Set<string>()
  const addresses = new Set<string>()
  for (const command of commands) {
    if (command.kind !== 'place' || command.limits === null) continue
    const { holdsPerClient, placesPerAddress } = command.limits
    if (holdsPerClient > 0) clients.add(command.hold.client)
    if (placesPerAddress > 0 && command.hold.client.startsWith('guest:')) addresses.add(command.hold.address)
  }
  if (clients.size + addresses.size === 0) return { holds: new Map(), places: new Map() }
  // The same client may be asking for other showtimes, whose locks are not ours, or on another server.
  const locked = client.query({
    name: 'ledger-lock-clients',
    text: `SELECT pg_advisory_xact_lock(id) FROM
      (SELECT DISTINCT hashtextextended(name, 1) AS id FROM unnest($1::text[]) AS name ORDER BY id) AS clients`,
    values: [[...clients, ...addresses]],
  })
  const counted = client.query<{ name: string; what: string; total: number }>({
    name: 'ledger-usage',
    text: `SELECT client AS name, 'holds' AS what, COUNT(*) AS total FROM holds
        WHERE client = ANY($1::text[]) AND status = 'live' AND expires_at > $3 GROUP BY client
      UNION ALL
      SELECT client, 'holds', COUNT(*) FROM bookings WHERE client = ANY($1::text[]) AND status = 'pending' AND expires_at > $3 GROUP BY client
      UNION ALL
      SELECT address, 'places', SUM(count) FROM holds WHERE address = ANY($2::text[]) AND status = 'live' AND expires_at > $3 GROUP BY address`,
    values: [[...clients], [...addresses], nowMs],
  })
  const [{ rows }] = await allSent([counted, locked])
  const usage: Usage = { holds: new Map(), places: new Map() }
  for (const { name, what, total } of rows) {
    const counts = what === 'holds' ? usage.holds : usage.places
    counts.set(name, (counts.get(name) ?? 0) + total)
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
