import * as contract from '../../contract/door.ts'
import type { Database } from '../database/database.ts'
import type { AccountCaller, Caller } from '../http/caller.ts'
import type { Approach } from '../http/request.ts'
import type { Routes } from '../http/routes.ts'
import { assert } from '../platform/assert.ts'
import { isRefusal, refuse, refuseField } from '../platform/refusal.ts'
import type { Refusal } from '../platform/refusal.ts'
import type { TicketKeys } from '../tickets/keys.ts'
import { checkIn } from './check-in.ts'
import type { CheckInCommand } from './check-in.ts'
import type { DoorRow } from './model.ts'
import { judgeDoor, mayScan } from './policy.ts'
import { presentDoorPack, presentManifest } from './present.ts'
import { readScans } from './read-scans.ts'
import { reportScans } from './report-scans.ts'
import { findDeparted, findHouse, findParty, findShow, findTickets, unmarkUsed } from './store.ts'

export interface DoorParts {
  readonly database: Database
  readonly keys: TicketKeys
}

export function addDoorRoutes(routes: Routes, parts: DoorParts): void {
  const { database, keys } = parts
  routes.add(contract.checkIn, {
    async handle({ body, caller, commit }) {
      const scanned = await readTarget(keys, body)
      if (isRefusal(scanned)) return scanned
      const row = await findOne(database, scanned)
      if (!row || !(await mayScan(database, caller, await findShow(database.read, row.showtimeId)))) {
        return refuse('not_found')
      }
      const command: CheckInCommand = {
        bookingId: row.bookingId,
        scanned: 'ticketId' in scanned ? scanned : null,
        showtimeId: body.showtimeId,
        admit: body.admit,
        byUserId: accountOf(caller).userId,
      }
      return await commit((tx) => checkIn(tx, command))
    },
  })
  routes.add(contract.undoCheckIn, {
    async find({ params, caller }) {
      const [row] = await findTickets(database.read, [params.ticketId])
      const mine = row && (await mayScan(database, caller, await findShow(database.read, row.showtimeId)))
      return mine ? row.id : refuse('not_found')
    },
    async handle({ subject, caller, commit }) {
      const done = await commit((tx) => unmarkUsed(tx, subject, accountOf(caller).userId))
      return isRefusal(done) ? done : undefined
    },
  })
  routes.add(contract.reportScans, {
    async handle({ body, caller, commit }) {
      const account = accountOf(caller)
      const scans = await readScans(database, keys, account, body.scans)
      return isRefusal(scans) ? scans : await commit((tx) => reportScans(tx, scans, account.userId))
    },
  })
  addDoorReads(routes, parts)
}

function addDoorReads(routes: Routes, { database, keys }: DoorParts): void {
  const find = async ({ params, caller }: Approach & { readonly params: { readonly id: string } }) =>
    await judgeDoor(database, caller, await findShow(database.read, params.id))
  routes.add(contract.getManifest, {
    find,
    handle: async ({ subject }) => presentManifest(await findHouse(database.read, subject.id), subject),
  })
  routes.add(contract.getDoorPack, {
    find,
    async handle({ subject, now }) {
      // A pack without keys would call every ticket forged.
      await keys.signing()
      const house = await findHouse(database.read, subject.id)
      const departed = await findDeparted(database.read, subject.id)
      return presentDoorPack(house, departed, subject, await keys.verifying(), now)
    },
  })
}

type Target = { readonly ticketId: string; readonly codeRevision?: number } | { readonly bookingId: string }

/** What was scanned or picked: exactly one of a code, a ticket and a booking. */
async function readTarget(
  keys: TicketKeys,
  body: { readonly code?: string; readonly ticketId?: string; readonly bookingId?: string },
): Promise<Target | Refusal<'validation_failed' | 'invalid_code'>> {
  const { code, ticketId, bookingId } = body
  const given = [code, ticketId, bookingId].filter((value) => value !== undefined)
  if (given.length !== 1) return refuseField('', 'must have exactly one of code, ticketId and bookingId')
  if (ticketId !== undefined) return { ticketId }
  if (bookingId !== undefined) return { bookingId }
  return (await keys.read(code ?? '')) ?? refuse('invalid_code')
}

async function findOne(database: Database, target: Target): Promise<DoorRow | undefined> {
  const rows =
    'ticketId' in target
      ? await findTickets(database.read, [target.ticketId])
      : await findParty(database.read, target.bookingId)
  return rows[0]
}

/** The contract lets in accounts alone. */
function accountOf(caller: Caller): AccountCaller {
  assert(caller.kind === 'account', 'The door is worked by accounts')
  return caller
}
