import type { Kysely } from 'kysely'
import type { TicketType, TicketTypeInput, TicketTypePatch } from '../../contract/prices.ts'
import type { Transaction } from '../database/database.ts'
import type { Tables } from '../database/tables/index.ts'
import type { TicketTypeRow } from '../database/tables/showtimes.ts'
import { newId } from '../platform/ids.ts'
import { refuse, refuseField } from '../platform/refusal.ts'
import type { Refusal } from '../platform/refusal.ts'
import { conditionColumns, presentTicketType, withUsualTypes } from './ticket-types.ts'

/** The ticket types that a theatre sells: the usual ones and its own. */
export async function readTicketTypes(query: Kysely<Tables>, theatreId: string): Promise<TicketType[]> {
  return withUsualTypes(await query.selectFrom('ticketTypes').selectAll().where('theatreId', '=', theatreId).execute())
}

/** One of a theatre's ticket types, by id or key; undefined when it has none such. */
export async function findTicketType(
  query: Kysely<Tables>,
  theatreId: string,
  idOrKey: string,
): Promise<TicketType | undefined> {
  const types = await readTicketTypes(query, theatreId)
  return types.find((type) => type.id === idOrKey || type.key === idOrKey)
}

/** Adds a ticket type; one with a usual key takes its place. Refuses `ticket_type_exists` for a key that the theatre keeps already. */
export async function createTicketType(
  tx: Transaction,
  theatreId: string,
  input: TicketTypeInput,
): Promise<TicketType | Refusal<'ticket_type_exists' | 'validation_failed'>> {
  const refused = await judgeRequires(tx, theatreId, input)
  if (refused) return refused
  const row: TicketTypeRow = {
    id: newId('ticketType', tx.nowMs),
    theatreId,
    key: input.key,
    name: input.name,
    ...conditionColumns(input),
    createdAt: tx.nowMs,
    updatedAt: tx.nowMs,
  }
  const added = await tx.query
    .insertInto('ticketTypes')
    .values(row)
    .onConflict((conflict) => conflict.columns(['theatreId', 'key']).doNothing())
    .executeTakeFirst()
  return added.numInsertedOrUpdatedRows === 0n ? refuse('ticket_type_exists') : presentTicketType(row)
}

/** Changes what is sent; null takes a condition away. A usual type becomes one of the theatre's own. */
export async function changeTicketType(
  tx: Transaction,
  theatreId: string,
  type: TicketType,
  patch: TicketTypePatch,
): Promise<TicketType | Refusal<'not_found' | 'validation_failed'>> {
  const changed = { ...type, ...patch }
  const conditions = {
    proof: changed.proof ?? undefined,
    maxPerBooking: changed.maxPerBooking ?? undefined,
    requires: changed.requires ?? undefined,
    channels: changed.channels ?? undefined,
  }
  const input = { key: type.key, name: changed.name ?? type.name, ...conditions }
  const refused = await judgeRequires(tx, theatreId, input)
  if (refused) return refused
  const columns = { name: input.name, ...conditionColumns(conditions), updatedAt: tx.nowMs }
  const row = await tx.query
    .insertInto('ticketTypes')
    .values({ id: newId('ticketType', tx.nowMs), theatreId, key: type.key, createdAt: tx.nowMs, ...columns })
    .onConflict((conflict) => conflict.columns(['theatreId', 'key']).doUpdateSet(columns))
    .returningAll()
    .executeTakeFirstOrThrow()
  return presentTicketType(row)
}

/** Takes away what the theatre keeps under this key; a usual type is usual again. */
export async function deleteTicketType(tx: Transaction, theatreId: string, key: string): Promise<undefined> {
  await tx.query.deleteFrom('ticketTypes').where('theatreId', '=', theatreId).where('key', '=', key).execute()
  return undefined
}

async function judgeRequires(
  tx: Transaction,
  theatreId: string,
  { key, requires }: TicketTypeInput,
): Promise<Refusal<'validation_failed'> | null> {
  if (!requires) return null
  if (requires.ticketType === key) return refuseField('/requires/ticketType', 'is the type itself')
  if (await findTicketType(tx.query, theatreId, requires.ticketType)) return null
  return refuseField('/requires/ticketType', 'is no ticket type of this theatre')
}
