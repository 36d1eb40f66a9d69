import * as contract from '../../contract/prices.ts'
import type { Approach } from '../http/request.ts'
import type { Routes } from '../http/routes.ts'
import { isRefusal, refuse } from '../platform/refusal.ts'
import { findManagedTheatre } from '../venues/find.ts'
import { findTheatre } from '../venues/store.ts'
import type { ShowtimeParts } from './find.ts'
import { changePriceList, createPriceList, deletePriceList, findPriceList, readPriceLists } from './keep-price-lists.ts'
import { isOfTheHouse } from './policy.ts'

export function addPriceListRoutes(routes: Routes, { database }: ShowtimeParts): void {
  const findManaged = findManagedTheatre(database)

  /** The theatre of whoever works there: price lists are for the house. */
  const findOwnHouse = async ({
    params,
    caller,
  }: Pick<Approach<typeof contract.listPriceLists>, 'params' | 'caller'>) => {
    const theatre = await findTheatre(database.read, params.id)
    if (!theatre) return refuse('not_found')
    const mayRead = await isOfTheHouse(database.read, caller, theatre.id, theatre.ownerId)
    return mayRead ? theatre : refuse('forbidden', 'You do not work at this theatre.')
  }
  const findList = async ({ params }: Pick<Approach<typeof contract.getPriceList>, 'params'>) =>
    (await findPriceList(database.read, params.id, params.priceListId)) ?? refuse('not_found')
  const findManagedList = async (approach: Approach<typeof contract.updatePriceList>) => {
    const theatre = await findManaged(approach)
    if (isRefusal(theatre)) return theatre
    const list = await findList(approach)
    return isRefusal(list) ? list : { theatre, list }
  }

  routes.add(contract.listPriceLists, {
    find: findOwnHouse,
    handle: async ({ subject }) => ({ data: await readPriceLists(database.read, subject.id), nextCursor: null }),
  })

  routes.add(contract.createPriceList, {
    find: findManaged,
    handle: ({ subject, body, commit }) => commit((tx) => createPriceList(tx, subject, body)),
  })

  routes.add(contract.getPriceList, {
    find: async (approach) => {
      const theatre = await findOwnHouse(approach)
      return isRefusal(theatre) ? theatre : await findList(approach)
    },
    handle: ({ subject }) => subject,
  })

  routes.add(contract.updatePriceList, {
    find: findManagedList,
    handle: ({ subject, body }) => database.write((tx) => changePriceList(tx, subject.theatre, subject.list.id, body)),
  })

  routes.add(contract.deletePriceList, {
    find: findManagedList,
    handle: ({ subject }) => database.write((tx) => deletePriceList(tx, subject.list.id)),
  })
}
