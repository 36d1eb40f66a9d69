import { sql } from 'kysely'
import { lockSeatLedger } from '../database/seat-ledger.ts'
import type { Transaction } from '../database/database.ts'
import { allSent } from '../database/postgres-errors.ts'
import type { ListRead, ListWrite } from '../database/lists.ts'
import { readList, writeRows } from '../database/rows.ts'
import { assert } from '../platform/assert.ts'
import { isLive } from './model.ts'
import type { Claim, SeatChange } from './model.ts'
import type { ShowtimeForSale } from './store.ts'

const handOver: ListRead = {
  sqlite: `UPDATE seat_claims SET ref = ?, kind = ?, expires_at = ? WHERE showtime_id = ? AND ref = ? RETURNING ref`,
  postgres: `UPDATE seat_claims SET ref = given.ref, kind = given.kind, expires_at = given.expires_at
    FROM unnest($1::text[], $2::text[], $3::bigint[], $4::text[], $5::text[]) AS given (ref, kind, expires_at, showtime_id, from_ref)
    WHERE seat_claims.showtime_id = ANY($4::text[]) AND seat_claims.showtime_id = given.showtime_id COLLATE "C" AND seat_claims.ref = given.from_ref COLLATE "C"
    RETURNING seat_claims.ref`,
  by: ['ref'],
}

const placesTaken: ListRead = {
  sqlite: `SELECT id, capacity, (SELECT COALESCE(SUM(places), 0) FROM seat_claims
      WHERE showtime_id = showtimes.id AND (expires_at IS NULL OR expires_at > ?2)) AS taken
    FROM showtimes WHERE id = ?1`,
  // The time of the latest of those who ask: what lapsed for one of them has lapsed.
  postgres: `SELECT id, capacity, (SELECT COALESCE(SUM(places), 0) FROM seat_claims
      WHERE showtime_id = showtimes.id AND (expires_at IS NULL OR expires_at > (SELECT MAX(at) FROM unnest($2::bigint[]) AS at))) AS taken
    FROM showtimes WHERE id = ANY($1::text[])`,
  by: ['id'],
}

const noted: ListWrite = {
  sqlite: [
    'UPDATE showtime_ledgers SET version = version + 1 WHERE showtime_id = ?3',
    `INSERT INTO seat_changes (changed, at, showtime_id, version)
      SELECT ?1, ?2, showtime_id, version FROM showtime_ledgers WHERE showtime_id = ?3`,
  ],
  postgres: `WITH raised AS (
      UPDATE showtime_ledgers SET version = showtime_ledgers.version + 1
      FROM json_populate_recordset(NULL::seat_changes, $1) AS noted
      WHERE showtime_ledgers.showtime_id = ANY($2::text[]) AND showtime_ledgers.showtime_id = noted.showtime_id
      RETURNING noted.changed, noted.at, showtime_ledgers.showtime_id, showtime_ledgers.version)
    INSERT INTO seat_changes (changed, at, showtime_id, version) SELECT changed, at, showtime_id, version FROM raised`,
}

/** Locks a showtime's seats and reads its claims; null when there is no such showtime. */
export async function lockClaims(tx: Transaction, showtimeId: string): Promise<Claim[] | null> {
  const version = await lockSeatLedger(tx, showtimeId)
  if (version === null) return null
  return await tx.query
    .selectFrom('seatClaims')
    .select(['seatId', 'kind', 'ref', 'expiresAt', 'places'])
    .where('showtimeId', '=', showtimeId)
    .execute()
}

/**
 * Whether a showtime that was looked up before its lock was taken has other seats by now: another hall, or another layout of
 * it. The lock must be held.
 */
export async function hasOtherSeats(
  tx: Transaction,
  { id, auditoriumId, layoutVersion }: Pick<ShowtimeForSale, 'id' | 'auditoriumId' | 'layoutVersion'>,
): Promise<boolean> {
  const now = await tx.query
    .selectFrom('showtimes')
    .select(['auditoriumId', 'layoutVersion'])
    .where('id', '=', id)
    .executeTakeFirst()
  return now?.auditoriumId !== auditoriumId || now.layoutVersion !== layoutVersion
}

