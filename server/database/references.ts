import { sqlState } from './postgres-errors.ts'
import { sqliteCode } from './sqlite-errors.ts'

/**
 * Runs a deletion and answers whether the database's foreign keys allowed it: somebody may have come to need the row since
 * it was looked at. After a "no" the transaction can only be rolled back, so return a refusal.
 */
export async function deleteUnlessReferenced(work: () => Promise<unknown>): Promise<boolean> {
  try {
    await work()
    return true
  } catch (error) {
    if (isForeignKeyViolation(error)) return false
    throw error
  }
}

/** PostgreSQL's `foreign_key_violation`, SQLite's `SQLITE_CONSTRAINT_FOREIGNKEY`. */
function isForeignKeyViolation(error: unknown): boolean {
  return sqlState(error) === '23503' || sqliteCode(error) === 787
}
