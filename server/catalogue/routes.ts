import * as contract from '../../contract/catalogue.ts'
import type { Database } from '../database/database.ts'
import { limitOf, readCursor, toPage } from '../database/paging.ts'
import type { MovieRow } from '../database/tables/catalogue.ts'
import { Answer, tagged } from '../http/answer.ts'
import { signedIn } from '../http/caller.ts'
import type { Approach, Request } from '../http/request.ts'
import type { Routes } from '../http/routes.ts'
import { isRefusal, refuse } from '../platform/refusal.ts'
import type { Storage } from '../platform/storage.ts'
import { changeMovie, createMovie } from './change-movie.ts'
import { deleteMovie } from './delete-movie.ts'
import { mayChangeMovie } from './policy.ts'
import { presentMovie } from './present.ts'
import { readPicture, setPoster } from './set-poster.ts'
import { findMovie, listGenres, listMovies, movieOrders, movieSortValues } from './store.ts'

export interface CatalogueParts {
  readonly database: Database
  readonly storage: Storage
}

export function addCatalogueRoutes(routes: Routes, parts: CatalogueParts): void {
  const { database } = parts
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
      return await commit(async (tx) => presentMovie(await createMovie(tx, body, signedIn(caller).userId)))
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

  const poster = {
    find: findForChange,
    async handle({ subject, body, headers, commit }: Request<typeof contract.setPoster, MovieRow>) {
      const picture = await readPicture(body, headers['content-type'] ?? '')
      if (isRefusal(picture)) return picture
      let revision = subject.revision
      const movie = await setPoster(parts.storage, picture, (posterUrl) =>
        commit(async (tx) => {
          const row = await changeMovie(tx, subject.id, { posterUrl }, headers['if-match'])
          if (isRefusal(row)) return row
          revision = row.revision
          return presentMovie(row)
        }),
      )
      return isRefusal(movie) || movie instanceof Answer ? movie : tagged(movie, revision)
    },
  }
  routes.add(contract.setPoster, poster)
  routes.add(contract.uploadPoster, poster)

  routes.add(contract.listGenres, {
    async handle() {
      return { data: await listGenres(database.read), nextCursor: null }
    },
  })
}
