import type { StatementSync } from 'node:sqlite'
import { assert } from '../platform/assert.ts'
import type { Transaction } from '../database/database.ts'
import { allRows, firstRow } from '../database/sqlite-statements.ts'
import type { HoldRow } from '../database/tables/ledger.ts'
import type { KeptAnswer, LedgerShowtime, LedgerStorage } from './ledger.ts'
import type { Claim } from './model.ts'

const sql = {
  showtime: `SELECT s.id AS showtimeId, auditorium_id AS auditoriumId, layout_version AS layoutVersion, capacity, status,
    sales_open_at AS salesOpenAt, sales_close_at AS salesCloseAt, staff_sales_close_at AS staffSalesCloseAt, sales_paused AS salesPaused,
    s.revision, t.revision AS theatreRevision
    FROM showtimes s JOIN theatres t ON t.id = s.theatre_id WHERE s.id = ?`,
  claim: `SELECT seat_id AS seatId, kind, ref, expires_at AS expiresAt, places FROM seat_claims WHERE showtime_id = ? AND seat_id = ?`,
  claims: `SELECT seat_id AS seatId, kind, ref, expires_at AS expiresAt, places FROM seat_claims WHERE showtime_id = ?`,
  hold: `SELECT id, showtime_id AS showtimeId, auditorium_id AS auditoriumId, layout_version AS layoutVersion, seats, count, terms, client, address, user_id AS userId, channel, status,
    booking_id AS bookingId, extensions_left AS extensionsLeft, created_at AS createdAt, expires_at AS expiresAt FROM holds WHERE id = ?`,
  openHolds: `SELECT (SELECT COUNT(*) FROM holds WHERE client = ?1 AND status = 'live' AND expires_at > ?2)
    + (SELECT COUNT(*) FROM bookings WHERE client = ?1 AND status = 'pending' AND expires_at > ?2) AS total`,
  placesHeld: `SELECT COALESCE(SUM(count), 0) AS total FROM holds WHERE address = ? AND status = 'live' AND expires_at > ?`,
  kept: `SELECT body_hash AS bodyHash, status, answer, created_at AS createdAt FROM idempotency_keys WHERE caller = ? AND route = ? AND key = ?`,
  // The last line of defence: a live claim of somebody else is never overwritten, whatever the code above believed.
  putClaim: `INSERT INTO seat_claims (showtime_id, seat_id, kind, ref, expires_at, places) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
    ON CONFLICT (showtime_id, seat_id) DO UPDATE SET kind = excluded.kind, ref = excluded.ref, expires_at = excluded.expires_at, places = excluded.places
    WHERE seat_claims.ref = excluded.ref OR (seat_claims.expires_at IS NOT NULL AND seat_claims.expires_at <= ?7)`,
  dropClaim: 'DELETE FROM seat_claims WHERE showtime_id = ? AND seat_id = ? AND ref = ?',
  insertHold: `INSERT INTO holds (id, showtime_id, auditorium_id, layout_version, seats, count, terms, client, address, user_id, channel, status, booking_id, extensions_left, created_at, expires_at)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  updateHold: 'UPDATE holds SET status = ?, expires_at = ?, extensions_left = ? WHERE id = ?',
  // Without RETURNING: the engine makes and drops a table of its own for that each time.
  raise: 'UPDATE showtime_ledgers SET version = version + 1 WHERE showtime_id = ?',
  noteChange: `INSERT INTO seat_changes (showtime_id, version, changed, at)
    SELECT showtime_id, version, ?2, ?3 FROM showtime_ledgers WHERE showtime_id = ?1`,
  keep: `INSERT INTO idempotency_keys (caller, route, key, body_hash, status, answer, created_at) VALUES (?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT (caller, route, key) DO UPDATE SET body_hash = excluded.body_hash, status = excluded.status, answer = excluded.answer, created_at = excluded.created_at`,
} as const

/** What the ledger's statements need: a connection in a transaction, its time, and whom to tell of a change. */
export interface SqliteWork {
  prepare(sql: string): StatementSync
  readonly nowMs: number
  announceSeats(showtimeIds: readonly string[]): void
}

/** The ledger's storage inside a transaction of the one writer. */
export function storageIn(tx: Transaction): LedgerStorage {
  const { raw } = tx
  assert(raw.engine === 'sqlite', 'This storage is for SQLite')
  return sqliteStorage({
    prepare: raw.prepare,
    nowMs: tx.nowMs,
    announceSeats: (showtimeIds) => tx.announceSeats(showtimeIds),
  })
}

/** The ledger's storage inside one SQLite transaction. */
export function sqliteStorage({ prepare, nowMs, announceSeats }: SqliteWork): LedgerStorage {
  const statement = (name: keyof typeof sql): StatementSync => prepare(sql[name])
  return {
    nowMs,
    showtime: (id) => firstRow<LedgerShowtime>(statement('showtime'), id),
    claims: (showtimeId, seatIds) =>
      seatIds.flatMap((seatId) => firstRow<Claim>(statement('claim'), showtimeId, seatId) ?? []),
    allClaims: (showtimeId) => allRows<Claim>(statement('claims'), showtimeId),
    hold: (id) => firstRow<HoldRow>(statement('hold'), id),
    openHoldsOf: (client) => Number(statement('openHolds').get(client, nowMs)?.['total']),
    placesHeldBy: (address) => Number(statement('placesHeld').get(address, nowMs)?.['total']),
    keptAnswer: ({ caller, route, key }) => firstRow<KeptAnswer>(statement('kept'), caller, route, key),
    putClaims(showtimeId, claims) {
      for (const { seatId, kind, ref, expiresAt, places } of claims) {
        const { changes } = statement('putClaim').run(showtimeId, seatId, kind, ref, expiresAt, places, nowMs)
        assert(changes === 1, `Seat ${seatId} was claimed in between`)
      }
    },
    dropClaims(showtimeId, ref, seatIds) {
      for (const seatId of seatIds) statement('dropClaim').run(showtimeId, seatId, ref)
    },
    insertHold(hold) {
      statement('insertHold').run(
        hold.id,
        hold.showtimeId,
        hold.auditoriumId,
        hold.layoutVersion,
        hold.seats,
        hold.count,
        hold.terms,
        hold.client,
        hold.address,
        hold.userId,
        hold.channel,
        hold.status,
        hold.bookingId,
        hold.extensionsLeft,
        hold.createdAt,
        hold.expiresAt,
      )
    },
    updateHold(id, { status, expiresAt, extensionsLeft }) {
      statement('updateHold').run(status, expiresAt, extensionsLeft, id)
    },
    noteChange(showtimeId, changed) {
      statement('raise').run(showtimeId)
      const { changes } = statement('noteChange').run(showtimeId, JSON.stringify(changed), nowMs)
      assert(changes === 1, 'Every showtime has a seat ledger')
      announceSeats([showtimeId])
    },
    keepAnswer({ caller, route, key, bodyHash }, status, body) {
      statement('keep').run(caller, route, key, bodyHash, status, JSON.stringify(body), nowMs)
    },
  }
}
