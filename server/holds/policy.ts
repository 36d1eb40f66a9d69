import type { Database } from '../database/database.ts'
import type { HoldRow } from '../database/tables/ledger.ts'
import type { AccountCaller, Caller } from '../http/caller.ts'
import type { Secrets } from '../platform/secrets.ts'

/** Whether the caller works at this theatre: its owner, its staff, or an admin. */
export async function worksAt(
  database: Database,
  caller: Caller,
  theatre: { readonly theatreId: string; readonly ownerId: string | null },
): Promise<boolean> {
  if (caller.kind === 'guest' || caller.role === 'customer') return false
  if (caller.role === 'admin' || ownsTheatre(caller, theatre)) return true
  const rows = await database.readPrepared(
    'theatre-staff-member',
    'SELECT 1 AS works FROM theatre_staff WHERE theatre_id = $1 AND user_id = $2',
    [theatre.theatreId, caller.userId],
  )
  return rows.length > 0
}

/** The theatres where somebody works; undefined is all of them. */
export async function theatresOf(database: Database, caller: AccountCaller): Promise<string[] | undefined> {
  if (caller.role === 'admin') return undefined
  // Whoever is no owner any more has nothing of a theatre that still names them.
  const ownerId = caller.role === 'owner' ? caller.userId : ''
  const owned = await database.read.selectFrom('theatres').select('id').where('ownerId', '=', ownerId).execute()
  const staffed = await database.read
    .selectFrom('theatreStaff')
    .select('theatreId as id')
    .where('userId', '=', caller.userId)
    .execute()
  return [...owned, ...staffed].map(({ id }) => id)
}

function ownsTheatre(caller: AccountCaller, theatre: { readonly ownerId: string | null }): boolean {
  return caller.role === 'owner' && theatre.ownerId === caller.userId
}

/** Showtimes that the public may see by their id. */
export function isOpenToAll(showtime: { readonly status: string; readonly visibility: string }): boolean {
  return showtime.status !== 'draft' && showtime.visibility !== 'private'
}

/** The key to a hold, and to the booking made from it: derived, never stored. */
export function holdToken(secrets: Secrets, holdId: string): string {
  return secrets.sign('hold token', holdId)
}

/** A hold is its maker's: the account that made it, or whoever has its token. */
export function ownsHold(
  secrets: Secrets,
  caller: Caller,
  accessToken: string | undefined,
  hold: Pick<HoldRow, 'id' | 'userId'>,
): boolean {
  if (caller.kind === 'account' && (caller.role === 'admin' || caller.userId === hold.userId)) return true
  return accessToken !== undefined && secrets.verify('hold token', hold.id, accessToken)
}
