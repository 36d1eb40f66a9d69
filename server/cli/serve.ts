import { setTimeout as wait } from 'node:timers/promises'
import { createApp } from '../app.ts'
import type { App } from '../app.ts'
import type { Config } from '../config.ts'
import { startTimetable } from '../jobs/timetable.ts'
import type { Database } from '../database/database.ts'
import { migrateUp } from '../database/migrate.ts'
import { openDatabase } from '../database/open.ts'
import { takeServerLock } from '../database/server-lock.ts'
import { must } from '../platform/assert.ts'
import { createSharedClock } from '../platform/clock.ts'
import { createLog } from '../platform/log.ts'
import type { Log } from '../platform/log.ts'
import { fillAtStart } from './first-start.ts'

/** A server that runs until `stop`. */
export interface RunningServer {
  readonly url: string
  stop(): Promise<void>
}

/** A start that cannot be: told in one line, exit 1. */
export class CannotStart extends Error {
  override readonly name = 'CannotStart'
}

const drainDeadlineMs = 9000

/** Opens the database, migrates it, and serves. Throws `CannotStart`. */
export async function startServer(config: Config): Promise<RunningServer> {
  const log = createLog(config.logLevel)
  const lock = takeServerLock(config.database)
  if (!lock) {
    throw new CannotStart(
      'Another server is using this database file. Stop it first, or set DATABASE_URL to another one.',
    )
  }
  const clock = createSharedClock()
  const database = openDatabase(config.database, clock, log)
  const setClock = () => clock.setBy(() => readTime(database))
  // Servers that share a database share its clock: a hold lapses at the same moment on all of them.
  if (database.engine === 'postgres') await setClock()
  await migrateUp(database)
  const reason = await fillAtStart(config, database, clock, log)
  if (reason !== null) throw new CannotStart(reason)
  const app = await createApp({ config, database, clock, log })
  await listen(app, config)
  const clockJobs = database.engine === 'postgres' ? [{ name: 'clock', everyMs: 30_000, run: setClock }] : []
  const timetable = startTimetable([...app.jobs, ...clockJobs], log)
  const address = app.http.server.address()
  const port = typeof address === 'object' && address ? address.port : config.port
  const url = `http://${config.host.includes(':') ? `[${config.host}]` : config.host}:${port}`
  log.info({ url, engine: database.engine }, 'Matinee is open')
  return {
    url,
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
    await app.http.listen({ port: config.port, host: config.host })
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : ''
    if (code === 'EADDRINUSE') {
      throw new CannotStart(`Port ${config.port} is taken. Choose another with --port or PORT.`)
    }
    throw new CannotStart(`Cannot listen on ${config.host}:${config.port} (${String(code)}).`)
  }
}

/** Serves until a signal; the first one drains, a second one ends at once. Answers the exit code. */
export async function serveUntilSignal(config: Config): Promise<number> {
  const server = await startServer(config)
  const log: Log = createLog(config.logLevel)
  return await new Promise((resolve) => {
    let stopping = false
    const stop = (signal: string) => {
      if (stopping) process.exit(1)
      stopping = true
      log.info({ signal }, 'closing: no new work, running requests finish')
      server.stop().then(
        () => resolve(0),
        (error: unknown) => {
          log.error({ err: error }, 'could not close in order')
          resolve(1)
        },
      )
    }
    for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, stop)
    // Started by another process that went away: nobody is left to stop us.
    process.on('disconnect', () => stop('disconnect'))
    process.on('unhandledRejection', (error) => {
      log.fatal({ err: error }, 'a promise failed with nobody to hear it')
      process.exit(1)
    })
  })
}
