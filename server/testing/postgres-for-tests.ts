import { chmodSync, mkdtempSync, rmSync, statfsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import type { TestProject } from 'vitest/node'
import { migrateUp } from '../database/migrate.ts'
import { openDatabase } from '../database/open.ts'
import type { DatabaseLocation } from '../database/open.ts'
import { createManualClock } from '../platform/clock.ts'
import { createLog } from '../platform/log.ts'
import { startPostgresServer } from './postgres-server.ts'

declare module 'vitest' {
  export interface ProvidedContext {
    /** Where tests make their databases: `TEST_DATABASE_URL`, or the server that the global set-up started. */
    postgresUrl: string
    /** Name of a migrated database there, to be copied. */
    postgresTemplate: string
    /** Path of a migrated file, to be copied. */
    sqliteTemplate: string
  }
}

const plentyBytes = 2 * 1024 ** 3

/**
 * Vitest's global set-up: one PostgreSQL for the whole run, unless `TEST_DATABASE_URL` names one, and a migrated database of
 * each engine for the tests to copy. What tests leave in the temporary folder goes with it.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = mkdtempSync(join(fastestFolder(), 'matinee-tests-'))
  // PostgreSQL may run as another account.
  chmodSync(folder, 0o711)
  const given = process.env.TEST_DATABASE_URL
  const server = given ? null : await startPostgresServer(folder)
  process.env.TMPDIR = folder
  const url = given ?? server?.url ?? ''
  const postgresTemplate = `matinee_tests_${process.pid}`
  await administer(url, `CREATE DATABASE ${postgresTemplate}`)
  const template = new URL(url)
  template.pathname = `/${postgresTemplate}`
  const sqliteTemplate = join(folder, 'template.db')
  await migrate({ engine: 'postgres', url: template.href })
  await migrate({ engine: 'sqlite', path: sqliteTemplate })
  project.provide('postgresUrl', url)
  project.provide('postgresTemplate', postgresTemplate)
  project.provide('sqliteTemplate', sqliteTemplate)
  return async () => {
    if (given) await administer(url, `DROP DATABASE IF EXISTS ${postgresTemplate}`)
    await server?.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Memory, where the system offers plenty: tests make hundreds of databases only to throw them away. */
function fastestFolder(): string {
  if (process.env.TMPDIR) return tmpdir()
  try {
    const { bavail, bsize } = statfsSync('/dev/shm')
    return bavail * bsize > plentyBytes ? '/dev/shm' : tmpdir()
  } catch {
    return tmpdir()
  }
}

async function migrate(location: DatabaseLocation): Promise<void> {
  const database = openDatabase(location, createManualClock(0), createLog('silent'))
  await migrateUp(database)
  await database.close()
}

async function administer(url: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    await client.query(statement)
  } finally {
    await client.end()
  }
}
