import { sql } from 'kysely'
import type { Transaction } from './database.ts'
import { translated } from './sqlite-errors.ts'
import type { Tables } from './tables/index.ts'

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
  const members = Object.keys(first)
  const columns = members.map(snakeCase)
  const into = `INSERT INTO ${snakeCase(table)} (${columns.join(', ')})`
  if (tx.raw.engine === 'sqlite') {
    const statement = tx.raw.prepare(`${into} VALUES (${members.map(() => '?').join(', ')})`)
    try {
      for (const row of rows) statement.run(...Object.values(row))
    } catch (error) {
      throw translated(error)
    }
    return
  }
  const document = JSON.stringify(
    rows.map((row) => Object.fromEntries(Object.values(row).map((value, index) => [columns[index], value]))),
  )
  await sql`${sql.raw(into)} SELECT ${sql.raw(columns.join(', '))}
    FROM json_populate_recordset(NULL::${sql.raw(snakeCase(table))}, ${document})`.execute(tx.query)
}

function snakeCase(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
}
