import type { Engine } from './database.ts'

/**
 * Tables are written once, in a common dialect of SQL: `TEXT`, `INTEGER` (64 bits), `REAL`, `BLOB`.
 * SQLite tables are STRICT; on PostgreSQL text sorts by code point (`COLLATE "C"`), as SQLite's does.
 */
export function dialect(engine: Engine, statement: string): string {
  if (engine === 'sqlite') {
    return /^\s*CREATE TABLE/i.test(statement) ? statement.replace(/\)\s*(WITHOUT ROWID)?\s*$/i, strictTail) : statement
  }
  return statement
    .replace(/\)\s*WITHOUT ROWID\s*$/i, ')')
    .replace(/\bINTEGER\b/g, 'BIGINT')
    .replace(/\bREAL\b/g, 'DOUBLE PRECISION')
    .replace(/\bBLOB\b/g, 'BYTEA')
    .replace(/\bTEXT\b/g, 'TEXT COLLATE "C"')
}

function strictTail(_match: string, withoutRowid: string | undefined): string {
  return withoutRowid ? ') STRICT, WITHOUT ROWID' : ') STRICT'
}

/** A statement in the common dialect, or one of each where the engines truly differ (null: nothing to do there). */
export type Statement = string | { readonly sqlite: string | null; readonly postgres: string | null }

export interface Migration {
  /** `0001-platform`: the number orders, the name tells. */
  readonly name: string
  readonly up: readonly Statement[]
  readonly down: readonly Statement[]
}

export function statementsFor(engine: Engine, statements: readonly Statement[]): string[] {
  return statements.flatMap((statement) => {
    if (typeof statement === 'string') return [dialect(engine, statement)]
    const own = statement[engine]
    return own === null ? [] : [own]
  })
}
