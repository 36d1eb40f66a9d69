import type pg from 'pg'
import type { Kysely } from 'kysely'
import type { Clock } from '../platform/clock.ts'
import type { Log } from '../platform/log.ts'
import { BatchWatch } from './batches.ts'
import { isRefusal } from '../platform/refusal.ts'
import { DamageWatch } from './damage.ts'
import { DatabaseBusy, OutcomeUnknown } from './database.ts'
import type { Database, Transaction } from './database.ts'
import { listsOf } from './lists.ts'
import { kyselyOver } from './kysely-connection.ts'
import type { Execute } from './kysely-connection.ts'
import type { SeatNotices } from './notices.ts'
import { canRunAgain, causeAmong, isDecided, isStalePlan, translatedPostgres } from './postgres-errors.ts'
import { postgresNotices } from './postgres-notices.ts'
import { executeOnClient, openPool } from './postgres-pool.ts'
import { readAgainWhereStale, readsById } from './postgres-reads.ts'
import type { Explain } from './postgres-reads.ts'
import { forgetNames, sendTogether } from './postgres-statements.ts'
import { writeTogether } from './postgres-together.ts'
import type { Write } from './postgres-together.ts'
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
  // Plans are kept, and may have been made when a table was empty: what is written is found by an index at any size.
  const settings = [...sessionSettings, 'enable_seqscan=off']
  const pool = openPool(url, writers, log, { ...limits, settings, pipeline: true })
  const readPool = openPool(url, readers, log, limits)
  const snapshotReader = postgresSnapshots(url, log)
  const notices = postgresNotices(url, log)
  const bound = new WeakMap<pg.PoolClient, Connection>()
  const damage = new DamageWatch()
  const explain = (error: unknown) => damage.note(translatedPostgres(error))

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

  const alone: Write = async (work) => {
    damage.refuse()
    try {
      return await writeWithRetries(connect, clock, notices, work)
    } catch (error) {
      throw damage.note(error)
    }
  }
  const batches = new BatchWatch()
  const together = writeTogether(alone, batches)

  return {
    engine: 'postgres',
    read: kyselyOver('postgres', executeOnPool(readPool, explain)),
    async readPrepared<Row>(name: string, text: string, parameters: readonly (string | number | null)[]) {
      try {
        const result = await readPool.query({ name, text, values: [...parameters] })
        return result.rows as Row[]
      } catch (error) {
        throw explain(error)
      }
    },
    readById: readsById(readPool, explain),
    write: async (work, company) => await (company ? together(company, work) : alone(work)),
    seatNotices: notices,
    batches,
    snapshot: snapshotReader.read,
    async ping() {
      damage.refuse()
      await readPool.query('SELECT 1')
    },
    // PostgreSQL ends by itself where its disk fails, and recovers from its log.
    failed: new Promise(() => {}),
    damaged: damage.told,
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
  const { client } = connection
  const sent: Promise<unknown>[] = []
  const tx = new LiveTransaction(connection, clock, notices, (statement) => sent.push(heard(statement)))
  let committing = false
  try {
    // Not waited for: the first statements follow it at once.
    sendTogether(client)
    const begun = heard(client.query('BEGIN'))
    const result = await work(tx)
    tx.end()
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
    for (const act of tx.acts) act()
    return result
  } catch (heardOf) {
    tx.end()
    const error = causeAmong(await Promise.allSettled(sent), heardOf)
    await abandon(client, committing)
    if (isStalePlan(error)) forgetNames()
    if (committing && !isDecided(error)) {
      throw new OutcomeUnknown('The connection was lost while committing', { cause: error })
    }
    throw error
  }
}

/**
 * What the work is given; it refuses use after its end. A class, for a literal with a getter is kept through every small
 * collection of garbage, and with it all that it reaches (record 0015).
 */
class LiveTransaction implements Transaction {
  readonly raw: Transaction['raw']
  readonly acts: (() => void)[] = []
  nowMs: number
  readonly #query: Connection['query']
  readonly #clock: Clock
  readonly #notices: SeatNotices
  #live = true

  constructor(
    { client, query }: Connection,
    clock: Clock,
    notices: SeatNotices,
    sent: (statement: Promise<unknown>) => void,
  ) {
    this.raw = { engine: 'postgres', client, sent, lists: listsOf(client, sent) }
    this.nowMs = clock.now()
    this.#query = query
    this.#clock = clock
    this.#notices = notices
  }

  get query(): Connection['query'] {
    if (!this.#live) throw new Error('This transaction has ended')
    return this.#query
  }

  renewTime(): void {
    this.nowMs = this.#clock.now()
  }

  announceSeats(showtimeIds: readonly string[]): void {
    this.#notices.publish(this, showtimeIds)
  }

  afterCommit(act: () => void): void {
    this.acts.push(act)
  }

  end(): void {
    this.#live = false
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

function executeOnPool(pool: pg.Pool, explain: Explain): Execute {
  const execute = executeOnClient(pool)
  return async (query) => await readAgainWhereStale(explain, () => execute(query))
}
