import * as contract from '../../contract/venues.ts'
import { limitOf, readCursor, toPage } from '../database/paging.ts'
import type { TheatreRow } from '../database/tables/venues.ts'
import { tagged } from '../http/answer.ts'
import type { Routes } from '../http/routes.ts'
import { isRefusal, refuse } from '../platform/refusal.ts'
import { addAuditoriumRoutes } from './routes-auditoriums.ts'
import { changeSettings, changeTheatre, createTheatre, deleteTheatre } from './change-theatre.ts'
import { findManagedTheatre } from './find.ts'
import type { VenueParts } from './find.ts'
import { parseNear, theatresNear } from './near.ts'
import { presentTheatre } from './present.ts'
import { presentSettings } from './settings.ts'
import { addLogoRoutes } from './routes-logo.ts'
import { addStaffRoutes } from './routes-staff.ts'
import { findTheatre, listCities, listTheatres, theatreOrder } from './store.ts'

export function addVenueRoutes(routes: Routes, parts: VenueParts): void {
  addTheatreRoutes(routes, parts)
  addAuditoriumRoutes(routes, parts)
  addStaffRoutes(routes, parts)
  addLogoRoutes(routes, parts)
}

function addTheatreRoutes(routes: Routes, { database }: VenueParts): void {
  const findForAnyone = async ({ params }: { readonly params: { readonly id: string } }) =>
    (await findTheatre(database.read, params.id)) ?? refuse('not_found')
  const find = findManagedTheatre(database)

  routes.add(contract.listCities, {
    async handle() {
      return { data: await listCities(database.read), nextCursor: null }
    },
  })

  routes.add(contract.listTheatres, {
    async handle({ query, caller }) {
      const limit = limitOf(query)
      const filter = { ...query, worker: query.mine === true ? caller : undefined }
      if (query.near !== undefined) {
        const place = parseNear(query.near)
        return isRefusal(place) ? place : await theatresNear(database.read, filter, place, query.cursor, limit)
      }
      const after = readCursor(theatreOrder, query.cursor)
      if (isRefusal(after)) return after
      const rows = await listTheatres(database.read, filter, after, limit + 1)
      return toPage(theatreOrder, rows, limit, (row) => [row.nameFolded, row.id], presentTheatre)
    },
  })

  routes.add(contract.getTheatre, { find: findForAnyone, handle: ({ subject }) => taggedTheatre(subject) })

  routes.add(contract.createTheatre, {
    async handle({ body, caller, commit }) {
      return await commit(async (tx) => {
        const row = await createTheatre(tx, body, caller)
        return isRefusal(row) ? row : presentTheatre(row)
      })
    },
  })

  routes.add(contract.updateTheatre, {
    find,
    async handle({ subject, body, caller, headers }) {
      const row = await database.write((tx) => changeTheatre(tx, subject.id, body, caller, headers['if-match']))
      return isRefusal(row) ? row : taggedTheatre(row)
    },
  })

  routes.add(contract.deleteTheatre, {
    find,
    handle: ({ subject }) => database.write((tx) => deleteTheatre(tx, subject.id)),
  })

  routes.add(contract.getSettings, {
    find,
    handle: ({ subject }) => tagged(presentSettings(subject), subject.revision),
  })

  routes.add(contract.updateSettings, {
    find,
    async handle({ subject, body, headers }) {
      const row = await database.write((tx) => changeSettings(tx, subject.id, body, headers['if-match']))
      return isRefusal(row) ? row : tagged(presentSettings(row), row.revision)
    },
  })
}

function taggedTheatre(row: TheatreRow) {
  return tagged(presentTheatre(row), row.revision)
}
