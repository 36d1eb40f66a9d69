import type pg from 'pg'
import type { Kysely } from 'kysely'
import type { Clock } from '../platform/clock.ts'
import type { Log } from '../platform/log.ts'
import { BatchWatch } from './batches.ts'
import { isRefusal } from '../platform/refusal.ts'
import { DatabaseBusy, OutcomeUnknown } from './database.ts'
import type { Database, Transaction } from './database.ts'
import { groupReads } from './group-reads.ts'
import { kyselyOver } from './kysely-connection.ts'
import type { Execute } from './kysely-connection.ts'
import type { SeatNotices } from './notices.ts'
import { canRunAgain, causeAmong, isDecided, isStalePlan, translatedPostgres } from './postgres-errors.ts'
import { postgresNotices } from './postgres-notices.ts'
import { executeOnClient, openPool } from './postgres-pool.ts'
import { forgetNames } from './postgres-statements.ts'
import { postgresSnapshots, snapshots } from './postgres-snapshots.ts'
import type { Tables } from './tables/index.ts'

const writers = 10
/** Reads have connections of their own: a rush of buyers keeps nobody from looking. */
const readers = 6
/** Reports are written in threads, each of which opens one connection. */
const reporters = 2
/** The most that one server opens: all of them, and the one that hears of seats. */
export const connectionsPerServer = writers + readers + snapshots + reporters + 1
const attempts = 4

const sessionSettings = [
  'synchronous_commit=on',
  'statement_timeout=15000',
  'lock_timeout=5000',
  'idle_in_transaction_session_timeout=15000',
  'TimeZone=UTC',
]

/** Opens a pool on PostgreSQL ≥ 15. Decisions rest on unique keys and row locks at READ COMMITTED, never on a replica. */
export function openPostgres(url: string, clock: Clock, log: Log): Database {
  const limits = { settings: sessionSettings, answerMs: 20_000 }
  const pool = openPool(url, writers, log, { ...limits, pipeline: true })
  const readPool = openPool(url, readers, log, limits)
  const snapshotReader = postgresSnapshots(url, log)
  const notices = postgresNotices(url, log)
  const bound = new WeakMap<pg.PoolClient, Connection>()

  async function connect(): Promise<Connection> {
    const client = await pool.connect().catch((error: unknown) => {
      throw new DatabaseBusy('The database cannot be reached', { cause: error })
    })
    const known = bound.get(client)
    if (known) return known
    const connection = bindConnection(client, log)
    bound.set(client, connection)
    return connection
  }

  return {
    engine: 'postgres',
    read: kyselyOver('postgres', executeOnPool(readPool)),
    async readPrepared<Row>(name: string, text: string, parameters: readonly (string | number | null)[]) {
      try {
        const result = await readPool.query({ name, text, values: [...parameters] })
        return result.rows as Row[]
      } catch (error) {
        throw translatedPostgres(error)
      }
    },
    readById: readsById(readPool),
    write: (work) => writeWithRetries(connect, clock, notices, work),
    seatNotices: notices,
    batches: new BatchWatch(),
    snapshot: snapshotReader.read,
    async ping() {
      await readPool.query('SELECT 1')
    },
    // PostgreSQL ends by itself where its disk fails, and recovers from its log.
    failed: new Promise(() => {}),
    load: () => ({
      busy: pool.totalCount - pool.idleCount + readPool.totalCount - readPool.idleCount,
      idle: pool.idleCount + readPool.idleCount,
      waiting: pool.waitingCount + readPool.waitingCount,
    }),
    async close() {
      await notices.close()
      await Promise.all([pool.end(), readPool.end(), snapshotReader.close()])
    },
  }
}

function readsById(pool: pg.Pool): Database['readById'] {
  const groups = new Map<string, (id: string) => Promise<unknown>>()
  return async <Row extends { readonly id: string }>(name: string, select: string, column: string, id: string) => {
    const read = groups.getOrInsertComputed(name, () =>
      groupReads(async (ids) => {
        try {
          const text = `${select} WHERE ${column} = ANY($1::text[])`
          const { rows } = await pool.query<Row>({ name, text, values: [ids] })
          return new Map(rows.map((row) => [row.id, row]))
        } catch (error) {
          throw translatedPostgres(error)
        }
      }),
    )
    return (await read(id)) as Row | undefined
  }
}

