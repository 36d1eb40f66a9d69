import type pg from 'pg'
import type { Kysely } from 'kysely'
import type { Log } from '../platform/log.ts'
import { DatabaseBusy } from './database.ts'
import type { Database } from './database.ts'
import { kyselyOver } from './kysely-connection.ts'
import type { Stream } from './kysely-connection.ts'
import { translatedPostgres } from './postgres-errors.ts'
import { executeOnClient, openPool } from './postgres-pool.ts'
import type { Tables } from './tables/index.ts'

/** A report, an audit or a backup never takes the place of somebody who buys. */
export const snapshots = 2
const answerMs = 620_000

/** A snapshot looks at a million rows, and may wait a while for whoever reads what it finds. */
const snapshotSettings = [
  'statement_timeout=600000',
  'idle_in_transaction_session_timeout=60000',
  'TimeZone=UTC',
  'work_mem=64MB',
  'jit=off',
  'cursor_tuple_fraction=1',
]

/** Snapshots on connections of their own, with limits of their own: what they ask may take minutes. */
export function postgresSnapshots(
  url: string,
  log: Log,
): { readonly read: Database['snapshot']; close(): Promise<void> } {
  const pool = openPool(url, snapshots, log, { settings: snapshotSettings, answerMs })
  return { read: (work) => readSnapshot(pool, work), close: () => pool.end() }
}

async function readSnapshot<Result>(pool: pg.Pool, work: (query: Kysely<Tables>) => Promise<Result>): Promise<Result> {
  const client = await pool.connect().catch((error: unknown) => {
    throw new DatabaseBusy('The database cannot be reached', { cause: error })
  })
  // A connection that breaks says so by its statements too.
  const ignore = () => {}
  client.on('error', ignore)
  try {
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY')
    const result = await work(kyselyOver('postgres', executeOnClient(client), streamOnClient(client)))
    await client.query('COMMIT')
    client.off('error', ignore).release()
    return result
  } catch (error) {
    client.release(true)
    throw translatedPostgres(error)
  }
}

function streamOnClient(client: pg.PoolClient): Stream {
  let cursors = 0
  return async function* stream(query, rowsAtOnce) {
    const cursor = `rows_${(cursors += 1)}`
    await client.query(`DECLARE ${cursor} NO SCROLL CURSOR FOR ${query.sql}`, [...query.parameters])
    for (;;) {
      const { rows } = await client.query(`FETCH ${rowsAtOnce} FROM ${cursor}`)
      if (rows.length > 0) yield { rows }
      if (rows.length < rowsAtOnce) break
    }
    await client.query(`CLOSE ${cursor}`)
  }
}
