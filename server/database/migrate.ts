import { sql } from 'kysely'
import type { Database, Transaction } from './database.ts'
import { migrations } from './migrations/index.ts'
import { statementsFor } from './schema.ts'
import type { Migration, Statement } from './schema.ts'

export interface MigrationState {
  readonly name: string
  readonly applied: boolean
}

/** The database was made by a newer version of Matinee: this one would not understand it. */
export class SchemaTooNew extends Error {
  override readonly name = 'SchemaTooNew'
}

/** Any number, the same for every server: whoever holds it migrates. */
const migrationLock = 7_235_107

/**
 * Applies what is missing, all in one transaction: after a crash the schema is the old one or the new one.
 * Two servers that start at once take turns. Answers the names applied. Throws `SchemaTooNew`.
 */
export async function migrateUp(database: Database, list: readonly Migration[] = migrations): Promise<string[]> {
  const state = await readStateIfAny(database, list)
  if (state?.every(({ applied }) => applied)) return []
  return await database.write((tx) => applyMissing(tx, list))
}

/** `migrateUp` inside a transaction that does more. */
export async function applyMissing(tx: Transaction, list: readonly Migration[] = migrations): Promise<string[]> {
  const applied = await lockAndRead(tx, list)
  const missing = list.filter(({ name }) => !applied.has(name))
  for (const migration of missing) {
    await runAll(tx, migration.up)
    await tx.query.insertInto('schemaMigrations').values({ name: migration.name, appliedAt: tx.nowMs }).execute()
  }
  return missing.map(({ name }) => name)
}

/** Takes back the newest migration; answers its name, or null when there is none. */
export async function migrateDown(database: Database, list: readonly Migration[] = migrations): Promise<string | null> {
  return await database.write(async (tx) => {
    const applied = await lockAndRead(tx, list)
    const newest = list.findLast(({ name }) => applied.has(name))
    if (!newest) return null
    await runAll(tx, newest.down)
    await tx.query.deleteFrom('schemaMigrations').where('name', '=', newest.name).execute()
    return newest.name
  })
}

/** Each known migration and whether it is applied. Throws `SchemaTooNew`. Writes nothing. */
export async function migrationStatus(
  database: Database,
  list: readonly Migration[] = migrations,
): Promise<MigrationState[]> {
  return (await readStateIfAny(database, list)) ?? list.map(({ name }) => ({ name, applied: false }))
}

async function readStateIfAny(database: Database, list: readonly Migration[]): Promise<MigrationState[] | null> {
  const tables =
    database.engine === 'sqlite'
      ? sql<{ name: string }>`SELECT name FROM sqlite_master WHERE type = 'table' AND name = 'schema_migrations'`
      : sql<{
          name: string
        }>`SELECT tablename AS name FROM pg_tables WHERE schemaname = current_schema() AND tablename = 'schema_migrations'`
  const { rows } = await tables.execute(database.read)
  if (rows.length === 0) return null
  const applied = await database.read.selectFrom('schemaMigrations').select('name').execute()
  const names = new Set(applied.map(({ name }) => name))
  refuseUnknown(names, list)
  return list.map(({ name }) => ({ name, applied: names.has(name) }))
}

async function lockAndRead(tx: Transaction, list: readonly Migration[]): Promise<Set<string>> {
  if (tx.raw.engine === 'postgres') {
    await sql`SET LOCAL lock_timeout = '60s'`.execute(tx.query)
    // A migration looks at whole tables, unlike whatever else writes.
    await sql`SET LOCAL enable_seqscan = on`.execute(tx.query)
    await sql`SELECT pg_advisory_xact_lock(${migrationLock})`.execute(tx.query)
  }
  await runAll(tx, [
    'CREATE TABLE IF NOT EXISTS schema_migrations (name TEXT NOT NULL PRIMARY KEY, applied_at INTEGER NOT NULL)',
  ])
  const rows = await tx.query.selectFrom('schemaMigrations').select('name').execute()
  const names = new Set(rows.map(({ name }) => name))
  refuseUnknown(names, list)
  return names
}

function refuseUnknown(names: ReadonlySet<string>, list: readonly Migration[]): void {
  const known = new Set(list.map(({ name }) => name))
  const unknown = [...names].filter((name) => !known.has(name))
  if (unknown.length > 0) {
    throw new SchemaTooNew(`The database was made by a newer version: it has ${unknown.join(', ')}`)
  }
}

async function runAll(tx: Transaction, statements: readonly Statement[]): Promise<void> {
  for (const statement of statementsFor(tx.raw.engine, statements)) await sql.raw(statement).execute(tx.query)
}
