import { sql } from 'kysely'
import type { Transaction } from './database.ts'
import { translated } from './sqlite-errors.ts'
import type { Tables } from './tables/index.ts'

type Value = string | number | null

/**
 * Adds very many rows at the engine's best speed: a prepared statement on SQLite, one JSON document on PostgreSQL. Every
 * row has the same members. A few thousand rows at once are right: a statement has its time limit.
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
  const list = columns.join(', ')
  if (tx.raw.engine === 'sqlite') {
    const statement = tx.raw.prepare(`INSERT INTO ${table} (${list}) VALUES (${columns.map(() => '?').join(', ')})`)
    try {
      for (const row of rows) statement.run(...row)
    } catch (error) {
      throw translated(error)
    }
    return
  }
  const document = JSON.stringify(
    rows.map((row) => Object.fromEntries(columns.map((column, index) => [column, row[index]]))),
  )
  await sql`INSERT INTO ${sql.raw(table)} (${sql.raw(list)}) SELECT ${sql.raw(list)}
    FROM json_populate_recordset(NULL::${sql.raw(table)}, ${document})`.execute(tx.query)
}

function snakeCase(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
}