/**
 * Writes claims over free or lapsed seats, or over those with the same `ref`. The lock must be held; the condition in the
 * statement is the last line of defence, whatever the code above believed.
 */
export async function putClaims(tx: Transaction, showtimeId: string, claims: readonly Claim[]): Promise<void> {
  for (const claim of claims) {
    const { numInsertedOrUpdatedRows } = await tx.query
      .insertInto('seatClaims')
      .values({ showtimeId, ...claim })
      .onConflict((conflict) =>
        conflict
          .columns(['showtimeId', 'seatId'])
          .doUpdateSet({ kind: claim.kind, ref: claim.ref, expiresAt: claim.expiresAt, places: claim.places })
          .where((where) =>
            where.or([
              where('seatClaims.ref', '=', claim.ref),
              where.and([where('seatClaims.expiresAt', 'is not', null), where('seatClaims.expiresAt', '<=', tx.nowMs)]),
            ]),
          ),
      )
      .executeTakeFirstOrThrow()
    assert(Number(numInsertedOrUpdatedRows) === 1, `Seat ${claim.seatId} is claimed by somebody else`)
  }
}

/**
 * Hands the claims of a hold (or booking) over to a booking; `seatIds` are its seats, none in general admission, and may
 * still be on their way. Answers
 * whether they were all still there: where servers' clocks differ, somebody else may have found them lapsed and taken
 * them, and then the caller must refuse, so that all of it is rolled back.
 */
export async function reassignClaims(
  tx: Transaction,
  showtimeId: string,
  fromRef: string,
  to: { readonly kind: 'booking'; readonly ref: string; readonly expiresAt: number | null },
  seatIds: readonly string[] | Promise<readonly string[]>,
): Promise<boolean> {
  const [seats, rows] = await allSent([
    Promise.resolve(seatIds),
    readList(tx, handOver, [to.ref, to.kind, to.expiresAt, showtimeId, fromRef]),
  ])
  if (seats.length > 0) return rows.length === seats.length
  return rows.length === 1 && !(await isOverfull(tx, showtimeId))
}

/** In general admission a place is taken over by counting it as free: more claims than places tell of it. */
async function isOverfull(tx: Transaction, showtimeId: string): Promise<boolean> {
  const rows = await readList<{ capacity: number; taken: number }>(tx, placesTaken, [showtimeId, tx.nowMs])
  return rows.some(({ capacity, taken }) => taken > capacity)
}

/**
 * Frees seats: all of a `ref`'s, or the named ones. Answers the seats that were really freed: a lapsed claim may have been
 * taken over by somebody else long ago.
 */
export async function dropClaims(
  tx: Transaction,
  showtimeId: string,
  ref: string,
  seatIds?: readonly string[],
): Promise<string[]> {
  if (seatIds?.length === 0) return []
  const dropped = await tx.query
    .deleteFrom('seatClaims')
    .where('showtimeId', '=', showtimeId)
    .where('ref', '=', ref)
    .$if(seatIds !== undefined, (query) => query.where('seatId', 'in', [...(seatIds ?? [])]))
    .returning('seatId')
    .execute()
  return dropped.map(({ seatId }) => seatId).toSorted()
}

/** Raises the showtime's version and notes what changed, for those who watch. */
export async function noteSeatChange(
  tx: Transaction,
  showtimeId: string,
  changed: readonly SeatChange[],
): Promise<void> {
  writeRows(tx, noted, [{ changed: JSON.stringify(changed), at: tx.nowMs, showtimeId }], showtimeId)
  tx.announceSeats([showtimeId])
}

/** Raises the version without saying what changed: those who watch get everything anew (the hall itself is another). */
export async function raiseVersion(tx: Transaction, showtimeId: string): Promise<number> {
  const { version } = await tx.query
    .updateTable('showtimeLedgers')
    .set({ version: sql<number>`version + 1` })
    .where('showtimeId', '=', showtimeId)
    .returning('version')
    .executeTakeFirstOrThrow()
  tx.announceSeats([showtimeId])
  return version
}

export function liveClaims(claims: readonly Claim[], nowMs: number): Claim[] {
  return claims.filter((claim) => isLive(claim, nowMs))
}
