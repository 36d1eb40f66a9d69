import { DatabaseSync, StatementSync } from 'node:sqlite'
import pg from 'pg'
import { onTestFinished } from 'vitest'

/** One statement as an engine was given it, and the values of one of its runs. */
export interface RecordedStatement {
  readonly sql: string
  readonly values: readonly unknown[]
  /** The operations that ran it. */
  readonly operations: Set<string>
}

export interface StatementRecorder {
  /** Runs `act` and notes what it asks of the database under the operation's name. */
  during<Result>(operation: string, act: () => Promise<Result>): Promise<Result>
  /** Every different statement, in the order of its first run. */
  readonly statements: ReadonlyMap<string, RecordedStatement>
  /** What an operation ran, each time anew, in order. */
  ranBy(operation: string): readonly string[]
}

/** Listens at the drivers of both engines, beneath everything of ours, until the test ends: what they are given is what is run. */
export function recordStatements(): StatementRecorder {
  const statements = new Map<string, RecordedStatement>()
  const runs = new Map<string, string[]>()
  let operation: string | null = null

  function note(sql: string, values: readonly unknown[]): void {
    if (operation === null || !readsRows.test(sql)) return
    runs.getOrInsertComputed(operation, () => []).push(sql)
    statements.getOrInsertComputed(sql, () => ({ sql, values, operations: new Set() })).operations.add(operation)
  }
  for (const method of ['all', 'get', 'run', 'iterate']) {
    listen(StatementSync.prototype, method, (statement, values) => {
      if (statement instanceof StatementSync) note(statement.sourceSQL, values)
    })
  }
  listen(DatabaseSync.prototype, 'exec', (_connection, [sql]) => note(String(sql), []))
  listen(pg.Client.prototype, 'query', (_client, [text, more]) => {
    const query = text as string | { readonly text?: string; readonly values?: readonly unknown[] } | undefined
    const values: readonly unknown[] = Array.isArray(more) ? more : []
    if (typeof query === 'string') note(query, values)
    else if (query?.text !== undefined) note(query.text, query.values ?? values)
  })
  return {
    statements,
    ranBy: (name) => runs.get(name) ?? [],
    async during(name, act) {
      operation = name
      try {
        return await act()
      } finally {
        operation = null
      }
    },
  }
}

/** What can scan: not the beginning and the end of transactions, nor settings. */
const readsRows = /^\s*(SELECT|INSERT|UPDATE|DELETE|WITH)\b/i

type Method = (this: unknown, ...values: unknown[]) => unknown

/** Lets `hear` know of every call of a method, until the test ends. */
function listen(prototype: object, method: string, hear: (owner: unknown, values: readonly unknown[]) => void): void {
  const holder = prototype as Record<string, Method>
  const original = holder[method]
  if (!original) throw new Error(`There is no ${method}`)
  holder[method] = function heard(this: unknown, ...values: unknown[]) {
    hear(this, values)
    return original.apply(this, values)
  }
  onTestFinished(() => {
    holder[method] = original
  })
}
