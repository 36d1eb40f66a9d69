import pg from 'pg'
import { DatabaseBusy, DatabaseDamaged, StorageFailed, StorageFull } from './database.ts'

/** The SQLSTATE of an error the server itself reported. */
export function sqlState(error: unknown): string | undefined {
  return error instanceof pg.DatabaseError ? error.code : undefined
}

/** Whether a server that answers a commit with an error has rolled it back; one that is going down may have done it. */
export function isDecided(error: unknown): boolean {
  const state = sqlState(error)
  return state !== undefined && !['08', '57', '58', 'XX'].includes(state.slice(0, 2))
}

/** Deadlock, serialisation failure, a plan that is out of date: the transaction left nothing and may simply run again. */
export function canRunAgain(error: unknown): boolean {
  const state = sqlState(error)
  return state === '40P01' || state === '40001' || isStalePlan(error)
}

/** A table has got other columns since the statement was prepared: a migration ran beside this server. */
export function isStalePlan(error: unknown): boolean {
  return sqlState(error) === '0A000' && error instanceof Error && error.message.startsWith('cached plan')
}

/** SQLSTATE classes, by what a caller can do about them. Source: PostgreSQL, appendix A. */
export function translatedPostgres(error: unknown): unknown {
  const state = sqlState(error)
  if (state === undefined)
    return isConnectionError(error) ? new DatabaseBusy('The database went away', { cause: error }) : error
  const damage = damageIn(error)
  if (damage) return damage
  if (state.startsWith('58')) return new StorageFailed('The disk of the database fails', { cause: error })
  if (state === '53100') return new StorageFull('The disk of the database is full', { cause: error })
  const busy = ['08', '53', '57'].includes(state.slice(0, 2)) || busyStates.has(state)
  return busy ? new DatabaseBusy('The database is busy or restarting', { cause: error }) : error
}

/** Deadlock, serialisation, a lock that was not had in time, a standby; a transaction whose next statement did not come in time. */
const busyStates = new Set(['40P01', '40001', '55P03', '25006', '25P03', '25P04'])

/** A page or an index that is not what was written (data_corrupted, index_corrupted); null is another error. */
export function damageIn(error: unknown): DatabaseDamaged | null {
  const state = sqlState(error)
  const isDamage = error instanceof Error && (state === 'XX001' || state === 'XX002')
  return isDamage ? new DatabaseDamaged(`The database is damaged: ${error.message}`, { cause: error }) : null
}

const connectionCodes = new Set(['ECONNRESET', 'ECONNREFUSED', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND', 'EHOSTUNREACH'])

function isConnectionError(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  if ('code' in error && typeof error.code === 'string' && connectionCodes.has(error.code)) return true
  return /Connection terminated|timeout|not queryable|Query read timeout/i.test(error.message)
}

/**
 * Waits for statements of one transaction that were sent one behind the other. After the first that fails, PostgreSQL
 * refuses every later one (25P02), and whoever hears of its own first is chance: the cause is what is thrown.
 */
export async function allSent<Results extends readonly unknown[]>(statements: {
  readonly [Key in keyof Results]: Promise<Results[Key]>
}): Promise<Results> {
  const settled = await Promise.allSettled(statements)
  const failure = settled.find((one) => one.status === 'rejected')
  if (failure) throw causeAmong(settled, failure.reason)
  return await Promise.all(statements)
}

/** Why a transaction failed, where all that is known of it may be that an earlier statement of it did. */
export function causeAmong(settled: readonly PromiseSettledResult<unknown>[], error: unknown): unknown {
  if (sqlState(error) !== '25P02') return error
  const causes = settled.filter((one) => one.status === 'rejected' && sqlState(one.reason) !== '25P02')
  return causes[0]?.status === 'rejected' ? causes[0].reason : error
}
