import * as contract from '../../contract/venues.ts'
import { signedIn } from '../http/caller.ts'
import type { Routes } from '../http/routes.ts'
import { findManagedTheatre } from './find.ts'
import type { VenueParts } from './find.ts'
import { addStaff, inviteStaff, listStaff, removeStaff } from './staff.ts'

export function addStaffRoutes(routes: Routes, { database, accounts }: VenueParts): void {
  const find = findManagedTheatre(database)

  routes.add(contract.listStaff, {
    find,
    async handle({ subject }) {
      return { data: await listStaff(database.read, subject.id), nextCursor: null }
    },
  })

  routes.add(contract.inviteStaff, {
    find,
    async handle({ subject, body, caller, commit }) {
      return await commit((tx) => inviteStaff(tx, accounts, subject, body.email, signedIn(caller).userId))
    },
  })

  routes.add(contract.putStaff, {
    find,
    handle: ({ subject, params }) => database.write((tx) => addStaff(tx, accounts, subject.id, params.userId)),
  })

  routes.add(contract.deleteStaff, {
    find,
    handle: ({ subject, params }) => database.write((tx) => removeStaff(tx, accounts, subject.id, params.userId)),
  })
}
