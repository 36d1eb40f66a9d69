import { fork } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { availableParallelism, cpus, tmpdir, totalmem } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { migrateUp } from '../server/database/migrate.ts'
import { openDatabase, parseDatabaseUrl } from '../server/database/open.ts'
import { createSystemClock } from '../server/platform/clock.ts'
import { createLog } from '../server/platform/log.ts'
import { startPostgresServer } from '../server/testing/postgres-server.ts'
import { runLoad, shot } from './load.ts'
import type { LoadResult, Shot } from './load.ts'
import { prepareSeason } from './generate.ts'
import { singleStatementHolds } from './pgbench.ts'
import { hallOf, makeShowtimes, pairs } from './stage.ts'

if (process.argv[2] === 'reports') {
  await import('./reports.ts')
  process.exit()
}
if (process.argv[2] === 'overload') {
  await import('./overload.ts')
  process.exit()
}
if (process.argv[2] === 'listeners') {
  await import('./listeners.ts')
  process.exit()
}

/*
 * Ratios taken within one run, A B A B …: what a route that does nothing answers, and what the ledger answers, on the same
 * server, machine and minute. `npm run bench -- --engine sqlite|postgres --seconds 3 --rounds 5 --connections 64`, and with
 * `--bookings 1000000` beside a season of so many.
 */
const { values } = parseArgs({
  options: {
    engine: { type: 'string', default: 'sqlite' },
    seconds: { type: 'string', default: '2' },
    rounds: { type: 'string', default: '5' },
    connections: { type: 'string', default: '64' },
    showtimes: { type: 'string', default: '1500' },
    port: { type: 'string', default: '8990' },
    bookings: { type: 'string', default: '0' },
    season: { type: 'string', default: '50000' },
  },
})
const seconds = Number(values.seconds)
const rounds = Number(values.rounds)
const connections = Number(values.connections)
const port = Number(values.port)

const folder = mkdtempSync(join(tmpdir(), 'matinee-bench-'))
const postgres =
  values.engine === 'postgres' && !process.env['BENCH_DATABASE_URL']
    ? await startPostgresServer(tmpdir(), { fsync: 'on', full_page_writes: 'on' })
    : null
const url =
  values.engine === 'sqlite'
    ? `sqlite:${join(folder, 'bench.db')}`
    : (process.env['BENCH_DATABASE_URL'] ?? postgres?.url ?? '')
const wideHall = hallOf(40, 50)
const { showtimes, wide } = await prepare()
const startedAt = performance.now()
const server = await startServer()
const startMs = Math.round(performance.now() - startedAt)
const restMiB = await residentMiB()
try {
  await measure()
} finally {
  server.kill('SIGTERM')
  await new Promise((resolve) => server.once('exit', resolve))
  await postgres?.stop()
  rmSync(folder, { recursive: true, force: true })
}

async function prepare(): Promise<{ readonly showtimes: string[]; readonly wide: string[] }> {
  const location = parseDatabaseUrl(url)
  if (!location) throw new Error('There is no such database')
  const clock = createSystemClock()
  const database = openDatabase(location, clock, createLog('silent'))
  await migrateUp(database)
  const bookings = Number(values.bookings)
  if (bookings > 0)
    console.table([await prepareSeason(database, clock.now(), { bookings, showtimes: Number(values.season) })])
  const made = await makeShowtimes(database, Number(values.showtimes), clock.now())
  const madeWide = await makeShowtimes(database, 200, clock.now(), wideHall)
  await database.close()
  return { showtimes: made, wide: madeWide }
}

async function startServer() {
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
  return child
}

/** What the server has taken when nobody has asked for anything yet. */
async function residentMiB(): Promise<number> {
  await wait(3000)
  const answer = new Promise<number>((resolve) => server.once('message', resolve))
  server.send('memory')
  return Math.round(await answer)
}

/** Shots until the time is over. */
function during(next: () => Shot | null): () => Shot | null {
  const until = performance.now() + seconds * 1000
  return () => (performance.now() < until ? next() : null)
}

async function measure(): Promise<void> {
  let sold = 0
  let soldWide = 0
  const nextHold = () => {
    const showtime = showtimes[sold % showtimes.length]
    const pair = pairs[Math.floor(sold / showtimes.length)]
    sold += 1
    return showtime !== undefined && pair ? { showtime, pair } : null
  }
  const noop = shot('POST', `/api/v1/noop/${showtimes[0]}`, { seats: ['A1', 'A2'] })
  const routes: Record<string, () => Shot | null> = {
    'do nothing (POST)': () => noop,
    'POST hold, two seats': () => {
      const hold = nextHold()
      return hold && shot('POST', `/api/v1/showtimes/${hold.showtime}/holds`, { seats: hold.pair })
    },
    'hold, booking, paid (each request)': () => {
      const hold = nextHold()
      return hold && purchase(hold.showtime, hold.pair)
    },
    'constant bytes (GET)': () => shot('GET', `/api/v1/constant/${showtimes[0]}`),
    'GET seat map, 200 seats': () =>
      shot('GET', `/api/v1/showtimes/${showtimes[Math.floor(Math.random() * 20)]}/seats`),
    'GET availability': () =>
      shot('GET', `/api/v1/showtimes/${showtimes[Math.floor(Math.random() * 20)]}/availability`),
    'POST hold, in 2,000 seats': () => {
      const pair = wideHall.pairs[Math.floor(soldWide / wide.length)]
      soldWide += 1
      return pair ? shot('POST', `/api/v1/showtimes/${wide[soldWide % wide.length]}/holds`, { seats: pair }) : null
    },
    'GET availability, 2,000 seats': () =>
      shot('GET', `/api/v1/showtimes/${wide[Math.floor(Math.random() * 20)]}/availability`),
  }
  const results = new Map<string, LoadResult[]>(Object.keys(routes).map((name) => [name, []]))
  for (const next of Object.values(routes)) await runLoad(port, connections, during(next))
  for (let round = 0; round < rounds; round += 1) {
    for (const [name, next] of Object.entries(routes)) {
      results.get(name)?.push(await runLoad(port, connections, during(next)))
    }
  }
  const single: number[] = []
  if (values.engine === 'postgres') {
    for (let round = 0; round < rounds; round += 1) {
      const rate = await singleStatementHolds(url, showtimes, { folder, connections, seconds })
      if (rate !== null) single.push(rate)
    }
  }
  const rushes: (readonly [number, number])[] = []
  for (let round = 0; round < rounds; round += 1) {
    // Halls that nobody has used so far.
    rushes.push(await rush(showtimes.at(-1 - round) ?? '', showtimes.slice(-1500, -10), 1000))
  }
  report(results, median(rushes.map(([together, apart]) => together / apart)), single)
}

