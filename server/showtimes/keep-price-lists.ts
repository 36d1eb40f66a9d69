import type { Kysely } from 'kysely'
import type { PriceList, PriceListInput, PriceListPatch, PriceRule } from '../../contract/prices.ts'
import type { Transaction } from '../database/database.ts'
import type { Tables } from '../database/tables/index.ts'
import type { PriceListRow } from '../database/tables/showtimes.ts'
import type { TheatreRow } from '../database/tables/venues.ts'
import { newId } from '../platform/ids.ts'
import { refuse, refuseFields } from '../platform/refusal.ts'
import type { Refusal } from '../platform/refusal.ts'
import { readTicketTypes } from './keep-ticket-types.ts'
import { priceRuleProblems } from './pricing.ts'

function presentPriceList({ id, theatreId, name, rules }: PriceListRow): PriceList {
  return { id, theatreId, name, rules: JSON.parse(rules) }
}

/** A theatre's price lists, the oldest first. */
export async function readPriceLists(query: Kysely<Tables>, theatreId: string): Promise<PriceList[]> {
  const rows = await query
    .selectFrom('priceLists')
    .selectAll()
    .where('theatreId', '=', theatreId)
    .orderBy('id')
    .execute()
  return rows.map(presentPriceList)
}

/** One of a theatre's price lists; undefined when it has none such. */
export async function findPriceList(
  query: Kysely<Tables>,
  theatreId: string,
  id: string,
): Promise<PriceList | undefined> {
  const row = await query
    .selectFrom('priceLists')
    .selectAll()
    .where('theatreId', '=', theatreId)
    .where('id', '=', id)
    .executeTakeFirst()
  return row && presentPriceList(row)
}

type Theatre = Pick<TheatreRow, 'id' | 'currency'>

/** Adds a price list. Refuses `validation_failed` for rules in another currency or of a ticket type that the theatre has not. */
export async function createPriceList(
  tx: Transaction,
  theatre: Theatre,
  { name, rules }: PriceListInput,
): Promise<PriceList | Refusal<'validation_failed'>> {
  const refused = await judgeRules(tx, theatre, rules)
  if (refused) return refused
  const row: PriceListRow = {
    id: newId('priceList', tx.nowMs),
    theatreId: theatre.id,
    name,
    rules: JSON.stringify(rules),
    createdAt: tx.nowMs,
    updatedAt: tx.nowMs,
  }
  await tx.query.insertInto('priceLists').values(row).execute()
  return presentPriceList(row)
}

/** Changes what is sent. Showtimes copied their prices when they were made: theirs stay. */
export async function changePriceList(
  tx: Transaction,
  theatre: Theatre,
  id: string,
  { name, rules }: PriceListPatch,
): Promise<PriceList | Refusal<'not_found' | 'validation_failed'>> {
  const refused = rules && (await judgeRules(tx, theatre, rules))
  if (refused) return refused
  const row = await tx.query
    .updateTable('priceLists')
    .set({
      ...(name !== undefined && { name }),
      ...(rules !== undefined && { rules: JSON.stringify(rules) }),
      updatedAt: tx.nowMs,
    })
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirst()
  return row ? presentPriceList(row) : refuse('not_found')
}

export async function deletePriceList(tx: Transaction, id: string): Promise<undefined> {
  await tx.query.deleteFrom('priceLists').where('id', '=', id).execute()
  return undefined
}

async function judgeRules(
  tx: Transaction,
  { id, currency }: Theatre,
  rules: readonly PriceRule[],
): Promise<Refusal<'validation_failed'> | null> {
  const types = await readTicketTypes(tx.query, id)
  const problems = priceRuleProblems(rules, { currency, ticketTypes: new Set(types.map((type) => type.key)) })
  return problems.length > 0 ? refuseFields(problems) : null
}
