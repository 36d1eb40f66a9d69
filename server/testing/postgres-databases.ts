import pg from 'pg'
import { inject } from 'vitest'
import type { DatabaseLocation } from '../database/open.ts'
import { migrateUp } from '../database/migrate.ts'
import { openDatabase } from '../database/open.ts'
import { createManualClock } from '../platform/clock.ts'
import { createLog } from '../platform/log.ts'

declare module 'vitest' {
  export interface ProvidedContext {
    /** Where tests make their databases: `TEST_DATABASE_URL`, or the server that the global set-up started. */
    postgresUrl: string
  }
}

let counter = 0
let template: Promise<string> | null = null

/** A migrated database of its own on the tests' PostgreSQL, copied from a template that each worker makes once. */
export async function makePostgresDatabase(): Promise<{ readonly location: DatabaseLocation; drop(): Promise<void> }> {
  template ??= makeTemplate()
  const source = await template
  counter += 1
  const name = `${source}_${counter}`
  await administer(`CREATE DATABASE ${name} TEMPLATE ${source}`)
  return {
    location: { engine: 'postgres', url: urlOf(name) },
    drop: () => administer(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`),
  }
}

async function makeTemplate(): Promise<string> {
  const name = `matinee_test_${process.pid}_${Math.random().toString(36).slice(2, 8)}`
  await administer(`CREATE DATABASE ${name}`)
  const database = openDatabase({ engine: 'postgres', url: urlOf(name) }, createManualClock(0), createLog('silent'))
  await migrateUp(database)
  await database.close()
  return name
}

function urlOf(name: string): string {
  const url = new URL(inject('postgresUrl'))
  url.pathname = `/${name}`
  return url.href
}

async function administer(statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: inject('postgresUrl') })
  await client.connect()
  try {
    await client.query(statement)
  } finally {
    await client.end()
  }
}
