import type { SettingsPatch, TheatreInput, TheatrePatch } from '../../contract/venues.ts'
import type { Transaction } from '../database/database.ts'
import { deleteUnlessReferenced } from '../database/references.ts'
import type { TheatreRow } from '../database/tables/venues.ts'
import { revisionMatches } from '../http/answer.ts'
import type { Caller } from '../http/caller.ts'
import { newId } from '../platform/ids.ts'
import { isRefusal, refuse, refuseField, refuseFields } from '../platform/refusal.ts'
import type { Refusal } from '../platform/refusal.ts'
import {
  patchedTheatreFacts,
  theatreColumnsOf,
  theatreFactsOfInput,
  theatreFactsOfRow,
  theatreProblems,
} from './model.ts'
import { maySetOwner } from './policy.ts'
import { patchedSettings } from './settings.ts'
import { claimTheatre, hasShowtimes } from './store.ts'

/** Opens a theatre: an owner's is its own, an administrator's belongs to whom it names, or to the house. */
export async function createTheatre(
  tx: Transaction,
  input: TheatreInput,
  caller: Caller,
): Promise<TheatreRow | Refusal<'validation_failed' | 'forbidden'>> {
  const facts = theatreFactsOfInput(input)
  const problems = theatreProblems(facts)
  if (problems.length > 0) return refuseFields(problems)
  const own = caller.kind === 'account' && caller.role === 'owner' ? caller.userId : null
  const ownerId = input.ownerId ?? own
  if (ownerId !== own) {
    const refused = await refuseOwner(tx, caller, ownerId)
    if (refused) return refused
  }
  const row: TheatreRow = {
    id: newId('theatre', tx.nowMs),
    externalKey: null,
    ...theatreColumnsOf(facts),
    ownerId,
    settings: '{}',
    revision: 1,
    createdAt: tx.nowMs,
    updatedAt: tx.nowMs,
  }
  await tx.query.insertInto('theatres').values(row).execute()
  return row
}

/** Owners are accounts that are owners or administrators, and only an administrator chooses among them. */
async function refuseOwner(
  tx: Transaction,
  caller: Caller,
  ownerId: string | null,
): Promise<Refusal<'forbidden' | 'validation_failed'> | null> {
  if (!maySetOwner(caller, ownerId))
    return refuse('forbidden', 'Only an administrator gives a theatre to somebody else.')
  if (ownerId === null) return null
  const account = await tx.query
    .selectFrom('users')
    .select('role')
    .where('id', '=', ownerId)
    .where('deletedAt', 'is', null)
    .executeTakeFirst()
  if (account?.role === 'owner' || account?.role === 'admin') return null
  return refuseField('/ownerId', 'is not the account of an owner')
}

type TheatreRefusal = Refusal<
  'not_found' | 'precondition_failed' | 'validation_failed' | 'theatre_in_use' | 'forbidden'
>

/** Changes what is sent. Currency and time zone are copied into every showtime, so they change only before the first. */
export async function changeTheatre(
  tx: Transaction,
  id: string,
  patch: TheatrePatch,
  caller: Caller,
  ifMatch: string | undefined,
): Promise<TheatreRow | TheatreRefusal> {
  const row = await claimRevision(tx, id, ifMatch)
  if (isRefusal(row)) return row
  const facts = patchedTheatreFacts(theatreFactsOfRow(row), patch)
  const problems = theatreProblems(facts)
  if (problems.length > 0) return refuseFields(problems)
  const movesMoneyOrTime = facts.currency !== row.currency || facts.timeZone !== row.timeZone
  if (movesMoneyOrTime && (await hasShowtimes(tx, 'theatre_id', id))) {
    return refuse('theatre_in_use', 'Currency and time zone change only before the first showtime.')
  }
  const ownerId = patch.ownerId === undefined ? row.ownerId : patch.ownerId
  if (ownerId !== row.ownerId) {
    const refused = await refuseOwner(tx, caller, ownerId)
    if (refused) return refused
  }
  const columns = { ...theatreColumnsOf(facts), ownerId }
  await tx.query.updateTable('theatres').set(columns).where('id', '=', id).execute()
  return { ...row, ...columns, revision: row.revision + 1, updatedAt: tx.nowMs }
}

async function claimRevision(
  tx: Transaction,
  id: string,
  ifMatch: string | undefined,
): Promise<TheatreRow | Refusal<'not_found' | 'precondition_failed'>> {
  const row = await claimTheatre(tx, id)
  if (!row) return refuse('not_found')
  return revisionMatches(ifMatch, row.revision) ? row : refuse('precondition_failed')
}

/** Changes the settings that are sent; sums are in the theatre's currency. */
export async function changeSettings(
  tx: Transaction,
  id: string,
  patch: SettingsPatch,
  ifMatch: string | undefined,
): Promise<TheatreRow | Refusal<'not_found' | 'precondition_failed' | 'validation_failed'>> {
  const row = await claimRevision(tx, id, ifMatch)
  if (isRefusal(row)) return row
  const settings = patchedSettings(row, patch)
  if (typeof settings !== 'string') return refuseField(settings.path, settings.message)
  await tx.query.updateTable('theatres').set({ settings }).where('id', '=', id).execute()
  return { ...row, settings, revision: row.revision + 1, updatedAt: tx.nowMs }
}

/** Closes a theatre that has no auditoriums and never had a showtime; its staff work there no longer. */
export async function deleteTheatre(
  tx: Transaction,
  id: string,
): Promise<undefined | Refusal<'theatre_in_use' | 'not_found'>> {
  if (!(await claimTheatre(tx, id))) return refuse('not_found')
  const auditorium = await tx.query
    .selectFrom('auditoriums')
    .select('id')
    .where('theatreId', '=', id)
    .executeTakeFirst()
  if (auditorium || (await hasShowtimes(tx, 'theatre_id', id))) return refuse('theatre_in_use')
  const deleted = await deleteUnlessReferenced(() => tx.query.deleteFrom('theatres').where('id', '=', id).execute())
  return deleted ? undefined : refuse('theatre_in_use')
}
