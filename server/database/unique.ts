import { sqlState } from './postgres-errors.ts'
import { sqliteCode } from './sqlite-errors.ts'

// SQLITE_CONSTRAINT_UNIQUE and SQLITE_CONSTRAINT_PRIMARYKEY; SQLSTATE unique_violation.
const sqliteCodes = new Set([2067, 1555])

/** Whether a write failed because somebody else has that key: the database's own word, whoever came first. */
export function isUniqueViolation(error: unknown): boolean {
  return sqlState(error) === '23505' || sqliteCodes.has(sqliteCode(error) ?? 0)
}
