import { sql } from 'kysely'
import type { WaitingRoomInput } from '../../contract/waiting-room.ts'
import type { Transaction } from '../database/database.ts'
import { lockSeatLedger } from '../database/seat-ledger.ts'
import type { ShowtimeRow } from '../database/tables/showtimes.ts'
import type { WaitingRoomRow } from '../database/tables/waiting-rooms.ts'
import { refuseField } from '../platform/refusal.ts'
import type { Refusal } from '../platform/refusal.ts'
import type { Secrets } from '../platform/secrets.ts'
import { isTimeProblem, parseTime } from '../platform/time.ts'
import { seedPurpose } from './join.ts'
import { newSeed, seedHashOf } from './model.ts'
import { lockRoom } from './store.ts'

const usual = { admitPerMinute: 60, admittedAtOnce: 100, admissionSeconds: 600 }

/** Turns the waiting room of a showtime on, or changes it: until it opens all of it, after that the pace alone. */
export async function setWaitingRoom(
  tx: Transaction,
  secrets: Secrets,
  showtime: Pick<ShowtimeRow, 'id' | 'timeZone' | 'salesCloseAt'>,
  input: WaitingRoomInput,
): Promise<WaitingRoomRow | Refusal<'validation_failed'>> {
  // Whoever places a hold has this lock, and compares the revision: none slips in by what was known before.
  await lockSeatLedger(tx, showtime.id)
  const known = await lockRoom(tx, showtime.id)
  const { opensAt: text, ...pace } = input
  const opensAt = parseTime(text, showtime.timeZone)
  if (isTimeProblem(opensAt)) return refuseField('/opensAt', opensAt.problem)
  if (opensAt !== known?.opensAt) {
    if (known && known.opensAt <= tx.nowMs) return refuseField('/opensAt', 'cannot change once the room has opened')
    if (opensAt <= tx.nowMs) return refuseField('/opensAt', 'must be in the future')
    if (opensAt >= showtime.salesCloseAt) return refuseField('/opensAt', 'must be before sales close')
  }
  const change = { ...usual, ...(known && paceOf(known)), ...pace, opensAt }
  if (known) {
    await tx.query.updateTable('waitingRooms').set(change).where('showtimeId', '=', showtime.id).execute()
    return { ...known, ...change }
  }
  const seed = newSeed()
  const room: WaitingRoomRow = {
    showtimeId: showtime.id,
    ...change,
    sealedSeed: secrets.encrypt(seedPurpose, seed),
    seedHash: seedHashOf(seed),
    drawnAt: null,
    lastPlace: 0,
    admittedThrough: 0,
  }
  await tx.query.insertInto('waitingRooms').values(room).execute()
  await raiseRevision(tx, showtime.id)
  return room
}

function paceOf({ admitPerMinute, admittedAtOnce, admissionSeconds }: WaitingRoomRow): typeof usual {
  return { admitPerMinute, admittedAtOnce, admissionSeconds }
}

/** Turns it off: everybody may hold seats again. What was drawn is forgotten. */
export async function endWaitingRoom(tx: Transaction, showtimeId: string): Promise<undefined> {
  await lockSeatLedger(tx, showtimeId)
  const { numDeletedRows } = await tx.query
    .deleteFrom('waitingRooms')
    .where('showtimeId', '=', showtimeId)
    .executeTakeFirstOrThrow()
  if (numDeletedRows > 0n) await raiseRevision(tx, showtimeId)
  return undefined
}

/** What others know of the showtime is out of date from now on. */
async function raiseRevision(tx: Transaction, showtimeId: string): Promise<void> {
  await sql`UPDATE showtimes SET revision = revision + 1, updated_at = ${tx.nowMs} WHERE id = ${showtimeId}`.execute(
    tx.query,
  )
}
