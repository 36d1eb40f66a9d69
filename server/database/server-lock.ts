import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { DatabaseLocation } from './open.ts'

export interface ServerLock {
  release(): void
}

/**
 * One server per SQLite file: holds an exclusive lock that the operating system drops with the process, so that a
 * restart after a kill is immediate. Null when another server holds it. PostgreSQL needs none.
 */
export function takeServerLock(location: DatabaseLocation): ServerLock | null {
  if (location.engine === 'postgres') return { release() {} }
  mkdirSync(dirname(location.path), { recursive: true })
  const lock = new DatabaseSync(`${location.path}.lock`, { timeout: 0 })
  try {
    lock.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE')
    return { release: () => lock.close() }
  } catch {
    lock.close()
    return null
  }
}
