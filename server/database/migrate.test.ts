import { sql } from 'kysely'
import { expect, it } from 'vitest'
import { createLog } from '../platform/log.ts'
import { createManualClock } from '../platform/clock.ts'
import { freshDatabase, onBothEngines, testStart } from '../testing/harness.ts'
import type { Database, Engine } from './database.ts'
import { migrateDown, migrateUp, migrationStatus, SchemaTooNew } from './migrate.ts'
import { migrations } from './migrations/index.ts'
import { openDatabase } from './open.ts'

/** A database at the newest schema, and as many connections to it as are asked for. */
async function stage(engine: Engine) {
  const { location, drop } = await freshDatabase(engine)
  const opened: Database[] = []
  const open = () => {
    const database = openDatabase(location, createManualClock(testStart), createLog('silent'))
    opened.push(database)
    return database
  }
  return {
    open,
    async close() {
      for (const database of opened) await database.close()
      await drop()
    },
  }
}

async function takeBackAll(database: Database): Promise<void> {
  while ((await migrateDown(database)) !== null) continue
}

/** Tables, columns, indexes, constraints and triggers, as the engine itself describes them. */
async function schemaOf(database: Database): Promise<unknown[]> {
  if (database.engine === 'sqlite') {
    const { rows } =
      await sql`SELECT type, name, tbl_name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite_%' ORDER BY type, name`.execute(
        database.read,
      )
    return rows
  }
  const described = [
    sql`SELECT table_name, column_name, data_type, is_nullable, column_default, collation_name
      FROM information_schema.columns WHERE table_schema = current_schema() ORDER BY 1, ordinal_position`,
    sql`SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = current_schema() ORDER BY 1`,
    sql`SELECT conrelid::regclass::text AS owner, pg_get_constraintdef(oid) AS definition
      FROM pg_constraint WHERE connamespace = current_schema()::regnamespace ORDER BY 1, 2`,
    sql`SELECT tgrelid::regclass::text AS owner, pg_get_triggerdef(oid) AS definition FROM pg_trigger WHERE NOT tgisinternal ORDER BY 1, 2`,
    sql`SELECT proname FROM pg_proc WHERE pronamespace = current_schema()::regnamespace ORDER BY 1`,
  ]
  const parts: unknown[] = []
  for (const statement of described) parts.push((await statement.execute(database.read)).rows)
  return parts
}

onBothEngines('migrations', (engine) => {
  it('each go up and come down again, and leave the schema as it was', async () => {
    const { open, close } = await stage(engine)
    const database = open()
    const newest = await schemaOf(database)
    const before: unknown[][] = []
    for (const { name } of migrations.toReversed()) {
      before.unshift(await schemaOf(database))
      expect(await migrateDown(database)).toBe(name)
    }
    expect(await migrateDown(database)).toBeNull()
    for (const [index, { name }] of migrations.entries()) {
      expect(await migrateUp(database, migrations.slice(0, index + 1))).toEqual([name])
      expect(await schemaOf(database), name).toEqual(before[index])
    }
    expect(await schemaOf(database)).toEqual(newest)
    expect((await migrationStatus(database)).every(({ applied }) => applied)).toBe(true)
    await close()
  })

  it('are applied once by two servers that start at once', async () => {
    const { open, close } = await stage(engine)
    const one = open()
    await takeBackAll(one)
    const other = open()
    const applied = await Promise.all([migrateUp(one), migrateUp(other)])
    expect(applied.map(({ length }) => length).toSorted((a, b) => a - b)).toEqual([0, migrations.length])
    await close()
  })

  it('are never half applied: when one fails, none of that start remains', async () => {
    const { open, close } = await stage(engine)
    const database = open()
    await takeBackAll(database)
    const bare = await schemaOf(database)
    const broken = { name: '9999-broken', up: ['CREATE TABLE fine (id TEXT NOT NULL)', 'CREATE TABLE'], down: [] }
    await expect(migrateUp(database, [...migrations, broken])).rejects.toThrow(/syntax|incomplete/)
    expect(await schemaOf(database)).toEqual(bare)
    expect(await migrateUp(database)).toHaveLength(migrations.length)
    await close()
  })

  it('of a newer version are left alone, and the start is refused', async () => {
    const { open, close } = await stage(engine)
    const database = open()
    const older = migrations.slice(0, -1)
    await expect(migrateUp(database, older)).rejects.toThrow(SchemaTooNew)
    await expect(migrationStatus(database, older)).rejects.toThrow(SchemaTooNew)
    await close()
  })
})
