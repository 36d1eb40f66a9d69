import * as contract from '../../contract/auditoriums.ts'
import type { Layout } from '../../contract/layouts.ts'
import { limitOf, readCursor, toPage } from '../database/paging.ts'
import { tagged } from '../http/answer.ts'
import type { Routes } from '../http/routes.ts'
import { isRefusal, refuse, refuseFields } from '../platform/refusal.ts'
import type { Refusal } from '../platform/refusal.ts'
import { changeAuditorium, createAuditorium, deleteAuditorium } from './change-auditorium.ts'
import type { AuditoriumChange } from './change-auditorium.ts'
import { findManagedAuditorium, findManagedTheatre } from './find.ts'
import type { VenueParts } from './find.ts'
import { presentAuditorium } from './present.ts'
import { layoutToPretix, parseAnyLayout } from './pretix.ts'
import { auditoriumOrder, findAuditorium, findTheatre, listAuditoriums, parseStoredLayout } from './store.ts'
import type { AuditoriumWithLayout } from './store.ts'

type WithId = { readonly params: { readonly id: string } }

export function addAuditoriumRoutes(routes: Routes, { database, adoptLayout }: VenueParts): void {
  const findForAnyone = async ({ params }: WithId) =>
    (await findAuditorium(database.read, params.id)) ?? refuse('not_found')
  const find = findManagedAuditorium(database)
  const change = (id: string, wanted: AuditoriumChange, ifMatch: string | undefined) =>
    database.write(async (tx) => {
      const row = await changeAuditorium(tx, id, wanted, ifMatch)
      if (!isRefusal(row) && wanted.layout) await adoptLayout(tx, row)
      return row
    })

  routes.add(contract.listAuditoriums, {
    find: async ({ params }) => (await findTheatre(database.read, params.id)) ?? refuse('not_found'),
    async handle({ subject, query }) {
      const after = readCursor(auditoriumOrder, query.cursor)
      if (isRefusal(after)) return after
      const limit = limitOf(query)
      const rows = await listAuditoriums(database.read, subject.id, after, limit + 1)
      return toPage(auditoriumOrder, rows, limit, (row) => [row.nameFolded, row.id], presentAuditorium)
    },
  })

  routes.add(contract.createAuditorium, {
    find: findManagedTheatre(database),
    async handle({ subject, body, commit }) {
      const layout = readLayout(body.layout, '/layout')
      if (isRefusal(layout)) return layout
      const { name, turnaroundMinutes = null } = body
      const input = { theatreId: subject.id, name, turnaroundMinutes, layout, externalKey: null }
      return await commit(async (tx) => {
        const row = await createAuditorium(tx, input)
        return isRefusal(row) ? row : presentAuditorium(row)
      })
    },
  })

  routes.add(contract.getAuditorium, { find: findForAnyone, handle: ({ subject }) => taggedAuditorium(subject) })

  routes.add(contract.updateAuditorium, {
    find,
    async handle({ subject, body, headers }) {
      const layout = body.layout && readLayout(body.layout, '/layout')
      if (isRefusal(layout)) return layout
      const row = await change(subject.id, { ...body, layout }, headers['if-match'])
      return isRefusal(row) ? row : taggedAuditorium(row)
    },
  })

  routes.add(contract.deleteAuditorium, {
    find,
    handle: ({ subject }) => database.write((tx) => deleteAuditorium(tx, subject.id)),
  })

  routes.add(contract.getLayout, {
    find: findForAnyone,
    handle({ subject, query }) {
      const layout = parseStoredLayout(subject.layout)
      return tagged(query.format === 'pretix' ? layoutToPretix(layout, subject.name) : layout, subject.revision)
    },
  })

  addConversion(routes)
  routes.add(contract.setLayout, {
    find,
    async handle({ subject, body, headers }) {
      const layout = readLayout(body, '')
      if (isRefusal(layout)) return layout
      const row = await change(subject.id, { layout }, headers['if-match'])
      return isRefusal(row) ? row : taggedAuditorium(row)
    },
  })
}

function addConversion(routes: Routes): void {
  routes.add(contract.convertLayout, {
    handle({ body, query }) {
      const layout = readLayout(body, '')
      if (isRefusal(layout)) return layout
      return query.format === 'pretix' ? layoutToPretix(layout, query.name ?? 'Auditorium') : layout
    },
  })
}

function taggedAuditorium(row: AuditoriumWithLayout) {
  return tagged(presentAuditorium(row), row.revision)
}

/** A layout in either format; `at` is where it is in the body. */
function readLayout(value: unknown, at: string): Layout | Refusal<'validation_failed'> {
  const { layout, problems } = parseAnyLayout(value)
  return layout ?? refuseFields(problems.map(({ path, message }) => ({ path: at + path, message })))
}