/** A guest buys two seats: hold, booking, payment, confirmation. */
function purchase(showtime: string, pair: readonly [string, string]): Shot {
  return shot('POST', `/api/v1/showtimes/${showtime}/holds`, { seats: pair }, {}, (held) => {
    const hold: { id?: string; token?: string } = JSON.parse(held)
    const key = { 'X-Access-Token': hold.token ?? '' }
    const buyer = { holdId: hold.id, customer: { email: 'buyer@example.com', name: 'A Buyer' } }
    return shot('POST', '/api/v1/bookings', buyer, key, (booked) => {
      const booking: { id?: string } = JSON.parse(booked)
      return shot('POST', '/api/v1/payments', { bookingId: booking.id, provider: 'test' }, key, (begun) => {
        const payment: { id?: string } = JSON.parse(begun)
        return shot('POST', `/api/v1/payments/${payment.id}/confirm`, { outcome: 'succeed' }, key)
      })
    })
  })
}

/**
 * As many clients as there are, each for one pair of seats of one hall, against as many who each have a hall of their own:
 * what a rush costs beside the same work without one.
 */
async function rush(hall: string, others: readonly string[], clients: number): Promise<readonly [number, number]> {
  const run = async (showtimeOf: (index: number) => string | undefined) => {
    let index = 0
    const next = () => {
      if (index >= clients) return null
      index += 1
      return shot('POST', `/api/v1/showtimes/${showtimeOf(index)}/holds`, { seats: pairs[index % pairs.length] })
    }
    return (await runLoad(port, Math.min(clients, 250), next)).seconds
  }
  const apart = await run((index) => others[index % others.length])
  return [await run(() => hall), apart]
}

function median(numbers: readonly number[]): number {
  return numbers.toSorted((one, other) => one - other)[Math.floor(numbers.length / 2)] ?? 0
}

function report(
  results: ReadonlyMap<string, readonly LoadResult[]>,
  rushRatio: number,
  single: readonly number[],
): void {
  const base: Readonly<Record<string, string>> = {
    'POST hold, two seats': 'do nothing (POST)',
    'hold, booking, paid (each request)': 'do nothing (POST)',
    'GET seat map, 200 seats': 'constant bytes (GET)',
    'GET availability': 'constant bytes (GET)',
    'POST hold, in 2,000 seats': 'do nothing (POST)',
    'GET availability, 2,000 seats': 'constant bytes (GET)',
  }
  const rates = new Map([...results].map(([name, runs]) => [name, median(runs.map(({ perSecond }) => perSecond))]))
  const lines = [...results].map(([name, runs]) => {
    const other = base[name]
    const rate = rates.get(name) ?? 0
    return {
      work: name,
      perSecond: Math.round(rate),
      ratio: other === undefined ? null : Math.round((rate / (rates.get(other) ?? 1)) * 100) / 100,
      p50Ms: Math.round(median(runs.map(({ p50 }) => p50)) * 10) / 10,
      p99Ms: Math.round(median(runs.map(({ p99 }) => p99)) * 10) / 10,
      statuses: runs.at(-1)?.statuses,
    }
  })
  console.table(lines.map(({ statuses, ...line }) => ({ ...line, statuses: JSON.stringify(statuses) })))
  console.log(`1,000 clients for one hall of 200 seats: ${rushRatio.toFixed(2)} × the time of as many who do not meet`)
  const pgbench = single.length > 0 ? Math.round(median(single)) : null
  if (pgbench !== null) console.log(`A hold as a single statement, by pgbench: ${pgbench} a second`)
  console.log(`Open ${startMs} ms after its process was started, with ${restMiB} MiB at rest`)
  const machine = {
    cores: availableParallelism(),
    processor: cpus()[0]?.model,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    node: process.version,
  }
  const name = `${new Date().toISOString().slice(0, 16).replaceAll(':', '')}-${values.engine}.json`
  mkdirSync(join(import.meta.dirname, 'results'), { recursive: true })
  writeFileSync(
    join(import.meta.dirname, 'results', name),
    `${JSON.stringify({ machine, engine: values.engine, bookings: Number(values.bookings), connections, rounds, seconds, startMs, restMiB, lines, rushRatio, pgbench }, null, 2)}\n`,
  )
}
