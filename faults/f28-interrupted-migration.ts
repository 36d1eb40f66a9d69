import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import type { Database } from '../server/database/database.ts'
import { migrateDown, migrationStatus } from '../server/database/migrate.ts'
import { openDatabase } from '../server/database/open.ts'
import type { DatabaseLocation } from '../server/database/open.ts'
import { createSystemClock } from '../server/platform/clock.ts'
import { createLog } from '../server/platform/log.ts'
import { runMatinee } from '../server/testing/spawned-server.ts'
import { furnish, watching } from '../storm/ground.ts'
import { chance } from '../storm/chance.ts'
import { bothEngines, ensure } from './fault.ts'
import type { Fault } from './fault.ts'
import { preloading } from './preloaded.ts'

/** So many of the newest migrations are taken back, and done again. */
const migrationsTakenBack = 6

export const interruptedMigration: Fault = {
  id: 'F28',
  holds:
    'A migration that is killed before any of its statements leaves the old schema whole, and the next one brings the new one; nothing that was there is lost.',
  injection: '"matinee migrate up" on a furnished database of an older schema, killed before its n-th statement',
  engines: bothEngines,
  // Moments at which it is killed, spread over all its statements.
  rounds: { test: 4, short: 24, long: 400 },
  needs: ['shell'],
  async run({ rounds, seed, breakGround }) {
    const location = await breakGround()
    await watching(location, (watcher) => furnish(watcher))
    const newest = await look(location, describe)
    const older = await look(location, takeBack)
    ensure(older !== newest, 'Taking migrations back has changed nothing')
    const statements = await countStatements(location)
    ensure(
      (await look(location, describe)) === newest,
      'A migration that nobody disturbs does not bring the new schema',
    )
    let before = 0
    let after = 0
    for (let round = 0; round < rounds; round += 1) {
      ensure((await look(location, takeBack)) === older, 'Taken back again, the schema is another')
      const at = 1 + Math.floor(((round + chance(seed, `kill ${round}`)) / rounds) * statements)
      const { code, output } = await migrate(location, { KILL_AT: String(at) })
      ensure(code === null, `It was to be killed at ${at} of ${statements}, and ended with ${code}: ${output}`)
      const found = await look(location, describe)
      if (found === older) before += 1
      else if (found === newest) after += 1
      else ensure(false, `Killed before statement ${at} of ${statements} it left a schema that is neither:\n${found}`)
      const again = await migrate(location, {})
      ensure(again.code === 0, `The next migration ended with ${again.code}: ${again.output}`)
      ensure((await look(location, describe)) === newest, `After a kill before statement ${at} the schema is another`)
    }
    return `killed at ${rounds} of ${statements} statements: ${before} times the old schema, ${after} times the new`
  },
}

async function takeBack(database: Database): Promise<string> {
  for (let step = 0; step < migrationsTakenBack; step += 1) await migrateDown(database)
  return await describe(database)
}

async function migrate(location: DatabaseLocation, environment: Readonly<Record<string, string>>) {
  return await runMatinee(location, ['migrate', 'up'], { ...preloading('kill-at'), ...environment })
}

/** How many statements a whole migration takes. */
async function countStatements(location: DatabaseLocation): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'matinee-count-'))
  try {
    const file = join(folder, 'count')
    const { code, output } = await migrate(location, { COUNT_INTO: file })
    ensure(code === 0, `The migration ended with ${code}: ${output}`)
    return Number(readFileSync(file, 'utf8'))
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Looks at a database, and migrates nothing. */
async function look<Result>(
  location: DatabaseLocation,
  work: (database: Database) => Promise<Result>,
): Promise<Result> {
  const database = openDatabase(location, createSystemClock(), createLog('silent'))
  try {
    return await work(database)
  } finally {
    await database.close()
  }
}

/** A schema in words, with what it holds: what is applied, every column, index, key and trigger, and how many rows. */
async function describe(database: Database): Promise<string> {
  const applied = (await migrationStatus(database)).filter((migration) => migration.applied).map(({ name }) => name)
  const parts =
    database.engine === 'sqlite'
      ? sql<{ part: string }>`SELECT type || ' ' || name || ': ' || COALESCE(sql, '') AS part FROM sqlite_schema`
      : sql<{ part: string }>`
          SELECT 'column ' || table_name || '.' || column_name || ' ' || data_type || ' ' || is_nullable || ' '
            || COALESCE(column_default, '') AS part FROM information_schema.columns WHERE table_schema = current_schema()
          UNION ALL SELECT 'index ' || indexdef FROM pg_indexes WHERE schemaname = current_schema()
          UNION ALL SELECT 'key ' || conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(oid)
            FROM pg_constraint WHERE connamespace = current_schema()::regnamespace
          UNION ALL SELECT 'trigger ' || pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal`
  const { rows } = await parts.execute(database.read)
  const [count] = (
    await sql<{ count: number }>`
      SELECT (SELECT COUNT(*) FROM theatres) + (SELECT COUNT(*) FROM layouts) + (SELECT COUNT(*) FROM showtimes) AS count`.execute(
      database.read,
    )
  ).rows
  return [...applied, ...rows.map(({ part }) => part).toSorted(), `${count?.count} rows`].join('\n')
}
