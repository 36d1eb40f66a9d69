import type { SQLInputValue } from 'node:sqlite'
import type { Insertable } from 'kysely'
import { snakeCase } from './bulk-insert.ts'
import { inOurNames, inSqlNames, StatementsByMembers } from './row-names.ts'
import type { Database, Transaction } from './database.ts'
import type { ListRead, ListWrite } from './lists.ts'
import { translated } from './sqlite-errors.ts'
import type { Tables } from './tables/index.ts'

type Value = string | number | null

/*
 * What a sale reads and writes, without a query builder: each text is made once and prepared once by each connection.
 * On PostgreSQL every text takes lists (`lists.ts`), of one or of many: so transactions that share a connection's share a
 * statement. Writes are sent and not waited for: they go one behind the other without a round trip between them, and one that
 * fails fails the transaction. On SQLite they are done at once.
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
  writeRows(tx, insertText(table, Object.keys(first)), rows)
}

/** Changes the row with this `id`. */
export function updateRow<Name extends keyof Tables>(
  tx: Transaction,
  table: Name,
  id: string,
  change: Partial<Tables[Name]>,
): void {
  writeRows(tx, updateText(table, Object.keys(change)), [{ ...change, id }], id)
}

/** Runs a statement whose result nobody needs for rows with the same members, in their order; `key` is the one row's. */
export function writeRows(tx: Transaction, statement: ListWrite, rows: readonly object[], key?: string): void {
  if (tx.raw.engine === 'postgres') {
    tx.raw.lists.write(statement, rows.map(inSqlNames), key ?? null)
    return
  }
  try {
    for (const text of statement.sqlite) {
      const prepared = tx.raw.prepare(text)
      for (const row of rows) prepared.run(...Object.values<Value>(row as Record<string, Value>))
    }
  } catch (error) {
    throw translated(error)
  }
}

/** Reads the rows of a table whose column has this value, in the order of their ids, behind what was sent before it. */
export async function readBy<Name extends keyof Tables>(
  tx: Transaction,
  table: Name,
  column: string & keyof Tables[Name],
  value: string,
): Promise<Tables[Name][]> {
  return await readList<Tables[Name]>(tx, readByText(table, column), [value])
}

/** Reads rows in the shape of their table (columns in SQL's names become members in ours), behind what was sent before it. */
export async function readList<Row>(
  tx: Transaction,
  statement: ListRead,
  values: readonly SQLInputValue[],
): Promise<Row[]> {
  if (tx.raw.engine === 'postgres') return (await tx.raw.lists.read(statement, values)).map(inOurNames) as Row[]
  try {
    return tx.raw.readRows<Row>(statement.sqlite, values)
  } catch (error) {
    throw translated(error)
  }
}

/** Reads the row with this `id` outside of a transaction; null when there is none. */
export async function readRow<Name extends TablesWithId>(
  database: Pick<Database, 'readById'>,
  table: Name,
  id: string,
): Promise<Tables[Name] | null> {
  const select = selectTexts.getOrInsertComputed(table, () => `SELECT * FROM ${snakeCase(table)}`)
  return (await database.readById<Tables[Name] & { readonly id: string }>(select, 'id', id)) ?? null
}

type TablesWithId = {
  [Name in keyof Tables]: Tables[Name] extends { readonly id: string } ? Name : never
}[keyof Tables]

const insertTexts = new StatementsByMembers<ListWrite>()
const updateTexts = new StatementsByMembers<ListWrite>()
const readTexts = new Map<string, Map<string, ListRead>>()
const selectTexts = new Map<string, string>()

function insertText(name: string, members: readonly string[]): ListWrite {
  return insertTexts.of(name, members, () => {
    const table = snakeCase(name)
    const columns = members.map(snakeCase).join(', ')
    return {
      sqlite: [`INSERT INTO ${table} (${columns}) VALUES (${members.map(() => '?').join(', ')})`],
      // The table itself says of which type each value is.
      postgres: `INSERT INTO ${table} (${columns}) SELECT ${columns} FROM json_populate_recordset(NULL::${table}, $1)`,
    }
  })
}

function updateText(name: string, members: readonly string[]): ListWrite {
  return updateTexts.of(name, members, () => {
    const table = snakeCase(name)
    const columns = members.map(snakeCase)
    return {
      sqlite: [`UPDATE ${table} SET ${columns.map((column) => `${column} = ?`).join(', ')} WHERE id = ?`],
      postgres: `UPDATE ${table} SET ${columns.map((column) => `${column} = changed.${column}`).join(', ')}
        FROM json_populate_recordset(NULL::${table}, $1) AS changed
        WHERE ${table}.id = ANY($2::text[]) AND ${table}.id = changed.id`,
    }
  })
}

function readByText(name: string, member: string): ListRead {
  const ofTable = readTexts.getOrInsertComputed(name, () => new Map<string, ListRead>())
  return ofTable.getOrInsertComputed(member, () => {
    const column = snakeCase(member)
    const text = (condition: string) => `SELECT * FROM ${snakeCase(name)} WHERE ${column} ${condition} ORDER BY id`
    return { sqlite: text('= ?'), postgres: text('= ANY($1::text[])'), by: [column] }
  })
}
