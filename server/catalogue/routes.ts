import * as contract from '../../contract/catalogue.ts'
import type { Database } from '../database/database.ts'
import { limitOf, readCursor, toPage } from '../database/paging.ts'
import type { MovieRow } from '../database/tables/catalogue.ts'
import { tagged } from '../http/answer.ts'
import type { Approach, Request } from '../http/request.ts'
import type { Routes } from '../http/routes.ts'
import { isRefusal, refuse } from '../platform/refusal.ts'
import { changeMovie, createMovie } from './change-movie.ts'
import { deleteMovie } from './delete-movie.ts'
import { mayChangeMovie } from './policy.ts'
import { presentMovie } from './present.ts'
import { findMovie, listGenres, listMovies, movieOrders, movieSortValues } from './store.ts'

export interface CatalogueParts {
  readonly database: Database
}

export function addCatalogueRoutes(routes: Routes, { database }: CatalogueParts): void {
  const findForAnyone = async ({ params }: Approach<typeof contract.getMovie>) =>
    (await findMovie(database.read, params.id)) ?? refuse('not_found')

  const findForChange = async ({ params, caller }: Approach<typeof contract.updateMovie>) => {
    const movie = await findMovie(database.read, params.id)
    if (!movie) return refuse('not_found')
    return mayChangeMovie(caller, movie) ? movie : refuse('forbidden', 'This movie was added by somebody else.')
  }

  routes.add(contract.listMovies, {
    async handle({ query, now }) {
      const sort = query.sort ?? 'title'
      const order = movieOrders[sort]
      const after = readCursor(order, query.cursor)
      if (isRefusal(after)) return after
      const limit = limitOf(query)
      const rows = await listMovies(database.read, { ...query, now }, order, after, limit + 1)
      return toPage(order, rows, limit, movieSortValues[sort], presentMovie)
    },
  })

  routes.add(contract.getMovie, {
    find: findForAnyone,
    handle: ({ subject }) => tagged(presentMovie(subject), subject.revision),
  })

  routes.add(contract.createMovie, {
    async handle({ body, caller, commit }) {
      const createdBy = caller.kind === 'account' ? caller.userId : null
      return await commit(async (tx) => presentMovie(await createMovie(tx, body, createdBy)))
    },
  })

  const change = {
    find: findForChange,
    async handle({ subject, body, headers }: Request<typeof contract.updateMovie, MovieRow>) {
      const row = await database.write((tx) => changeMovie(tx, subject.id, body, headers['if-match']))
      return isRefusal(row) ? row : tagged(presentMovie(row), row.revision)
    },
  }
  routes.add(contract.updateMovie, change)
  routes.add(contract.replaceMovie, change)

  routes.add(contract.deleteMovie, {
    find: findForChange,
    async handle({ subject }) {
      return await database.write((tx) => deleteMovie(tx, subject.id))
    },
  })

  routes.add(contract.listGenres, {
    async handle() {
      return { data: await listGenres(database.read), nextCursor: null }
    },
  })
}
