import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { Kysely } from 'kysely'
import { assert } from '../platform/assert.ts'
import type { Clock } from '../platform/clock.ts'
import type { Database } from './database.ts'
import { kyselyOver } from './kysely-connection.ts'
import { localNotices } from './notices.ts'
import { executeOn, preparedReads } from './sqlite-statements.ts'
import { SqliteWriter } from './sqlite-writer.ts'
import type { Tables } from './tables/index.ts'

/** First versions without the WAL-reset corruption race; 3.52.x was withdrawn. Source: sqlite.org/wal.html. */
const oldestSafeVersion = [3, 51, 3] as const

/** Opens (and makes, with its folder) a SQLite file: WAL, `synchronous=FULL`, foreign keys; one writer, one reader. */
export function openSqlite(path: string, clock: Clock): Database {
  mkdirSync(dirname(path), { recursive: true })
  const writer = openConnection(path)
  const reader = openConnection(path, { readOnly: true })
  const seatNotices = localNotices()
  const queue = new SqliteWriter(writer, clock, seatNotices)
  return {
    engine: 'sqlite',
    read: kyselyOver('sqlite', executeOn(reader)),
    readPrepared: preparedReads(reader),
    write: queue.write,
    seatNotices,
    snapshot: (work) => readSnapshot(path, work),
    async ping() {
      reader.prepare('SELECT 1').get()
    },
    load: () => ({ waiting: queue.waiting }),
    async close() {
      await queue.idle()
      reader.close()
      writer.close()
    },
  }
}

/** A connection with the settings that make its promises true; each is read back. */
export function openConnection(path: string, options: { readonly readOnly?: boolean } = {}): DatabaseSync {
  const connection = new DatabaseSync(path, { ...options, enableForeignKeyConstraints: true, timeout: 0 })
  refuseUnsafeVersion(connection)
  if (!options.readOnly) {
    // Two processes that open a new file at once meet here; the setting persists in the file.
    connection.exec('PRAGMA busy_timeout = 3000')
    const mode = connection.prepare('PRAGMA journal_mode = WAL').get()
    assert(mode?.['journal_mode'] === 'wal' || path === ':memory:', 'SQLite did not take journal_mode = WAL')
  }
  connection.exec(
    'PRAGMA busy_timeout = 0; PRAGMA synchronous = FULL; PRAGMA fullfsync = ON; PRAGMA trusted_schema = OFF; PRAGMA cache_size = -16000; PRAGMA temp_store = MEMORY',
  )
  if (options.readOnly) connection.exec('PRAGMA busy_timeout = 3000')
  assert(
    connection.prepare('PRAGMA synchronous').get()?.['synchronous'] === 2,
    'SQLite did not take synchronous = FULL',
  )
  connection.enableDefensive(true)
  return connection
}

function refuseUnsafeVersion(connection: DatabaseSync): void {
  const version = String(connection.prepare('SELECT sqlite_version() AS version').get()?.['version'])
  const [major = 0, minor = 0, patch = 0] = version.split('.').map(Number)
  const [oldMajor, oldMinor, oldPatch] = oldestSafeVersion
  const tooOld =
    major < oldMajor || (major === oldMajor && (minor < oldMinor || (minor === oldMinor && patch < oldPatch)))
  assert(!tooOld && !(major === 3 && minor === 52), `SQLite ${version} can corrupt a WAL: 3.51.3 or 3.53 is needed`)
}

async function readSnapshot<Result>(path: string, work: (query: Kysely<Tables>) => Promise<Result>): Promise<Result> {
  const connection = openConnection(path, { readOnly: true })
  try {
    connection.exec('BEGIN')
    return await work(kyselyOver('sqlite', executeOn(connection)))
  } finally {
    connection.close()
  }
}
