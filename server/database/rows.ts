import type { SQLInputValue } from 'node:sqlite'
import type { Insertable } from 'kysely'
import { snakeCase } from './bulk-insert.ts'
import type { Transaction } from './database.ts'
import { namedStatement } from './postgres-statements.ts'
import { translated } from './sqlite-errors.ts'
import type { Tables } from './tables/index.ts'

type Value = string | number | null

/*
 * What a sale reads and writes, without a query builder: each text is made once and prepared once by each connection.
 * Writes are sent and not waited for: on PostgreSQL they go one behind the other without a round trip between them, and
 * one that fails fails the transaction. On SQLite they are done at once.
 */

/** Adds a row. */
export function insertRow<Name extends keyof Tables>(
  tx: Transaction,
  table: Name,
  row: Insertable<Tables[Name]>,
): void {
  insertRows(tx, table, [row])
}

/** Adds rows, all with the same members. */
export function insertRows<Name extends keyof Tables>(
  tx: Transaction,
  table: Name,
  rows: readonly Insertable<Tables[Name]>[],
): void {
  const [first] = rows
  if (first === undefined) return
  const text = insertText(table, Object.keys(first), tx.raw.engine === 'sqlite' ? 1 : rows.length)
  const values = rows.map((row) => Object.values<Value>(row))
  for (const each of tx.raw.engine === 'sqlite' ? values : [values.flat()]) send(tx, text, each)
}

/** Changes the row with this `id`. */
export function updateRow<Name extends keyof Tables>(
  tx: Transaction,
  table: Name,
  id: string,
  change: Partial<Tables[Name]>,
): void {
  const values: Value[] = Object.values(change)
  send(tx, updateText(table, Object.keys(change)), [...values, id])
}

/** Sends a statement whose result nobody needs. `$1`, `$2`, … are its parameters, each used once and in order. */
export function send(tx: Transaction, text: string, values: readonly Value[]): void {
  if (tx.raw.engine === 'postgres') {
    tx.raw.sent(tx.raw.client.query(namedStatement(text, [...values])))
    return
  }
  try {
    tx.raw.prepare(numbered(text)).run(...values)
  } catch (error) {
    throw translated(error)
  }
}

/**
 * Reads rows in the shape of their table (columns in SQL's names become members in ours), behind what was sent before it.
 * `$1`, `$2`, … are its parameters.
 */
export async function readRows<Row>(tx: Transaction, text: string, values: readonly SQLInputValue[]): Promise<Row[]> {
  if (tx.raw.engine === 'postgres') {
    const { rows } = await tx.raw.client.query<Record<string, unknown>>(namedStatement(text, [...values]))
    return rows.map(inOurNames) as Row[]
  }
  try {
    return tx.raw
      .prepare(numbered(text))
      .all(...values)
      .map(inOurNames) as Row[]
  } catch (error) {
    throw translated(error)
  }
}

const insertTexts = new Map<string, string>()
const updateTexts = new Map<string, string>()
const numberedTexts = new Map<string, string>()
const ourNames = new Map<string, string>()

function insertText(table: string, members: readonly string[], count: number): string {
  return insertTexts.getOrInsertComputed(`${table} ${count} ${members.join()}`, () => {
    const tuple = (_row: unknown, row: number) =>
      `(${members.map((_member, index) => `$${row * members.length + index + 1}`).join(', ')})`
    const tuples = Array.from({ length: count }, tuple).join(', ')
    return `INSERT INTO ${snakeCase(table)} (${members.map(snakeCase).join(', ')}) VALUES ${tuples}`
  })
}

function updateText(table: string, members: readonly string[]): string {
  return updateTexts.getOrInsertComputed(`${table} ${members.join()}`, () => {
    const changes = members.map((member, index) => `${snakeCase(member)} = $${index + 1}`).join(', ')
    return `UPDATE ${snakeCase(table)} SET ${changes} WHERE id = $${members.length + 1}`
  })
}

/** SQLite counts its parameters as `?1`. */
function numbered(text: string): string {
  return numberedTexts.getOrInsertComputed(text, () => text.replaceAll('$', '?'))
}

function inOurNames(row: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const ours: Record<string, unknown> = {}
  for (const name in row) ours[ourNames.getOrInsertComputed(name, camelCase)] = row[name]
  return ours
}

function camelCase(name: string): string {
  return name.replaceAll(/_([a-z0-9])/g, (_match, letter: string) => letter.toUpperCase())
}
