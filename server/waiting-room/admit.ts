import { sql } from 'kysely'
import type { Database, Transaction } from '../database/database.ts'
import type { WaitingRoomRow } from '../database/tables/waiting-rooms.ts'
import { roomFor } from './model.ts'
import { findRoomsAtWork, lockRoom, placeByLot } from './store.ts'

const minuteMs = 60_000

/** Draws in rooms that have opened and admits whoever's turn it is. Every server does this; each room is one's at a time. */
export async function runWaitingRooms(database: Database, nowMs: number): Promise<void> {
  for (const showtimeId of await findRoomsAtWork(database, nowMs)) {
    await database.write(async (tx) => {
      const room = await lockRoom(tx, showtimeId)
      if (room) await admit(tx, await drawWhenDue(tx, room))
    })
  }
}

/** The draw, once, at the opening or at the first moment after it that somebody looks. */
export async function drawWhenDue(tx: Transaction, room: WaitingRoomRow): Promise<WaitingRoomRow> {
  if (room.drawnAt !== null || tx.nowMs < room.opensAt) return room
  const drawn = { drawnAt: tx.nowMs }
  await placeByLot(tx, room.showtimeId)
  await tx.query.updateTable('waitingRooms').set(drawn).where('showtimeId', '=', room.showtimeId).execute()
  return { ...room, ...drawn }
}

async function admit(tx: Transaction, room: WaitingRoomRow): Promise<void> {
  const { showtimeId, drawnAt, admittedThrough, lastPlace } = room
  if (drawnAt === null || admittedThrough === lastPlace) return
  const through = Math.min(lastPlace, admittedThrough + roomFor(room, await countAdmitted(tx, showtimeId)))
  if (through === admittedThrough) return
  await tx.query
    .updateTable('waitingEntries')
    .set({ admittedAt: tx.nowMs, admissionEndsAt: tx.nowMs + room.admissionSeconds * 1000 })
    .where('showtimeId', '=', showtimeId)
    .where('place', '>', admittedThrough)
    .where('place', '<=', through)
    .execute()
  await tx.query
    .updateTable('waitingRooms')
    .set({ admittedThrough: through })
    .where('showtimeId', '=', showtimeId)
    .execute()
}

/** Whose admission has not ended, and who was admitted within a minute (which ended no earlier than a minute ago). */
async function countAdmitted(tx: Transaction, showtimeId: string): Promise<{ active: number; lately: number }> {
  const { rows } = await sql<{ active: number; lately: number }>`
    SELECT COALESCE(SUM(CASE WHEN admission_ends_at > ${tx.nowMs} THEN 1 ELSE 0 END), 0) AS active,
      COALESCE(SUM(CASE WHEN admitted_at > ${tx.nowMs - minuteMs} THEN 1 ELSE 0 END), 0) AS lately
    FROM waiting_entries WHERE showtime_id = ${showtimeId} AND admission_ends_at > ${tx.nowMs - minuteMs}`.execute(
    tx.query,
  )
  return rows[0] ?? { active: 0, lately: 0 }
}
