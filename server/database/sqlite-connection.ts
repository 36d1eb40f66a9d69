import { DatabaseSync } from 'node:sqlite'
import { assert } from '../platform/assert.ts'

/** First versions without the WAL-reset corruption race; 3.52.x was withdrawn. Source: sqlite.org/wal.html. */
const oldestSafeVersion = [3, 51, 3] as const

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
