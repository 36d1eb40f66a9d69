import * as contract from '../../contract/shifts.ts'
import type { Shift } from '../../contract/shifts.ts'
import type { Database, Transaction } from '../database/database.ts'
import { limitOf, orderBy, readCursor, toPage } from '../database/paging.ts'
import type { Order } from '../database/paging.ts'
import type { ShiftRow } from '../database/tables/shifts.ts'
import type { TheatreRow } from '../database/tables/venues.ts'
import { theatresOf, worksAt } from '../holds/policy.ts'
import { signedIn } from '../http/caller.ts'
import type { Caller } from '../http/caller.ts'
import type { Routes } from '../http/routes.ts'
import { isRefusal, refuse, refuseField } from '../platform/refusal.ts'
import type { Refusal } from '../platform/refusal.ts'
import { findTheatre } from '../venues/store.ts'
import { closeShift, moveCash, openShift } from './keep-shifts.ts'
import { presentShift } from './shift-model.ts'
import { findShift, movementsOf } from './shift-store.ts'

/** The newest first. */
const shiftOrder = {
  name: 'newest',
  keys: [{ column: 'shifts.id', direction: 'desc', type: 'text' }],
} as const satisfies Order

export function addShiftRoutes(routes: Routes, { database }: { readonly database: Database }): void {
  /** A theatre of whoever works there. */
  const findHouse = async (caller: Caller, id: string): Promise<TheatreRow | Refusal<'not_found' | 'forbidden'>> => {
    const theatre = await findTheatre(database.read, id)
    if (!theatre) return refuse('not_found', 'There is no such theatre.')
    const works = await worksAt(database, caller, { theatreId: theatre.id, ownerId: theatre.ownerId })
    return works ? theatre : refuse('forbidden', 'You do not work at this theatre.')
  }
  /** A shift is the house's own: to anybody else it is not there. */
  const find = async ({ params, caller }: { readonly params: { readonly id: string }; readonly caller: Caller }) => {
    const shift = await findShift(database.read, params.id)
    const theatre = shift && (await findHouse(caller, shift.theatreId))
    return shift && !isRefusal(theatre) ? shift : refuse('not_found')
  }

  routes.add(contract.openShift, {
    async handle({ body, caller, commit }) {
      const theatre = await findHouse(caller, body.theatreId)
      if (isRefusal(theatre)) return theatre
      if (body.float.currency !== theatre.currency) {
        return refuseField('/float/currency', `must be ${theatre.currency}`)
      }
      return await commit(async (tx) => await presentIn(tx, await openShift(tx, body, signedIn(caller).userId)))
    },
  })
  routes.add(contract.listShifts, {
    async handle({ query, caller }) {
      const theatre = query.theatreId === undefined ? null : await findHouse(caller, query.theatreId)
      if (isRefusal(theatre)) return theatre
      const theatreIds = theatre ? [theatre.id] : await theatresOf(database, signedIn(caller))
      if (theatreIds?.length === 0) return { data: [], nextCursor: null }
      const after = readCursor(shiftOrder, query.cursor)
      if (isRefusal(after)) return after
      const limit = limitOf(query)
      const rows = await database.read
        .selectFrom('shifts')
        .selectAll()
        .$if(theatreIds !== undefined, (all) => all.where('theatreId', 'in', theatreIds ?? []))
        .where(after)
        .orderBy(orderBy(shiftOrder))
        .limit(limit + 1)
        .execute()
      const ids = rows.map(({ id }) => id)
      const movements = await movementsOf(database.read, ids)
      return toPage(
        shiftOrder,
        rows,
        limit,
        ({ id }) => [id],
        (row) => presentShift(row, movements),
      )
    },
  })
  routes.add(contract.readShift, {
    find,
    handle: async ({ subject }) => presentShift(subject, await movementsOf(database.read, [subject.id])),
  })
  routes.add(contract.moveCash, {
    find,
    handle: ({ subject, body, caller, commit }) =>
      commit(async (tx) => await presentIn(tx, await moveCash(tx, subject.id, body, signedIn(caller).userId))),
  })
  routes.add(contract.closeShift, {
    find,
    handle: ({ subject, body, caller, commit }) =>
      commit(async (tx) => await presentIn(tx, await closeShift(tx, subject.id, body, signedIn(caller).userId))),
  })
}

async function presentIn(tx: Transaction, outcome: ShiftRow | Refusal): Promise<Shift | Refusal> {
  return isRefusal(outcome) ? outcome : presentShift(outcome, await movementsOf(tx.query, [outcome.id]))
}
