import type { Kysely } from 'kysely'
import type { Tables } from '../database/tables/index.ts'
import type { Caller } from '../http/caller.ts'
import { mayManageTheatre } from '../venues/policy.ts'
import { isStaffOf } from '../venues/staff.ts'
import { isPublic } from './model.ts'
import type { FoundShowtime } from './store.ts'

type Query = Kysely<Tables>

/** An administrator changes every showtime, an owner those in its theatres. */
export function mayChangeShowtime(caller: Caller, { ownerId }: Pick<FoundShowtime, 'ownerId'>): boolean {
  return mayManageTheatre(caller, { ownerId })
}

/** Everybody knows of public and unlisted showtimes; of drafts and private ones only the house. */
export async function mayKnowShowtime(query: Query, caller: Caller, found: FoundShowtime): Promise<boolean> {
  return isPublic(found.showtime) || (await isOfTheHouse(query, caller, found.showtime.theatreId, found.ownerId))
}

/** Whether a caller works at a theatre: as its owner, as its staff, or as an administrator. */
export async function isOfTheHouse(
  query: Query,
  caller: Caller,
  theatreId: string,
  ownerId: string | null,
): Promise<boolean> {
  if (caller.kind === 'guest' || caller.role === 'customer') return false
  if (mayManageTheatre(caller, { ownerId })) return true
  return await isStaffOf(query, theatreId, caller.userId)
}
