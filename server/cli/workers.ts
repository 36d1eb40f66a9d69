import cluster from 'node:cluster'
import type { Worker } from 'node:cluster'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { sql } from 'kysely'
import type { Config } from '../config.ts'
import type { Database } from '../database/database.ts'
import { connectionsPerServer } from '../database/postgres.ts'
import { createLog } from '../platform/log.ts'
import type { Log } from '../platform/log.ts'
import { CannotStart, openHouse, startServer, untilSignal } from './serve.ts'

/** Set for each worker: which of them it is, from 1 on. A restarted one keeps its place. */
const placeVariable = 'MATINEE_WORKER'
/** A worker that dies soon after it opened is not begun again at once: 250 ms, 500 ms, … up to this. */
const longestPauseMs = 30_000
const firstPauseMs = 250
/** Whoever was open for so long has done nothing wrong: the pauses begin anew. */
const soundAfterMs = 60_000
/** A worker has its own deadline, a little shorter. */
const drainDeadlineMs = 9_500
/** Left to whoever else connects: backups, `psql`, the connections that PostgreSQL keeps for its administrator. */
const connectionsForOthers = 10

/** What a worker says to the process that started it. */
type Word = { readonly open: string } | { readonly cannotStart: string }

/** Which worker this process is; null when it is none. */
export function workerPlace(variables: Readonly<Record<string, string | undefined>>): number | null {
  return cluster.isWorker ? Number(variables[placeVariable] ?? 0) : null
}

/**
 * Serves with several processes on one port: this one starts them, begins those anew that die, and hands signals on. The
 * database is migrated once, before the first. Throws `CannotStart`. Answers the exit code.
 */
export async function serveWithWorkers(config: Config): Promise<number> {
  const { workers, database: location } = config
  if (location.engine === 'sqlite') {
    throw new CannotStart('A SQLite file has one server: several workers need PostgreSQL (DATABASE_URL=postgres://…).')
  }
  const log = createLog(config.logLevel)
  const { database } = await openHouse(config, log)
  try {
    await judgeConnections(database, workers)
  } finally {
    await database.close()
  }
  const crew = new Crew(config, log)
  const url = await crew.start(workers)
  const ended = untilSignal(log, () => crew.stop(), crew.kill)
  log.info({ url, engine: location.engine, workers }, 'Matinee is open')
  return await ended
}

/** Refuses more workers than the database has connections for: the last ones would fail under load, not at the start. */
async function judgeConnections(database: Database, workers: number): Promise<void> {
  const { rows } = await sql<{ most: string }>`SELECT current_setting('max_connections') AS most`.execute(database.read)
  const most = Number(rows[0]?.most)
  const needed = workers * connectionsPerServer + connectionsForOthers
  if (needed <= most) return
  const possible = Math.max(1, Math.floor((most - connectionsForOthers) / connectionsPerServer))
  throw new CannotStart(
    `${workers} workers need ${needed} connections and PostgreSQL allows ${most}: raise max_connections, or take ${possible}.`,
  )
}

interface Member {
  readonly worker: Worker
  /** Milliseconds, monotonic; null until it is open. */
  openedAt: number | null
}

/** The workers of this process. */
class Crew {
  readonly #config: Config
  readonly #log: Log
  readonly #members = new Map<number, Member>()
  readonly #failures = new Map<number, number>()
  #stopping = false

  constructor(config: Config, log: Log) {
    this.#config = config
    this.#log = log
    // They take connections from one queue themselves: those that this process has handed to a worker which dies before it
    // took them would hang for ever.
    cluster.schedulingPolicy = cluster.SCHED_NONE
    cluster.setupPrimary({ exec: join(import.meta.dirname, '..', 'main.ts'), args: ['serve'] })
  }

  /** Answers where they are, once all are open. Throws `CannotStart` with the first one's reason, and ends the others. */
  async start(count: number): Promise<string> {
    const first = Array.from({ length: count }, (_member, index) => this.#begin(index + 1))
    try {
      const [url = ''] = await Promise.all(first)
      return url
    } catch (error) {
      this.kill()
      throw error
    }
  }

  /** All of them finish what they have begun; whoever does not in time is ended. */
  async stop(): Promise<void> {
    this.#stopping = true
    const members = [...this.#members.values()]
    const gone = Promise.all(members.map(({ worker }) => hasEnded(worker)))
    for (const { worker } of members) worker.process.kill('SIGTERM')
    await Promise.race([gone, wait(drainDeadlineMs, undefined, { ref: false })])
    this.kill()
  }

  readonly kill = (): void => {
    this.#stopping = true
    for (const { worker } of this.#members.values()) worker.process.kill('SIGKILL')
  }

  /** Starts the worker of a place; answers its URL when it is open. */
  async #begin(place: number): Promise<string> {
    const { port, host } = this.#config
    const worker = cluster.fork({ [placeVariable]: String(place), PORT: String(port), HOST: host, WORKERS: '1' })
    const member: Member = { worker, openedAt: null }
    this.#members.set(place, member)
    return await new Promise((resolve, reject) => {
      worker.on('message', (word: Word) => {
        if ('cannotStart' in word) return reject(new CannotStart(word.cannotStart))
        member.openedAt = performance.now()
        return resolve(word.open)
      })
      worker.once('exit', (code, signal) => {
        this.#members.delete(place)
        if (member.openedAt === null) reject(new CannotStart(`A worker ended before it was open (${signal ?? code}).`))
        if (!this.#stopping) this.#beginAgain(place, member, signal ?? code)
      })
    })
  }

  /** A worker is gone that nobody told to go, or that somebody told to: its place is filled again. */
  #beginAgain(place: number, { openedAt }: Member, reason: string | number): void {
    const wasSound = openedAt !== null && performance.now() - openedAt > soundAfterMs
    const failures = wasSound || reason === 0 ? 0 : (this.#failures.get(place) ?? 0)
    this.#failures.set(place, failures + 1)
    const pauseMs = Math.min(longestPauseMs, firstPauseMs * 2 ** Math.min(failures, 10))
    this.#log.warn({ worker: place, reason, pauseMs }, 'a worker ended; it is begun again')
    setTimeout(() => {
      if (this.#stopping) return
      this.#begin(place).catch((error: unknown) => this.#log.error({ worker: place, err: error }, 'a worker failed'))
    }, pauseMs)
  }
}

async function hasEnded(worker: Worker): Promise<void> {
  if (!worker.isDead()) await new Promise((resolve) => worker.once('exit', resolve))
}

/** Serves as one of several until SIGTERM, from whoever started it or from an operator. Answers the exit code. */
export async function serveAsWorker(config: Config, place: number): Promise<number> {
  const log = createLog(config.logLevel).child({ worker: place })
  // Ctrl-C reaches every process of a terminal: whoever started this one passes it on.
  for (const signal of ['SIGINT', 'SIGHUP'] as const) process.on(signal, () => undefined)
  try {
    const server = await startServer(config, log)
    const ended = untilSignal(log, () => server.stop(), undefined, ['SIGTERM'])
    log.info({ pid: process.pid }, 'a worker is open')
    await say({ open: server.url })
    return await ended
  } catch (error) {
    if (!(error instanceof CannotStart)) throw error
    await say({ cannotStart: error.message })
    return 1
  }
}

function say(word: Word): Promise<void> {
  return new Promise((resolve) => process.send?.(word, () => resolve()))
}
