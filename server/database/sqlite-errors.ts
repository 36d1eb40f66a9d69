import { DatabaseBusy, StorageFull } from './database.ts'

/** SQLite's result codes, by what a caller can do about them. Source: sqlite.org/rescode.html. */
export function translated(error: unknown): unknown {
  const code = sqliteCode(error)
  if (code === undefined) return error
  const primary = code & 0xff
  if (primary === 5 || primary === 6) {
    return new DatabaseBusy('The database is locked by another process', { cause: error })
  }
  if (primary === 13 || code === 778) return new StorageFull('The disk is full', { cause: error })
  return error
}

/** The extended result code of a SQLite error, if it is one. */
export function sqliteCode(error: unknown): number | undefined {
  if (error instanceof Error && 'errcode' in error && typeof error.errcode === 'number') return error.errcode
  return undefined
}
