import type { Database, Engine } from '../database/database.ts'
import type { ListRead } from '../database/lists.ts'
import { openDatabase } from '../database/open.ts'
import { createManualClock } from '../platform/clock.ts'
import type { ManualClock } from '../platform/clock.ts'
import { createLog } from '../platform/log.ts'
import { freshDatabase } from './harness.ts'

/** A migrated database without an app, whose table of settings tests write as they like. */
export interface BareDatabase {
  readonly database: Database
  readonly clock: ManualClock
  /** The names of its settings, in order. */
  names(): Promise<string[]>
  close(): Promise<void>
}

/** Opens a database of its own at the clock's millisecond 1000; `close` removes it. */
export async function openBareDatabase(engine: Engine): Promise<BareDatabase> {
  const { location, drop } = await freshDatabase(engine)
  const clock = createManualClock(1000)
  const database = openDatabase(location, clock, createLog('silent'))
  return {
    database,
    clock,
    async names() {
      const rows = await database.read.selectFrom('settings').select('name').orderBy('name').execute()
      return rows.map(({ name }) => name)
    },
    async close() {
      await database.close()
      await drop()
    },
  }
}

/** Settings by their name, as a list that transactions share. */
export const settingsNamed: ListRead = {
  sqlite: 'SELECT * FROM settings WHERE name = ?',
  postgres: 'SELECT * FROM settings WHERE name = ANY($1::text[])',
  by: ['name'],
}
