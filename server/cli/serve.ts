import { setTimeout as wait } from 'node:timers/promises'
import { createApp } from '../app.ts'
import type { App } from '../app.ts'
import type { Config } from '../config.ts'
import { releaseLeases } from '../jobs/outbox-worker.ts'
import { startTimetable } from '../jobs/timetable.ts'
import type { Database } from '../database/database.ts'
import { migrateUp } from '../database/migrate.ts'
import { openDatabase } from '../database/open.ts'
import { forgetfulSettings } from '../database/postgres-durability.ts'
import { takeServerLock } from '../database/server-lock.ts'
import { must } from '../platform/assert.ts'
import { createSharedClock } from '../platform/clock.ts'
import type { Clock } from '../platform/clock.ts'
import { createLog } from '../platform/log.ts'
import type { Log } from '../platform/log.ts'
import { releaseMemory } from '../platform/release-memory.ts'
import { fillAtStart } from './first-start.ts'

/** A server that runs until `stop`. */
export interface RunningServer {
  readonly url: string
  /** Answers when it cannot go on: only a new start can tell what is in the database. */
  readonly failed: Promise<Error>
  stop(): Promise<void>
}

/** A start that cannot be: told in one line, exit 1. */
export class CannotStart extends Error {
  override readonly name = 'CannotStart'
}

const drainDeadlineMs = 9000
/** Connections that wait to be taken: whom the system turns away silently tries again only after seconds. */
const mostInLine = 4096
/** How long those whose answer is unknown have to hear so before a server that cannot go on is gone. */
const lastAnswersMs = 200

const damagedDatabase =
  'the database is damaged: nothing is written any more. "matinee audit" says more; a backup, or for an index of PostgreSQL REINDEX, mends it; then start anew'

/** The database, open, migrated and filled, with the clock to go by. */
interface OpenHouse {
  readonly database: Database
  readonly clock: Clock
  /** Sets the clock by the database's, where there may be several servers. */
  setClock(): Promise<void>
}

/** Opens the database, applies what is missing in its schema, and puts in what a start puts in. Throws `CannotStart`. */
export async function openHouse(config: Config, log: Log): Promise<OpenHouse> {
  const clock = createSharedClock()
  const database = openDatabase(config.database, clock, log)
  // Servers that share a database share its clock: a hold lapses at the same moment on all of them.
  const setClock = async () => {
    if (database.engine === 'postgres') await clock.setBy(() => readTime(database))
  }
  await setClock()
  await judgeSettings(config, database, log)
  await migrateUp(database)
  const reason = await fillAtStart(config, database, clock, log)
  if (reason !== null) throw new CannotStart(reason)
  return { database, clock, setClock }
}

/** Refuses a PostgreSQL that may forget what it acknowledged: a sold seat would be sold again after a power cut. */
async function judgeSettings(config: Config, database: Database, log: Log): Promise<void> {
  if (database.engine === 'sqlite') return
  const settings = (await forgetfulSettings(database)).join(', ')
  if (settings === '') return
  if (config.allowForgetfulDatabase) {
    log.warn({ settings }, 'this PostgreSQL may lose acknowledged bookings in a power cut, and that is allowed')
    return
  }
  await database.close()
  throw new CannotStart(
    `This PostgreSQL has ${settings}: a power cut may lose bookings that were acknowledged. Turn that on, or, for a trial, set ALLOW_FORGETFUL_DATABASE=on.`,
  )
}

/** Opens the database, migrates it, and serves. Throws `CannotStart`. */
export async function startServer(config: Config, log: Log): Promise<RunningServer> {
  const lock = takeServerLock(config.database)
  if (!lock) {
    throw new CannotStart(
      'Another server is using this database file. Stop it first, or set DATABASE_URL to another one.',
    )
  }
  const { database, clock, setClock } = await openHouse(config, log)
  void database.damaged.then((error) => log.fatal({ err: error }, damagedDatabase))
  await releaseLeases(database)
  const app = await createApp({ config, database, clock, log })
  releaseMemory()
  await listen(app, config)
  const timetable = startTimetable([...app.jobs, { name: 'clock', everyMs: 30_000, run: setClock }], log)
  const address = app.http.server.address()
  const port = typeof address === 'object' && address ? address.port : config.port
  const url = `http://${config.host.includes(':') ? `[${config.host}]` : config.host}:${port}`
  return {
    url,
    failed: database.failed,
    async stop() {
      app.drain()
      const deadline = setTimeout(() => app.http.server.closeAllConnections(), drainDeadlineMs)
      await Promise.race([timetable.stop(), wait(drainDeadlineMs, undefined, { ref: false })])
      await app.close()
      clearTimeout(deadline)
      lock.release()
    },
  }
}

/** The database's time, milliseconds since the epoch. */
async function readTime(database: Database): Promise<number> {
  const [row] = await database.readPrepared<{ now: number }>(
    'time',
    'SELECT (EXTRACT(EPOCH FROM clock_timestamp()) * 1000)::bigint AS now',
    [],
  )
  return must(row, 'There is always a time').now
}

async function listen(app: App, config: Config): Promise<void> {
  try {
    await app.http.listen({ port: config.port, host: config.host, backlog: mostInLine })
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : ''
    if (code === 'EADDRINUSE') {
      throw new CannotStart(`Port ${config.port} is taken. Choose another with --port or PORT.`)
    }
    throw new CannotStart(`Cannot listen on ${config.host}:${config.port} (${String(code)}).`)
  }
}

/** Serves until a signal. Answers the exit code. */
export async function serveUntilSignal(config: Config): Promise<number> {
  const log = createLog(config.logLevel)
  const server = await startServer(config, log)
  const ended = untilSignal(log, () => server.stop())
  log.info({ url: server.url, engine: config.database.engine }, 'Matinee is open')
  return await Promise.race([ended, untilFailure(server, log)])
}

/** Waits for a failure after which only a new start can tell what is in the database. Answers the exit code. */
async function untilFailure(server: RunningServer, log: Log): Promise<number> {
  log.fatal({ err: await server.failed }, 'the disk failed while committing: the next start reads what is there')
  await wait(lastAnswersMs)
  return 1
}

/**
 * Waits for a signal: the first one drains, a second one ends all at once. Answers the exit code. It listens from this call on: whoever
 * says that it is open calls this first, as the signal may follow the word.
 */
export async function untilSignal(
  log: Log,
  close: () => Promise<void>,
  endNow: () => void = () => undefined,
  signals: readonly NodeJS.Signals[] = ['SIGTERM', 'SIGINT', 'SIGHUP'],
): Promise<number> {
  return await new Promise((resolve) => {
    let stopping = false
    const stop = (signal: string) => {
      if (stopping) {
        endNow()
        process.exit(1)
      }
      stopping = true
      log.info({ signal }, 'closing: no new work, running requests finish')
      close().then(
        () => resolve(0),
        (error: unknown) => {
          log.error({ err: error }, 'could not close in order')
          resolve(1)
        },
      )
    }
    for (const signal of signals) process.on(signal, stop)
    // Started by another process that went away: nobody is left to stop us.
    process.on('disconnect', () => stop('disconnect'))
    process.on('unhandledRejection', (error) => {
      log.fatal({ err: error }, 'a promise failed with nobody to hear it')
      endNow()
      process.exit(1)
    })
  })
}
