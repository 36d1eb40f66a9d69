import * as contract from '../../contract/waiting-room.ts'
import type { Database } from '../database/database.ts'
import type { WaitingRoomRow } from '../database/tables/waiting-rooms.ts'
import type { Approach } from '../http/request.ts'
import type { Routes } from '../http/routes.ts'
import { isRefusal } from '../platform/refusal.ts'
import type { Secrets } from '../platform/secrets.ts'
import { findKnownShowtime, findManagedShowtime } from '../showtimes/find.ts'
import { joinWaitingRoom } from './join.ts'
import { presentDraw, presentEntry, presentRoom, withAdmission } from './present.ts'
import { endWaitingRoom, setWaitingRoom } from './set-waiting-room.ts'
import { findEntry, findRoom, listDrawn } from './store.ts'

interface Parts {
  readonly database: Database
  readonly secrets: Secrets
}

export function addWaitingRoomRoutes(routes: Routes, parts: Parts): void {
  addReads(routes, parts)
  addChanges(routes, parts)
}

function addReads(routes: Routes, { database, secrets }: Parts): void {
  const { read } = database
  const find = findKnownShowtime(database)

  async function entryOf(room: WaitingRoomRow, { client, guest, now }: Approach) {
    const entry = await findEntry(read, room.showtimeId, guest === null ? [client] : [client, guest])
    return entry ? withAdmission(secrets, presentEntry(entry, room, now), entry.client) : null
  }

  routes.add(contract.readWaitingRoom, {
    find,
    async handle(request) {
      const { id: showtimeId } = request.subject
      const room = await findRoom(read, showtimeId)
      if (!room) return { showtimeId, room: null, entry: null }
      return { showtimeId, room: presentRoom(secrets, room), entry: await entryOf(room, request) }
    },
  })
  routes.add(contract.readWaitingDraw, {
    find,
    handle: async ({ subject }) =>
      presentDraw(secrets, await findRoom(read, subject.id), await listDrawn(read, subject.id)),
  })
}

function addChanges(routes: Routes, { database, secrets }: Parts): void {
  const find = findManagedShowtime(database)
  routes.add(contract.setWaitingRoom, {
    find,
    async handle({ subject, body, commit }) {
      return await commit(async (tx) => {
        const room = await setWaitingRoom(tx, secrets, subject, body)
        return isRefusal(room) ? room : presentRoom(secrets, room)
      })
    },
  })
  routes.add(contract.endWaitingRoom, {
    find,
    handle: ({ subject, commit }) => commit((tx) => endWaitingRoom(tx, subject.id)),
  })
  routes.add(contract.joinWaitingRoom, {
    find: findKnownShowtime(database),
    async handle({ subject, address, commit, rememberGuest }) {
      const client = rememberGuest()
      return await commit(
        async (tx) => {
          const joined = await joinWaitingRoom(tx, secrets, subject.id, { client, address })
          return isRefusal(joined) ? joined : presentEntry(joined.entry, joined.room, tx.nowMs)
        },
        (entry) => withAdmission(secrets, entry, client),
      )
    },
  })
}