interface Connection {
  readonly client: pg.PoolClient
  readonly query: Kysely<Tables>
  /** Set by a notice: the commit was not confirmed by the synchronous standby, so its outcome is not known. */
  unconfirmed: boolean
}

function bindConnection(client: pg.PoolClient, log: Log): Connection {
  const connection: Connection = { client, query: kyselyOver('postgres', executeOnClient(client)), unconfirmed: false }
  client.on('error', (error) => log.warn({ err: error }, 'a database connection broke'))
  client.on('notice', (notice) => {
    if (notice.code === '01000' && notice.message?.includes('synchronous replication')) connection.unconfirmed = true
  })
  return connection
}

async function writeWithRetries<Result>(
  connect: () => Promise<Connection>,
  clock: Clock,
  notices: SeatNotices,
  work: (tx: Transaction) => Result | Promise<Result>,
): Promise<Result> {
  for (let attempt = 1; ; attempt += 1) {
    const connection = await connect()
    try {
      return await writeOnce(connection, clock, notices, work)
    } catch (error) {
      if (!canRunAgain(error) || attempt >= attempts) throw translatedPostgres(error)
    }
  }
}

async function writeOnce<Result>(
  connection: Connection,
  clock: Clock,
  notices: SeatNotices,
  work: (tx: Transaction) => Result | Promise<Result>,
): Promise<Result> {
  const { client, query } = connection
  const acts: (() => void)[] = []
  const sent: Promise<unknown>[] = []
  let live = true
  let nowMs = clock.now()
  const tx: Transaction = {
    get query() {
      if (!live) throw new Error('This transaction has ended')
      return query
    },
    raw: { engine: 'postgres', client, sent: (statement) => sent.push(heard(statement)) },
    get nowMs() {
      return nowMs
    },
    renewTime() {
      nowMs = clock.now()
    },
    announceSeats: (showtimeIds) => notices.publish(tx, showtimeIds),
    afterCommit: (act) => acts.push(act),
  }
  let committing = false
  try {
    // Not waited for: the first statements follow it at once.
    const begun = heard(client.query('BEGIN'))
    const result = await work(tx)
    live = false
    await begun
    if (isRefusal(result)) {
      await client.query('ROLLBACK')
      client.release()
      return result
    }
    committing = true
    connection.unconfirmed = false
    const [commit, ...written] = await Promise.allSettled([client.query('COMMIT'), ...sent])
    if (commit.status === 'rejected') throw commit.reason
    // A transaction in which a statement failed is rolled back by COMMIT, without an error.
    if (commit.value.command !== 'COMMIT') {
      committing = false
      const failed = written.find((one) => one.status === 'rejected')
      throw failed?.reason ?? new Error('The transaction was rolled back instead of committed')
    }
    if (connection.unconfirmed) throw new OutcomeUnknown('The standby did not confirm the commit')
    client.release()
    for (const act of acts) act()
    return result
  } catch (heardOf) {
    live = false
    const error = causeAmong(await Promise.allSettled(sent), heardOf)
    await abandon(client, committing)
    if (isStalePlan(error)) forgetNames()
    if (committing && !isDecided(error)) {
      throw new OutcomeUnknown('The connection was lost while committing', { cause: error })
    }
    throw error
  }
}

/** A statement that is waited for later: should it fail before that, whoever waits hears of it all the same. */
function heard<Result>(statement: Promise<Result>): Promise<Result> {
  statement.catch(() => undefined)
  return statement
}

/** Gives a client back clean, or destroys it when it cannot be trusted any more. */
async function abandon(client: pg.PoolClient, broken: boolean): Promise<void> {
  if (broken) {
    client.release(true)
    return
  }
  try {
    await client.query('ROLLBACK')
    client.release()
  } catch {
    client.release(true)
  }
}

function executeOnPool(pool: pg.Pool): Execute {
  const execute = executeOnClient(pool)
  return async (query) => {
    try {
      return await execute(query).catch(async (error: unknown) => {
        if (!isStalePlan(error)) throw error
        forgetNames()
        return await execute(query)
      })
    } catch (error) {
      throw translatedPostgres(error)
    }
  }
}
