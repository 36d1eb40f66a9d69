import { sql } from 'kysely'
import type { RawBuilder } from 'kysely'
import type { Engine } from '../../database/database.ts'

/** How many rows a table has, as the `rows` of a rule. */
export function rowsOf(table: string, where: RawBuilder<unknown> = sql`1 = 1`): RawBuilder<{ rows: number }> {
  return sql<{ rows: number }>`SELECT COUNT(*) AS "rows" FROM ${sql.table(table)} WHERE ${where}`
}

/** The states of payments whose money is there, or is promised by the provider. */
export const secured = sql`('authorised', 'succeeded', 'partially_refunded', 'refunded')`

/** Bookings that have a right to their seats: confirmed, or pending and still in time. Wants the alias `b`. */
export function liveBooking(nowMs: number): RawBuilder<boolean> {
  return sql<boolean>`(b.status = 'confirmed'
    OR (b.status = 'pending' AND (b.expires_at IS NULL OR b.expires_at > ${nowMs})))`
}

/** The tickets of live bookings that are not void: showtime_id, seat_id (null in general admission), booking_id. */
export function liveLines(nowMs: number): RawBuilder<unknown> {
  return sql`(SELECT t.id, t.showtime_id, t.seat_id, t.booking_id
    FROM tickets AS t JOIN bookings AS b ON b.id = t.booking_id
    WHERE t.status <> 'void' AND ${liveBooking(nowMs)})`
}

/** The members of a JSON list of texts, as rows with the column `value`: to be joined under an alias. */
export function membersOf(engine: Engine, column: RawBuilder<unknown>, alias: string): RawBuilder<unknown> {
  return engine === 'sqlite'
    ? sql`json_each(${column}) AS ${sql.id(alias)}`
    : sql`LATERAL jsonb_array_elements_text((${column})::jsonb) AS ${sql.id(alias)} (value)`
}

/** A text inside a JSON document, null where there is none. */
export function textInside(engine: Engine, column: RawBuilder<unknown>, path: readonly string[]): RawBuilder<string> {
  return engine === 'sqlite'
    ? sql<string>`json_extract(${column}, ${sql.lit(`$.${path.join('.')}`)})`
    : sql<string>`((${column})::jsonb #>> ${sql.lit(`{${path.join(',')}}`)})`
}
