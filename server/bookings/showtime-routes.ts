import * as contract from '../../contract/showtimes.ts'
import type { Database } from '../database/database.ts'
import { isOpenToAll } from '../holds/policy.ts'
import type { HoldStore, ShowtimeForSale } from '../holds/store.ts'
import type { Approach } from '../http/request.ts'
import type { Routes } from '../http/routes.ts'
import { must } from '../platform/assert.ts'
import { isRefusal, refuse } from '../platform/refusal.ts'
import type { Refusal } from '../platform/refusal.ts'
import { findManagedAuditorium } from '../venues/find.ts'
import { mayManageTheatre } from '../venues/policy.ts'
import { cancelShowtime } from './cancel-showtime.ts'
import { moveShowtime } from './move-showtime.ts'

interface EndingParts {
  readonly database: Database
  readonly store: HoldStore
}

/** What happens to a showtime with all its bookings: it is cancelled, or moved to another hall. */
export function addShowtimeEndings(routes: Routes, { database, store }: EndingParts): void {
  const find = findManaged(store)
  const findHall = findManagedAuditorium(database)
  routes.add(contract.cancelShowtime, {
    find,
    handle: async ({ subject, body, caller, commit }) =>
      await commit((tx) => cancelShowtime(tx, subject.id, body.reason, userIdOf(caller))),
  })
  routes.add(contract.moveShowtime, {
    find,
    async handle({ subject, body, caller, commit }) {
      const hall = await findHall({ params: { id: body.auditoriumId }, caller })
      if (isRefusal(hall)) return hall
      const { auditoriumId, startsAt, dryRun = false } = body
      return await commit((tx) => moveShowtime(tx, { showtimeId: subject.id, auditoriumId, startsAt, dryRun }))
    },
  })
}

function userIdOf(caller: Approach['caller']): string {
  return must(caller.kind === 'account' ? caller.userId : null, 'The contract lets accounts alone in')
}

function findManaged(store: HoldStore) {
  return async ({
    params,
    caller,
  }: Pick<Approach, 'caller'> & { readonly params: { readonly id: string } }): Promise<ShowtimeForSale | Refusal> => {
    const showtime = await store.findShowtime(params.id)
    if (!showtime) return refuse('not_found')
    if (mayManageTheatre(caller, showtime)) return showtime
    return isOpenToAll(showtime) ? refuse('forbidden') : refuse('not_found')
  }
}
