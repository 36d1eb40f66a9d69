import type { Database, Transaction } from '../database/database.ts'
import type { Caller } from '../http/caller.ts'
import { refuse } from '../platform/refusal.ts'
import type { Storage } from '../platform/storage.ts'
import { mayManageTheatre } from './policy.ts'
import type { StaffRoles } from './staff.ts'
import { findAuditorium, findTheatre } from './store.ts'
import type { AuditoriumWithLayout } from './store.ts'

export interface VenueParts {
  readonly database: Database
  readonly storage: Storage
  readonly accounts: StaffRoles
  /** What showtimes do when an auditorium has a new version of its layout; they lie to the right, so the house hands it in. */
  readonly adoptLayout: (tx: Transaction, auditorium: AuditoriumWithLayout) => Promise<void>
}

interface Asked {
  readonly params: { readonly id: string }
  readonly caller: Caller
}

const anothers = 'This theatre is somebody else’s.'

/** Finds a theatre for whoever may manage it: theatres are public, so another's is 403. */
export function findManagedTheatre(database: Database) {
  return async ({ params, caller }: Asked) => {
    const theatre = await findTheatre(database.read, params.id)
    if (!theatre) return refuse('not_found')
    return mayManageTheatre(caller, theatre) ? theatre : refuse('forbidden', anothers)
  }
}

/** Finds an auditorium for whoever may manage its theatre. */
export function findManagedAuditorium(database: Database) {
  return async ({ params, caller }: Asked) => {
    const auditorium = await findAuditorium(database.read, params.id)
    const theatre = auditorium && (await findTheatre(database.read, auditorium.theatreId))
    if (!theatre) return refuse('not_found')
    return mayManageTheatre(caller, theatre) ? auditorium : refuse('forbidden', anothers)
  }
}
