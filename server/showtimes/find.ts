import type { Database } from '../database/database.ts'
import type { Caller } from '../http/caller.ts'
import { refuse } from '../platform/refusal.ts'
import type { CountTaken } from './claims.ts'
import { mayChangeShowtime, mayKnowShowtime } from './policy.ts'
import { findShowtime } from './store.ts'

export interface ShowtimeParts {
  readonly database: Database
  readonly countTaken: CountTaken
}

interface Asked {
  readonly params: { readonly id: string }
  readonly caller: Caller
}

/** Finds a showtime for whoever may know of it: of a draft or a private one others hear 404. */
export function findKnownShowtime(database: Database) {
  return async ({ params, caller }: Asked) => {
    const found = await findShowtime(database.read, params.id)
    return found && (await mayKnowShowtime(database.read, caller, found)) ? found.showtime : refuse('not_found')
  }
}

/** Finds a showtime for whoever may change it: of another's that is public one hears 403. */
export function findManagedShowtime(database: Database) {
  return async ({ params, caller }: Asked) => {
    const found = await findShowtime(database.read, params.id)
    if (!found || !(await mayKnowShowtime(database.read, caller, found))) return refuse('not_found')
    if (mayChangeShowtime(caller, found)) return found.showtime
    return refuse('forbidden', 'This showtime is in somebody else’s theatre.')
  }
}
