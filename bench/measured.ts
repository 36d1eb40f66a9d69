import { fork } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { availableParallelism, cpus, totalmem } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { migrateUp } from '../server/database/migrate.ts'
import { openDatabase, parseDatabaseUrl } from '../server/database/open.ts'
import { createSystemClock } from '../server/platform/clock.ts'
import { must } from '../server/platform/assert.ts'
import { createLog } from '../server/platform/log.ts'
import { prepareSeason } from './generate.ts'
import type { Shot } from './load.ts'
import { makeShowtimes } from './stage.ts'
import { wideHall } from './work.ts'
import type { Stage } from './work.ts'

/** A server that is measured. */
export interface Measured {
  /** From the start of its process until it listened. */
  readonly startMs: number
  /** What it had taken when nobody had asked for anything yet. */
  readonly restMiB: number
  readonly pid: number
  stop(): Promise<void>
}

/** How much there is in the database beside what is measured. */
export interface Beside {
  readonly bookings: number
  /** Showtimes that those bookings are spread over. */
  readonly season: number
  /** Showtimes that are measured. */
  readonly showtimes: number
}

/** Fills an empty database: a season, where one is wanted, and showtimes that nobody has bought anything in. */
export async function prepareStage(url: string, { bookings, season, showtimes }: Beside): Promise<Stage> {
  const location = parseDatabaseUrl(url)
  if (!location) throw new Error('There is no such database')
  const clock = createSystemClock()
  const database = openDatabase(location, clock, createLog('silent'))
  await migrateUp(database)
  if (bookings > 0) console.table([await prepareSeason(database, clock.now(), { bookings, showtimes: season })])
  const made = await makeShowtimes(database, showtimes, clock.now())
  const wide = await makeShowtimes(database, 200, clock.now(), wideHall)
  await database.close()
  return { showtimes: made, wide }
}

/** Starts `bench/server.ts` on a port of 127.0.0.1, as in production but without limits, and with holds of an hour. */
export async function startMeasured(url: string, port: number): Promise<Measured> {
  const startedAt = performance.now()
  const child = fork(join(import.meta.dirname, 'server.ts'), {
    env: {
      ...process.env,
      DATABASE_URL: url,
      PORT: String(port),
      RATE_LIMIT: 'off',
      MAX_HOLDS_PER_CLIENT: '0',
      SEED_DEMO: 'off',
      SECRET: 'a secret for a benchmark and nothing else',
      LOG_LEVEL: 'info',
      HOLD_SECONDS: '3600',
    },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  await new Promise((resolve, reject) => {
    child.once('message', resolve)
    child.once('exit', reject)
  })
  const startMs = Math.round(performance.now() - startedAt)
  await wait(3000)
  const answer = new Promise<number>((resolve) => child.once('message', resolve))
  child.send('memory')
  const restMiB = Math.round(await answer)
  return {
    startMs,
    restMiB,
    pid: must(child.pid, 'It was started'),
    async stop() {
      child.kill('SIGTERM')
      await new Promise((resolve) => child.once('exit', resolve))
    },
  }
}

/** Shots until so many seconds are over. */
export function during(seconds: number, next: () => Shot | null): () => Shot | null {
  const until = performance.now() + seconds * 1000
  return () => (performance.now() < until ? next() : null)
}

export function median(numbers: readonly number[]): number {
  return numbers.toSorted((one, other) => one - other)[Math.floor(numbers.length / 2)] ?? 0
}

/** Keeps what was measured in `bench/results/`, with what the machine was. */
export function keep(engine: string, measured: object, kind = ''): void {
  const machine = {
    cores: availableParallelism(),
    processor: cpus()[0]?.model,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    node: process.version,
  }
  const moment = new Date().toISOString().slice(0, 16).replaceAll(':', '')
  const folder = join(import.meta.dirname, 'results')
  mkdirSync(folder, { recursive: true })
  writeFileSync(
    join(folder, `${moment}-${kind}${engine}.json`),
    `${JSON.stringify({ machine, engine, ...measured }, null, 2)}\n`,
  )
}
