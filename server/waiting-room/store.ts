import { sql } from 'kysely'
import type { Kysely } from 'kysely'
import type { Database, Transaction } from '../database/database.ts'
import type { Tables } from '../database/tables/index.ts'
import type { WaitingEntryRow, WaitingRoomRow } from '../database/tables/waiting-rooms.ts'

export async function findRoom(query: Kysely<Tables>, showtimeId: string): Promise<WaitingRoomRow | undefined> {
  return await query.selectFrom('waitingRooms').selectAll().where('showtimeId', '=', showtimeId).executeTakeFirst()
}

/** Takes a room until the transaction ends: whoever joins, draws or admits is alone with it. Its time is told after that. */
export async function lockRoom(tx: Transaction, showtimeId: string): Promise<WaitingRoomRow | undefined> {
  const query = tx.query.selectFrom('waitingRooms').selectAll().where('showtimeId', '=', showtimeId)
  // SQLite has one writer at a time: the transaction itself is the lock.
  const room = await (tx.raw.engine === 'postgres' ? query.forUpdate() : query).executeTakeFirst()
  tx.renewTime()
  return room
}

/** The entry of the first of these clients that has one. */
export async function findEntry(
  query: Kysely<Tables>,
  showtimeId: string,
  clients: readonly string[],
): Promise<WaitingEntryRow | undefined> {
  const rows = await query
    .selectFrom('waitingEntries')
    .selectAll()
    .where('showtimeId', '=', showtimeId)
    .where('client', 'in', clients)
    .execute()
  return rows.toSorted((one, other) => clients.indexOf(one.client) - clients.indexOf(other.client))[0]
}

/** Rooms that are open and in which somebody waits. */
export async function findRoomsAtWork(database: Database, nowMs: number): Promise<string[]> {
  const rows = await database.read
    .selectFrom('waitingRooms')
    .select('showtimeId')
    .where('opensAt', '<=', nowMs)
    .where((where) => where.or([where('drawnAt', 'is', null), where('admittedThrough', '<', where.ref('lastPlace'))]))
    .orderBy('showtimeId')
    .execute()
  return rows.map(({ showtimeId }) => showtimeId)
}

/** Gives everybody a place in the order of their lots. */
export async function placeByLot(tx: Transaction, showtimeId: string): Promise<void> {
  await sql`
    UPDATE waiting_entries SET place = drawn.place, drawn_place = drawn.place FROM
      (SELECT id AS entry_id, ROW_NUMBER() OVER (ORDER BY lot, id) AS place FROM waiting_entries WHERE showtime_id = ${showtimeId}) AS drawn
      WHERE waiting_entries.id = drawn.entry_id`.execute(tx.query)
}

/** The ids of those who were drawn, in their order. */
export async function listDrawn(query: Kysely<Tables>, showtimeId: string): Promise<string[]> {
  const rows = await query
    .selectFrom('waitingEntries')
    .select('id')
    .where('showtimeId', '=', showtimeId)
    .where('drawnPlace', 'is not', null)
    .orderBy('drawnPlace')
    .execute()
  return rows.map(({ id }) => id)
}
