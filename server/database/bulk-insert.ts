import type { Transaction } from './database.ts'
import { copyInto } from './postgres-copy.ts'
import { translated } from './sqlite-errors.ts'
import type { Tables } from './tables/index.ts'

type Value = string | number | null

/**
 * Adds very many rows at the engine's best speed: a prepared statement on SQLite, `COPY` on PostgreSQL. Every row has the
 * same members. A few thousand rows at once are right: a statement has its time limit.
 */
export async function bulkInsert<Name extends keyof Tables>(
  tx: Transaction,
  table: Name,
  rows: readonly Tables[Name][],
): Promise<void> {
  const [first] = rows
  if (first === undefined) return
  const columns = Object.keys(first).map(snakeCase)
  await bulkInsertValues(
    tx,
    snakeCase(table),
    columns,
    rows.map((row) => Object.values(row)),
  )
}

/** The same for rows that are lists of values, with table and columns in SQL's names. */
export async function bulkInsertValues(
  tx: Transaction,
  table: string,
  columns: readonly string[],
  rows: readonly (readonly Value[])[],
): Promise<void> {
  if (rows.length === 0) return
  const target = `${table} (${columns.join(', ')})`
  if (tx.raw.engine === 'postgres') {
    await copyInto(tx.raw.client, target, rows)
    return
  }
  const statement = tx.raw.prepare(`INSERT INTO ${target} VALUES (${columns.map(() => '?').join(', ')})`)
  try {
    for (const row of rows) statement.run(...row)
  } catch (error) {
    throw translated(error)
  }
}

export function snakeCase(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
}
