import type pg from 'pg'
import type { Database } from './database.ts'
import { groupReads } from './group-reads.ts'
import { isStalePlan } from './postgres-errors.ts'
import { forgetNames, namedStatement } from './postgres-statements.ts'
import { inOurNames } from './row-names.ts'

/** Says what an error means. */
export type Explain = (error: unknown) => unknown

/** Reads by id: whoever asks in the same turn of the event loop shares a statement. */
export function readsById(pool: pg.Pool, explain: Explain): Database['readById'] {
  const groups = new Map<string, Map<string, (id: string) => Promise<unknown>>>()
  return async <Row extends { readonly id: string }>(select: string, column: string, id: string) => {
    const ofSelect = groups.getOrInsertComputed(select, () => new Map<string, (id: string) => Promise<unknown>>())
    const read = ofSelect.getOrInsertComputed(column, () => readsTogether(pool, explain, select, column))
    return (await read(id)) as Row | undefined
  }
}

function readsTogether(
  pool: pg.Pool,
  explain: Explain,
  select: string,
  column: string,
): (id: string) => Promise<unknown> {
  // A plan that goes from key to key at any size: it is kept, and may have been made when the table was empty.
  const text = `SELECT found.* FROM unnest($1::text[]) AS asked (id)
    CROSS JOIN LATERAL (${select} WHERE ${column} = asked.id COLLATE "C" OFFSET 0) AS found`
  return groupReads(async (ids) => {
    const asked = () =>
      pool.query<{ readonly id: string; readonly [column: string]: unknown }>(namedStatement(text, [ids]))
    const { rows } = await readAgainWhereStale(explain, asked)
    return new Map(rows.map((row) => [row.id, inOurNames(row)]))
  })
}

/** A read outside of a transaction, which may simply be asked again where a table has got other columns. */
export async function readAgainWhereStale<Result>(explain: Explain, read: () => Promise<Result>): Promise<Result> {
  try {
    return await read().catch(async (error: unknown) => {
      if (!isStalePlan(error)) throw error
      forgetNames()
      return await read()
    })
  } catch (error) {
    throw explain(error)
  }
}
