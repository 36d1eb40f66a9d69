import { resolve } from 'node:path'
import type { Clock } from '../platform/clock.ts'
import type { Log } from '../platform/log.ts'
import type { Database } from './database.ts'
import { openPostgres } from './postgres.ts'
import { openSqlite } from './sqlite.ts'

export type DatabaseLocation =
  | { readonly engine: 'sqlite'; readonly path: string }
  | { readonly engine: 'postgres'; readonly url: string }

/** Reads `sqlite:./data/matinee.db` or `postgres://…`; null for anything else. */
export function parseDatabaseUrl(url: string): DatabaseLocation | null {
  if (url.startsWith('sqlite:')) {
    const path = url.slice('sqlite:'.length).replace(/^\/\//, '')
    return path === '' ? null : { engine: 'sqlite', path: resolve(path) }
  }
  if (/^postgres(ql)?:\/\//.test(url) && URL.canParse(url)) return { engine: 'postgres', url }
  return null
}

export function openDatabase(location: DatabaseLocation, clock: Clock, log: Log): Database {
  return location.engine === 'sqlite' ? openSqlite(location.path, clock) : openPostgres(location.url, clock, log)
}
