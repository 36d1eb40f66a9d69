import { existsSync } from 'node:fs'
import { ConfigProblems, parseConfig } from '../config.ts'
import type { Config } from '../config.ts'
import { DatabaseBusy, OutcomeUnknown, StorageFull } from '../database/database.ts'
import type { Database } from '../database/database.ts'
import { migrateUp, SchemaTooNew } from '../database/migrate.ts'
import { openDatabase } from '../database/open.ts'
import type { DatabaseLocation } from '../database/open.ts'
import { createSystemClock } from '../platform/clock.ts'
import type { Clock } from '../platform/clock.ts'
import { createLog } from '../platform/log.ts'
import type { Environment, ExitCode } from './command.ts'
import { fail } from './output.ts'

/** What a command that works on the database is given. */
export interface Workplace {
  readonly config: Config
  readonly database: Database
  readonly clock: Clock
}

/** Reads the configuration and hands it on; says each problem on a line of its own and answers 1 where there are any. */
export async function withConfig(
  environment: Environment,
  work: (config: Config) => Promise<ExitCode>,
): Promise<ExitCode> {
  let config: Config
  try {
    config = parseConfig(environment.variables)
  } catch (error) {
    if (!(error instanceof ConfigProblems)) throw error
    for (const problem of error.problems) fail(environment.errors, problem)
    return 1
  }
  return await work(config)
}

/** Opens the configured database as it is, and closes it whatever happens. */
export async function withDatabase(
  environment: Environment,
  work: (workplace: Workplace) => Promise<ExitCode>,
): Promise<ExitCode> {
  return await withConfig(environment, async (config) => {
    const clock = environment.clock ?? createSystemClock()
    let database: Database | null = null
    try {
      database = openDatabase(config.database, clock, createLog('silent'))
      return await work({ config, database, clock })
    } catch (error) {
      const reason = reasonOf(error)
      if (reason === null) throw error
      return fail(environment.errors, reason)
    } finally {
      await database?.close()
    }
  })
}

/** Like `withDatabase`, with the schema brought up to date first: a command works on a database that was just made. */
export async function withMigratedDatabase(
  environment: Environment,
  work: (workplace: Workplace) => Promise<ExitCode>,
): Promise<ExitCode> {
  return await withDatabase(environment, async (workplace) => {
    await migrateUp(workplace.database)
    return await work(workplace)
  })
}

/** Whether the database's file is there; PostgreSQL is asked by connecting. */
export function databaseExists(location: DatabaseLocation): boolean {
  return location.engine === 'postgres' || existsSync(location.path)
}

/** What the operator can do something about, in words; null for a bug. */
function reasonOf(error: unknown): string | null {
  if (error instanceof DatabaseBusy || error instanceof StorageFull || error instanceof OutcomeUnknown) {
    const { cause } = error
    const more = cause instanceof Error && cause.message ? ` (${cause.message})` : ''
    return `${error.message}${more}.`
  }
  if (error instanceof SchemaTooNew) return `${error.message}.`
  return null
}
