import pg from 'pg'
import type { Kysely } from 'kysely'
import type { Clock } from '../platform/clock.ts'
import type { Log } from '../platform/log.ts'
import { isRefusal } from '../platform/refusal.ts'
import { DatabaseBusy, OutcomeUnknown, StorageFull } from './database.ts'
import type { Database, Transaction } from './database.ts'
import { kyselyOver } from './kysely-connection.ts'
import type { Execute } from './kysely-connection.ts'
import type { SeatNotices } from './notices.ts'
import { postgresNotices } from './postgres-notices.ts'
import type { Tables } from './tables/index.ts'

const writers = 10
/** Reads have connections of their own: a rush of buyers keeps nobody from looking. */
const readers = 6
/** How long a request may wait for its turn; less than the server gives it to answer. */
const turnMs = 10_000
const attempts = 4

const sessionSettings = [
  'synchronous_commit=on',
  'statement_timeout=15000',
  'lock_timeout=5000',
  'idle_in_transaction_session_timeout=15000',
  'TimeZone=UTC',
]

// Counts (int8) and sums (numeric) are far below 2^53 here, and the contract's numbers are JSON numbers.
const types = {
  getTypeParser(oid: number, format?: 'text' | 'binary') {
    if (oid === pg.types.builtins.INT8 || oid === pg.types.builtins.NUMERIC) return Number
    return format === 'binary' ? pg.types.getTypeParser(oid, 'binary') : pg.types.getTypeParser(oid, 'text')
  },
}

/** Opens a pool on PostgreSQL ≥ 15. Decisions rest on unique keys and row locks at READ COMMITTED, never on a replica. */
export function openPostgres(url: string, clock: Clock, log: Log): Database {
  const pool = openPool(url, writers, log)
  const readPool = openPool(url, readers, log)
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
    write: (work) => writeWithRetries(connect, clock, notices, work),
    seatNotices: notices,
    async snapshot(work) {
      const { client, query } = await connect()
      try {
        await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY')
        const result = await work(query)
        await client.query('COMMIT')
        client.release()
        return result
      } catch (error) {
        client.release(true)
        throw translatedPostgres(error)
      }
    },
    async ping() {
      await readPool.query('SELECT 1')
    },
    load: () => ({
      busy: pool.totalCount - pool.idleCount + readPool.totalCount - readPool.idleCount,
      idle: pool.idleCount + readPool.idleCount,
      waiting: pool.waitingCount + readPool.waitingCount,
    }),
    async close() {
      await notices.close()
      await Promise.all([pool.end(), readPool.end()])
    },
  }
}

function openPool(url: string, max: number, log: Log): pg.Pool {
  const pool = new pg.Pool({
    connectionString: url,
    max,
    types,
    connectionTimeoutMillis: turnMs,
    idleTimeoutMillis: 30_000,
    keepAlive: true,
    query_timeout: 20_000,
    options: sessionSettings.map((setting) => `-c ${setting}`).join(' '),
  })
  // A connection that breaks while idle says so here; without a listener it would end the process.
  pool.on('error', (error) => log.warn({ err: error }, 'an idle database connection broke'))
  return pool
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
  let live = true
  let nowMs = clock.now()
  const tx: Transaction = {
    get query() {
      if (!live) throw new Error('This transaction has ended')
      return query
    },
    raw: { engine: 'postgres', client },
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
    await client.query('BEGIN')
    const result = await work(tx)
    live = false
    if (isRefusal(result)) {
      await client.query('ROLLBACK')
      client.release()
      return result
    }
    committing = true
    connection.unconfirmed = false
    const { command } = await client.query('COMMIT')
    // A transaction in which a statement failed unheard is rolled back by COMMIT, without an error.
    if (command !== 'COMMIT') {
      committing = false
      throw new Error('The transaction was rolled back instead of committed')
    }
    if (connection.unconfirmed) throw new OutcomeUnknown('The standby did not confirm the commit')
    client.release()
    for (const act of acts) act()
    return result
  } catch (error) {
    live = false
    await abandon(client, committing)
    if (committing && !isDecided(error)) {
      throw new OutcomeUnknown('The connection was lost while committing', { cause: error })
    }
    throw error
  }
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

/** The SQLSTATE of an error the server itself reported. */
export function sqlState(error: unknown): string | undefined {
  return error instanceof pg.DatabaseError ? error.code : undefined
}

/** Whether a server that answers a commit with an error has rolled it back; one that is going down may have done it. */
function isDecided(error: unknown): boolean {
  const state = sqlState(error)
  return state !== undefined && !['08', '57', '58', 'XX'].includes(state.slice(0, 2))
}

/** Deadlock and serialisation failures: the transaction left nothing and may simply run again. */
function canRunAgain(error: unknown): boolean {
  const state = sqlState(error)
  return state === '40P01' || state === '40001'
}

/** SQLSTATE classes, by what a caller can do about them. Source: PostgreSQL, appendix A. */
export function translatedPostgres(error: unknown): unknown {
  const state = sqlState(error)
  if (state === undefined)
    return isConnectionError(error) ? new DatabaseBusy('The database went away', { cause: error }) : error
  if (state === '53100') return new StorageFull('The disk of the database is full', { cause: error })
  const busy = ['08', '53', '57'].includes(state.slice(0, 2)) || ['40P01', '40001', '55P03', '25006'].includes(state)
  return busy ? new DatabaseBusy('The database is busy or restarting', { cause: error }) : error
}

const connectionCodes = new Set(['ECONNRESET', 'ECONNREFUSED', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND', 'EHOSTUNREACH'])

function isConnectionError(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  if ('code' in error && typeof error.code === 'string' && connectionCodes.has(error.code)) return true
  return /Connection terminated|timeout|not queryable|Query read timeout/i.test(error.message)
}

function executeOnClient(client: pg.PoolClient): Execute {
  return async (query) => {
    const result = await client.query(query.sql, [...query.parameters])
    return { rows: result.rows, numAffectedRows: BigInt(result.rowCount ?? 0) }
  }
}

function executeOnPool(pool: pg.Pool): Execute {
  return async (query) => {
    try {
      const result = await pool.query(query.sql, [...query.parameters])
      return { rows: result.rows, numAffectedRows: BigInt(result.rowCount ?? 0) }
    } catch (error) {
      throw translatedPostgres(error)
    }
  }
}
