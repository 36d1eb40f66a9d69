import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite'
import type { Database } from './database.ts'
import type { Execute, Stream } from './kysely-connection.ts'
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
  const statements = new Map<string, StatementSync>()
  return async <Row>(name: string, sql: string, parameters: readonly (string | number | null)[]) => {
    try {
      const statement = statements.getOrInsertComputed(name, () => connection.prepare(sql.replaceAll('$', '?')))
      return statement.all(...parameters) as Row[]
    } catch (error) {
      throw explain(error)
    }
  }
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
