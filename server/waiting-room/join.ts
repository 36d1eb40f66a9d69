import type { Transaction } from '../database/database.ts'
import type { WaitingEntryRow, WaitingRoomRow } from '../database/tables/waiting-rooms.ts'
import { newId } from '../platform/ids.ts'
import { refuse } from '../platform/refusal.ts'
import type { Refusal } from '../platform/refusal.ts'
import type { Secrets } from '../platform/secrets.ts'
import { drawWhenDue } from './admit.ts'
import { lotOf, statusOf } from './model.ts'
import { findEntry, lockRoom } from './store.ts'

/** Entries that guests of one address may have: as many as they may hold seats. */
const entriesPerAddress = 40
const tooManyRetrySeconds = 60
export const seedPurpose = 'seed of a draw'

export interface Joiner {
  /** An account, or a guest's cookie. */
  readonly client: string
  readonly address: string
}

/** Where somebody stands after joining. */
export interface Joined {
  readonly entry: WaitingEntryRow
  readonly room: WaitingRoomRow
}

/**
 * Takes part in the draw, or queues behind it once that has been. Who has an entry keeps it; who was admitted and has let that
 * end queues at the end. Refuses `rate_limited` where guests of one address have too many entries.
 */
export async function joinWaitingRoom(
  tx: Transaction,
  secrets: Secrets,
  showtimeId: string,
  { client, address }: Joiner,
): Promise<Joined | Refusal<'not_found' | 'rate_limited'>> {
  const locked = await lockRoom(tx, showtimeId)
  if (!locked) return refuse('not_found', 'This showtime has no waiting room.')
  const room = await drawWhenDue(tx, locked)
  const known = await findEntry(tx.query, showtimeId, [client])
  if (known && statusOf(known, tx.nowMs) !== 'ended') return { entry: known, room }
  if (!known && client.startsWith('guest:') && (await countFrom(tx, showtimeId, address)) >= entriesPerAddress) {
    return refuse('rate_limited', 'Too many people are waiting from this address.', {
      retryAfterSeconds: tooManyRetrySeconds,
    })
  }
  const lastPlace = room.lastPlace + 1
  const place = room.drawnAt === null ? null : lastPlace
  const fresh = { joinedAt: tx.nowMs, place, admittedAt: null, admissionEndsAt: null }
  const entry = known ? { ...known, ...fresh } : newEntry(secrets, room, { client, address }, fresh)
  await (
    known
      ? tx.query.updateTable('waitingEntries').set(fresh).where('id', '=', known.id)
      : tx.query.insertInto('waitingEntries').values(entry)
  ).execute()
  await tx.query.updateTable('waitingRooms').set({ lastPlace }).where('showtimeId', '=', showtimeId).execute()
  return { entry, room: { ...room, lastPlace } }
}

function newEntry(
  secrets: Secrets,
  { showtimeId, sealedSeed }: WaitingRoomRow,
  joiner: Joiner,
  fresh: Pick<WaitingEntryRow, 'joinedAt' | 'place' | 'admittedAt' | 'admissionEndsAt'>,
): WaitingEntryRow {
  const id = newId('waitingEntry', fresh.joinedAt)
  return {
    id,
    showtimeId,
    ...joiner,
    lot: lotOf(secrets.decrypt(seedPurpose, sealedSeed), id),
    drawnPlace: null,
    ...fresh,
  }
}

async function countFrom(tx: Transaction, showtimeId: string, address: string): Promise<number> {
  const { total } = await tx.query
    .selectFrom('waitingEntries')
    .select((select) => select.fn.countAll<number>().as('total'))
    .where('showtimeId', '=', showtimeId)
    .where('address', '=', address)
    .where('client', 'like', 'guest:%')
    .executeTakeFirstOrThrow()
  return total
}
