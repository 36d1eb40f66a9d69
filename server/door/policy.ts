import type { Database } from '../database/database.ts'
import type { Caller } from '../http/caller.ts'
import { isOpenToAll, worksAt } from '../holds/policy.ts'
import { refuse } from '../platform/refusal.ts'
import type { Refusal } from '../platform/refusal.ts'
import type { DoorShowRow } from './store.ts'

/** The door of a showtime is worked by its theatre's staff, its owner, and admins; others hear what a stranger would. */
export async function judgeDoor(
  database: Database,
  caller: Caller,
  show: DoorShowRow | null,
): Promise<DoorShowRow | Refusal<'not_found' | 'forbidden'>> {
  if (!show) return refuse('not_found')
  if (await worksAt(database, caller, show)) return show
  return isOpenToAll(show) ? refuse('forbidden') : refuse('not_found')
}

/** A ticket is private: at another theatre's door it is not there. */
export async function mayScan(database: Database, caller: Caller, show: DoorShowRow | null): Promise<boolean> {
  return show !== null && (await worksAt(database, caller, show))
}
