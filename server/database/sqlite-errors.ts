import { DatabaseBusy, DatabaseDamaged, OutcomeUnknown, StorageFailed, StorageFull } from './database.ts'

/** SQLite's result codes, by what a caller can do about them. Source: sqlite.org/rescode.html. */
export function translated(error: unknown): unknown {
  const code = sqliteCode(error)
  if (code === undefined) return error
  const primary = code & 0xff
  if (primary === 5 || primary === 6) {
    return new DatabaseBusy('The database is locked by another process', { cause: error })
  }
  if (primary === 13 || code === 778) return new StorageFull('The disk is full', { cause: error })
  if (damages.has(primary)) return new DatabaseDamaged(`The database is damaged: ${String(error)}`, { cause: error })
  if (failures.has(primary)) return new StorageFailed('The disk cannot be read or written', { cause: error })
  return error
}

/** A damaged file, a file that is no database. */
const damages = new Set([11, 26])
/** I/O errors, a file that cannot be opened. */
const failures = new Set([10, 14])

/** What became of a commit that failed: where the disk itself failed, nobody knows until the file is opened anew. */
export function lostCommit(error: unknown): Error {
  const code = sqliteCode(error) ?? 0
  const known = translated(error)
  if ((code & 0xff) === 10 && !(known instanceof StorageFull)) {
    return new OutcomeUnknown('The disk failed while committing', { cause: error })
  }
  return known instanceof Error ? known : new Error('The commit failed', { cause: error })
}

/** The extended result code of a SQLite error, if it is one. */
export function sqliteCode(error: unknown): number | undefined {
  if (error instanceof Error && 'errcode' in error && typeof error.errcode === 'number') return error.errcode
  return undefined
}
