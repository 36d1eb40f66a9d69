import { fork } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { Agent, request } from 'node:http'
import { availableParallelism, cpus, loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { Worker } from 'node:worker_threads'
import { migrateUp } from '../server/database/migrate.ts'
import { openDatabase } from '../server/database/open.ts'
import { createSystemClock } from '../server/platform/clock.ts'
import { createLog } from '../server/platform/log.ts'
import type { HoldLoad } from './hold-load.ts'
import type { LoadResult } from './load.ts'
import { Readers } from './readers.ts'
import type { AskedAt } from './readers.ts'
import { makeShowtimes, pairs } from './stage.ts'

/*
 * Thousands of readers of live seats on one process: how late each change reaches each of them, what a reader costs in
 * memory, and what becomes of holds meanwhile. Server, readers and buyers share the machine: two cores are too few for 10,000
 * readers of one showtime and a full load of holds.
 * `npm run bench -- listeners --listeners 10000 --watched 1 --changes 50 --seconds 8`
 */
const { values } = parseArgs({
  args: process.argv.slice(2).filter((word) => word !== 'listeners'),
  options: {
    listeners: { type: 'string', default: '10000' },
    watched: { type: 'string', default: '1' },
    changes: { type: 'string', default: '50' },
    seconds: { type: 'string', default: '6' },
    connections: { type: 'string', default: '32' },
    port: { type: 'string', default: '8295' },
  },
})
const count = Number(values.listeners)
const watchedCount = Number(values.watched)
const perSecond = Number(values.changes)
const seconds = Number(values.seconds)
const port = Number(values.port)
const folder = mkdtempSync(join(tmpdir(), 'matinee-listeners-'))
const [watched, sold] = await prepare()
const server = await startServer()
const buyers = new Worker(join(import.meta.dirname, 'hold-load.ts'))
const readers = new Readers(port)
const agent = new Agent({ keepAlive: true, maxSockets: 8 })
try {
  await measure()
} finally {
  readers.close()
  server.kill('SIGKILL')
  await buyers.terminate()
  rmSync(folder, { recursive: true, force: true })
}

async function prepare(): Promise<[watched: string[], sold: string[]]> {
  const clock = createSystemClock()
  const database = openDatabase({ engine: 'sqlite', path: join(folder, 'bench.db') }, clock, createLog('silent'))
  await migrateUp(database)
  const made = await makeShowtimes(database, watchedCount + 1200, clock.now())
  await database.close()
  return [made.slice(0, watchedCount), made.slice(watchedCount)]
}

async function startServer() {
  const child = fork(join(import.meta.dirname, 'server.ts'), {
    env: {
      ...process.env,
      DATABASE_URL: `sqlite:${join(folder, 'bench.db')}`,
      PORT: String(port),
      RATE_LIMIT: 'off',
      MAX_HOLDS_PER_CLIENT: '0',
      SEED_DEMO: 'off',
      SECRET: 'a secret for a benchmark and nothing else',
      LOG_LEVEL: 'warn',
      HOLD_SECONDS: '3600',
    },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  await new Promise((resolve, reject) => {
    child.once('message', resolve)
    child.once('exit', reject)
  })
  return child
}

/** Megabytes that the server really has in memory. */
function residentMegabytes(): number {
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${server.pid}/status`, 'utf8'))?.[1]) / 1024
}

/** Seconds of processor that the server has used. */
function processorSeconds(): number {
  const fields = readFileSync(`/proc/${server.pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? []
  return (Number(fields[11]) + Number(fields[12])) / 100
}

async function holdsPerSecond(): Promise<LoadResult> {
  const load: HoldLoad = { port, connections: Number(values.connections), seconds, showtimes: sold }
  buyers.postMessage(load)
  return await new Promise((resolve) => buyers.once('message', resolve))
}

async function send(method: string, path: string, body: string, token = ''): Promise<Record<string, string>> {
  return await new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/json', ...(token !== '' && { 'x-access-token': token }) }
    const sent = request({ port, host: '127.0.0.1', method, path: `/api/v1${path}`, agent, headers }, (answer) => {
      let text = ''
      answer.on('data', (chunk) => (text += chunk))
      answer.on('end', () => resolve(text === '' ? {} : JSON.parse(text)))
    })
    sent.on('error', reject)
    sent.end(method === 'DELETE' ? undefined : body)
  })
}

interface WatchedShowtime {
  readonly id: string
  readonly askedAt: AskedAt
  version: number
  hold: { readonly id: string; readonly token: string } | null
}

/** Holds two seats of a showtime, and the next time gives them back: each is one change. */
async function change(showtime: WatchedShowtime): Promise<void> {
  showtime.version += 1
  showtime.askedAt.set(showtime.version, performance.now())
  const { hold } = showtime
  if (hold) {
    await send('DELETE', `/holds/${hold.id}`, '', hold.token)
    showtime.hold = null
    return
  }
  const made = await send('POST', `/showtimes/${showtime.id}/holds`, JSON.stringify({ seats: pairs[0] }))
  showtime.hold = { id: made['id'] ?? '', token: made['token'] ?? '' }
}

/** So many changes a second, one showtime after the other. */
async function keepChanging(showtimes: readonly WatchedShowtime[], until: number): Promise<number> {
  const beganAt = performance.now()
  let made = 0
  for (; performance.now() < until; made += 1) {
    const showtime = showtimes[made % showtimes.length]
    if (showtime) await change(showtime)
    await wait(Math.max(0, beganAt + ((made + 1) * 1000) / perSecond - performance.now()))
  }
  return made
}

async function measure(): Promise<void> {
  const alone = [await holdsPerSecond(), await holdsPerSecond()].map((load) => load.perSecond)
  const before = residentMegabytes()
  const showtimes = watched.map((id): WatchedShowtime => ({ id, askedAt: new Map(), version: 0, hold: null }))
  for (let made = 0; made < count; made += 250) {
    await Promise.all(
      Array.from({ length: Math.min(250, count - made) }, async (_reader, index) => {
        const showtime = showtimes[(made + index) % showtimes.length]
        if (showtime) showtime.version = await readers.add(showtime.id, showtime.askedAt)
      }),
    )
  }
  await wait(500)
  const kilobytes = ((residentMegabytes() - before) * 1024) / count
  const quiet = await during(showtimes, () => wait(seconds * 1000, null))
  const busy = await during(showtimes, holdsPerSecond)
  readers.close()
  await wait(1000)
  alone.push((await holdsPerSecond()).perSecond)
  const base = alone.toSorted((one, other) => one - other)[1] ?? 0
  const ratio = Math.round(((busy.result?.perSecond ?? 0) / base) * 100) / 100
  report({
    quiet: quiet.told,
    busy: busy.told,
    kilobytesPerReader: Math.round(kilobytes * 10) / 10,
    holdsAlone: Math.round(base),
    holdsMeanwhile: Math.round(busy.result?.perSecond ?? 0),
    ratio,
  })
}

async function during<Result>(showtimes: readonly WatchedShowtime[], act: () => Promise<Result>) {
  readers.take()
  const processorBefore = processorSeconds()
  const beganAt = performance.now()
  const [made, result] = await Promise.all([keepChanging(showtimes, beganAt + seconds * 1000), act()])
  const tookSeconds = (performance.now() - beganAt) / 1000
  await wait(1500)
  const heard = readers.take()
  const expected = (made * count) / showtimes.length
  const told = {
    changesPerSecond: Math.round(made / tookSeconds),
    reachedShare: Math.round((heard.heard / expected) * 1000) / 1000,
    ...heard,
    serverProcessorShare: Math.round(((processorSeconds() - processorBefore) / tookSeconds) * 100) / 100,
    loadAverage: loadavg()[0],
  }
  return { told, result }
}

function report(numbers: object): void {
  const machine = { cores: availableParallelism(), processor: cpus()[0]?.model, node: process.version }
  const all = { machine, listeners: count, watched: watchedCount, connections: Number(values.connections), ...numbers }
  console.log(JSON.stringify(all, null, 2))
  mkdirSync(join(import.meta.dirname, 'results'), { recursive: true })
  const name = `${new Date().toISOString().slice(0, 16).replaceAll(':', '')}-listeners.json`
  writeFileSync(join(import.meta.dirname, 'results', name), `${JSON.stringify(all, null, 2)}\n`)
}
