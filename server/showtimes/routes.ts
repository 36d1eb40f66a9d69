import * as programme from '../../contract/programme.ts'
import * as contract from '../../contract/showtimes.ts'
import { findMovie } from '../catalogue/store.ts'
import type { Transaction } from '../database/database.ts'
import type { ShowtimeRow } from '../database/tables/showtimes.ts'
import { tagged } from '../http/answer.ts'
import type { Caller } from '../http/caller.ts'
import type { Request } from '../http/request.ts'
import type { Routes } from '../http/routes.ts'
import { must } from '../platform/assert.ts'
import { isRefusal, refuse, refuseField } from '../platform/refusal.ts'
import type { Refusal } from '../platform/refusal.ts'
import { isDay } from '../platform/time.ts'
import { findManagedAuditorium } from '../venues/find.ts'
import { mayManageTheatre } from '../venues/policy.ts'
import { findTheatre } from '../venues/store.ts'
import { changeShowtime } from './change-showtime.ts'
import { copyShowtimes } from './copy-showtimes.ts'
import { createShowtime, createShowtimes } from './create-showtime.ts'
import { deleteShowtime } from './delete-showtime.ts'
import { findKnownShowtime, findManagedShowtime } from './find.ts'
import type { ShowtimeParts } from './find.ts'
import { readPage } from './list-showtimes.ts'
import { presentShowtimes } from './present.ts'
import { hasWaitingRoom } from './store.ts'
import { addPriceListRoutes } from './price-list-routes.ts'
import { publishShowtimes } from './publish-showtimes.ts'
import { addTicketTypeRoutes } from './ticket-type-routes.ts'

export function addShowtimeRoutes(routes: Routes, parts: ShowtimeParts): void {
  addReads(routes, parts)
  addChanges(routes, parts)
  addProgramme(routes, parts)
  addTicketTypeRoutes(routes, parts)
  addPriceListRoutes(routes, parts)
}

function addReads(routes: Routes, { database, countTaken }: ShowtimeParts): void {
  const present = (rows: readonly ShowtimeRow[], now: number, expand?: string) =>
    presentShowtimes(database.read, countTaken, rows, now, expand)

  routes.add(contract.listShowtimes, {
    async handle({ query, caller, now }) {
      const page = await readPage(database.read, query, caller, now)
      return isRefusal(page) ? page : { ...page, data: await present(page.data, now, query.expand) }
    },
  })

  routes.add(contract.listMovieShowtimes, {
    find: async ({ params }) => (await findMovie(database.read, params.id)) ?? refuse('not_found'),
    async handle({ subject, query, caller, now }) {
      const page = await readPage(database.read, { ...query, movieId: subject.id }, caller, now)
      return isRefusal(page) ? page : { ...page, data: await present(page.data, now, query.expand) }
    },
  })

  routes.add(contract.getShowtime, {
    find: findKnownShowtime(database),
    async handle({ subject, query, now }) {
      const [body] = await present([subject], now, query.expand)
      const waitingRoom = await hasWaitingRoom(database, subject.id)
      const showtime = must(body, 'One showtime in, one out')
      return tagged(waitingRoom ? { ...showtime, waitingRoom } : showtime, subject.revision)
    },
  })
}

function addChanges(routes: Routes, { database, countTaken }: ShowtimeParts): void {
  const presentOne = async (tx: Transaction, row: ShowtimeRow) =>
    must((await presentShowtimes(tx.query, countTaken, [row], tx.nowMs))[0], 'One showtime in, one out')

  routes.add(contract.createShowtime, {
    async handle({ body, caller, commit }) {
      return await commit(async (tx) => {
        const row = await createShowtime(tx, body, caller)
        return isRefusal(row) ? row : await presentOne(tx, row)
      })
    },
  })

  const findHall = findManagedAuditorium(database)
  const change = {
    find: findManagedShowtime(database),
    async handle({ subject, body, headers, caller }: Request<typeof contract.updateShowtime, ShowtimeRow>) {
      const hall =
        body.auditoriumId === undefined ? null : await findHall({ params: { id: body.auditoriumId }, caller })
      if (isRefusal(hall)) return hall
      const changed = await database.write(async (tx) => {
        const row = await changeShowtime(tx, subject.id, body, headers['if-match'])
        return isRefusal(row) ? row : { body: await presentOne(tx, row), revision: row.revision }
      })
      return isRefusal(changed) ? changed : tagged(changed.body, changed.revision)
    },
  }
  routes.add(contract.updateShowtime, change)
  routes.add(contract.replaceShowtime, change)

  routes.add(contract.deleteShowtime, {
    find: findManagedShowtime(database),
    handle: ({ subject }) => database.write((tx) => deleteShowtime(tx, subject.id)),
  })
}

function addProgramme(routes: Routes, { countTaken }: ShowtimeParts): void {
  const presentAll = (tx: Transaction, rows: readonly ShowtimeRow[]) =>
    presentShowtimes(tx.query, countTaken, rows, tx.nowMs)

  routes.add(programme.createShowtimes, {
    async handle({ body, caller, commit }) {
      return await commit(async (tx) => {
        const rows = await createShowtimes(tx, body.showtimes, caller)
        return isRefusal(rows) ? rows : { showtimes: await presentAll(tx, rows) }
      })
    },
  })

  routes.add(programme.copyShowtimes, {
    async handle({ body, caller, commit }) {
      const createdBy = caller.kind === 'account' ? caller.userId : null
      return await commit(async (tx) => {
        const refused = await judgeProgramme(tx, body, caller)
        const rows = refused ?? (await copyShowtimes(tx, body, createdBy))
        return isRefusal(rows) ? rows : { showtimes: await presentAll(tx, rows) }
      })
    },
  })

  routes.add(programme.publishShowtimes, {
    async handle({ body, caller, commit }) {
      return await commit(async (tx) => (await judgeProgramme(tx, body, caller)) ?? (await publishShowtimes(tx, body)))
    },
  })
}

/** A theatre that is there and the caller's to manage, and days of the calendar in their order. */
async function judgeProgramme(
  tx: Transaction,
  { theatreId, from, to }: { readonly theatreId: string; readonly from: string; readonly to: string },
  caller: Caller,
): Promise<Refusal<'not_found' | 'forbidden' | 'validation_failed'> | null> {
  const theatre = await findTheatre(tx.query, theatreId)
  if (!theatre) return refuse('not_found', 'There is no such theatre.')
  if (!mayManageTheatre(caller, theatre)) return refuse('forbidden', 'This theatre is somebody else’s.')
  if (!isDay(from)) return refuseField('/from', 'is not a day of the calendar')
  if (!isDay(to)) return refuseField('/to', 'is not a day of the calendar')
  return to < from ? refuseField('/to', 'must not be before `from`') : null
}
