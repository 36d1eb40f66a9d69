import type { DatabaseSync, SQLInputValue, SQLOutputValue, StatementSync } from 'node:sqlite'
import type { Database, ReadRows } from './database.ts'
import type { Execute, Stream } from './kysely-connection.ts'
import { ourName } from './row-names.ts'
import { translated } from './sqlite-errors.ts'

/** Runs Kysely's statements on a connection, each prepared once; `explain` says what an error means. */
export function executeOn(connection: DatabaseSync, explain = translated): Execute {
  const prepare = statementCache(connection)
  // Asked once: an answer describes every column anew.
  const answering = new WeakMap<StatementSync, boolean>()
  return async (query) => {
    try {
      const statement = prepare(query.sql)
      const parameters = query.parameters.map(bindable)
      const answers = answering.getOrInsertComputed(statement, () => statement.columns().length > 0)
      if (answers) return { rows: statement.all(...parameters) }
      const { changes } = statement.run(...parameters)
      return { rows: [], numAffectedRows: BigInt(changes) }
    } catch (error) {
      throw explain(error)
    }
  }
}

/** Answers Kysely's statements piece by piece, as the engine finds their rows. */
export function streamOn(connection: DatabaseSync, explain = translated): Stream {
  return async function* stream(query, rowsAtOnce) {
    let rows: unknown[] = []
    try {
      for (const row of connection.prepare(query.sql).iterate(...query.parameters.map(bindable))) {
        rows.push(row)
        if (rows.length < rowsAtOnce) continue
        yield { rows }
        rows = []
      }
    } catch (error) {
      throw explain(error)
    }
    if (rows.length > 0) yield { rows }
  }
}

/** Hot reads by name, each prepared once. */
export function preparedReads(connection: DatabaseSync, explain = translated): Database['readPrepared'] {
  const readRows = rowReads(connection)
  const texts = new Map<string, string>()
  return async <Row>(name: string, sql: string, parameters: readonly (string | number | null)[]) => {
    try {
      return readRows<Row>(
        texts.getOrInsertComputed(name, () => sql.replaceAll('$', '?')),
        parameters,
      )
    } catch (error) {
      throw explain(error)
    }
  }
}

interface RowRead {
  readonly statement: StatementSync
  readonly names: readonly string[]
}

/**
 * Reads rows with their columns as our members; each text is prepared once. The engine gives lists of values: the objects that it
 * could make are dictionaries, which cost three times as much to make and to read.
 */
export function rowReads(connection: DatabaseSync): ReadRows {
  const reads = new Map<string, RowRead>()
  const readFor = (sql: string) => reads.getOrInsertComputed(sql, () => prepareRead(connection, sql))
  return <Row>(sql: string, values: readonly SQLInputValue[]) => {
    const { statement, names } = readFor(sql)
    const rows = statement.all(...values) as unknown as SQLOutputValue[][]
    if (rows[0] !== undefined && rows[0].length !== names.length) {
      // The table has got another column meanwhile.
      reads.delete(sql)
      return rows.map((row) => named(readFor(sql).names, row) as Row)
    }
    return rows.map((row) => named(names, row) as Row)
  }
}

function prepareRead(connection: DatabaseSync, sql: string): RowRead {
  const statement = connection.prepare(sql)
  statement.setReturnArrays(true)
  return { statement, names: statement.columns().map(({ name }) => ourName(name)) }
}

function named(names: readonly string[], values: readonly SQLOutputValue[]): Record<string, SQLOutputValue> {
  const row: Record<string, SQLOutputValue> = {}
  let index = 0
  for (const name of names) row[name] = values[index++] ?? null
  return row
}

const cachedStatements = 500

/** `prepare` with a memory: a statement stays compiled until many newer ones have come. */
export function statementCache(connection: DatabaseSync): (sql: string) => StatementSync {
  const statements = new Map<string, StatementSync>()
  return (sql) => {
    const known = statements.get(sql)
    if (known) return known
    const statement = connection.prepare(sql)
    statements.set(sql, statement)
    const [oldest] = statements.keys()
    if (statements.size > cachedStatements && oldest !== undefined) statements.delete(oldest)
    return statement
  }
}

function bindable(value: unknown): SQLInputValue {
  if (value === undefined) return null
  if (typeof value === 'boolean') return value ? 1 : 0
  return value as SQLInputValue
}

/** The first row of a prepared read, in the shape that its SQL gives it. */
// oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- the SQL alone knows
export function firstRow<Row>(statement: StatementSync, ...parameters: SQLInputValue[]): Row | null {
  return (statement.get(...parameters) as Row | undefined) ?? null
}

/** All rows of a prepared read, in the shape that its SQL gives them. */
export function allRows<Row>(statement: StatementSync, ...parameters: SQLInputValue[]): Row[] {
  return statement.all(...parameters) as Row[]
}
