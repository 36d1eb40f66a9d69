import * as contract from '../../contract/prices.ts'
import type { Approach } from '../http/request.ts'
import type { Routes } from '../http/routes.ts'
import { isRefusal, refuse } from '../platform/refusal.ts'
import { findManagedTheatre } from '../venues/find.ts'
import { findTheatre } from '../venues/store.ts'
import type { ShowtimeParts } from './find.ts'
import {
  changeTicketType,
  createTicketType,
  deleteTicketType,
  findTicketType,
  readTicketTypes,
} from './keep-ticket-types.ts'

export function addTicketTypeRoutes(routes: Routes, { database }: ShowtimeParts): void {
  const findTheatreOf = findManagedTheatre(database)
  const findOne = async ({ params }: Pick<Approach<typeof contract.getTicketType>, 'params'>) =>
    (await findTicketType(database.read, params.id, params.ticketTypeId)) ?? refuse('not_found')
  const findManaged = async (approach: Approach<typeof contract.updateTicketType>) => {
    const theatre = await findTheatreOf(approach)
    return isRefusal(theatre) ? theatre : await findOne(approach)
  }

  routes.add(contract.listTicketTypes, {
    find: async ({ params }) => (await findTheatre(database.read, params.id)) ?? refuse('not_found'),
    handle: async ({ subject }) => ({ data: await readTicketTypes(database.read, subject.id), nextCursor: null }),
  })

  routes.add(contract.createTicketType, {
    find: findTheatreOf,
    handle: ({ subject, body, commit }) => commit((tx) => createTicketType(tx, subject.id, body)),
  })

  routes.add(contract.getTicketType, {
    find: async (approach) =>
      (await findTheatre(database.read, approach.params.id)) ? await findOne(approach) : refuse('not_found'),
    handle: ({ subject }) => subject,
  })

  routes.add(contract.updateTicketType, {
    find: findManaged,
    handle: ({ params, subject, body }) => database.write((tx) => changeTicketType(tx, params.id, subject, body)),
  })

  routes.add(contract.deleteTicketType, {
    find: findManaged,
    handle: ({ params, subject }) => database.write((tx) => deleteTicketType(tx, params.id, subject.key)),
  })
}
