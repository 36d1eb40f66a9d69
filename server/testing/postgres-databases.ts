import pg from 'pg'
import { inject } from 'vitest'
import type { DatabaseLocation } from '../database/open.ts'

let counter = 0

/** A migrated database of its own on the tests' PostgreSQL. */
export async function makePostgresDatabase(): Promise<{ readonly location: DatabaseLocation; drop(): Promise<void> }> {
  const template = inject('postgresTemplate')
  counter += 1
  const name = `${template}_${process.pid}_${counter}`
  await administer(`CREATE DATABASE ${name} TEMPLATE ${template}`)
  const url = new URL(inject('postgresUrl'))
  url.pathname = `/${name}`
  return {
    location: { engine: 'postgres', url: url.href },
    drop: () => administer(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`),
  }
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
