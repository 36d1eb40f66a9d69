import type { Caller } from '../http/caller.ts'
import type { TheatreRow } from '../database/tables/venues.ts'

type Owned = Pick<TheatreRow, 'ownerId'>

/** An administrator manages every theatre and all that is in it, an owner its own. */
export function mayManageTheatre(caller: Caller, theatre: Owned): boolean {
  if (caller.kind === 'guest') return false
  return caller.role === 'admin' || (caller.role === 'owner' && theatre.ownerId === caller.userId)
}

/** Whom a caller may make a theatre's owner: an administrator anybody, an owner itself. */
export function maySetOwner(caller: Caller, ownerId: string | null): boolean {
  if (caller.kind === 'guest') return false
  return caller.role === 'admin' || ownerId === caller.userId
}
