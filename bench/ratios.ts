import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { startPostgresServer } from '../server/testing/postgres-server.ts'
import { loopLateness } from '../storm/overload.ts'
import { runLoad, shot } from './load.ts'
import type { LoadResult } from './load.ts'
import { during, keep, median, prepareStage, startMeasured } from './measured.ts'
import { singleStatementHolds } from './pgbench.ts'
import { pairs } from './stage.ts'
import { workOn } from './work.ts'

/*
 * Ratios taken within one run, A B A B …: what a route that does nothing answers, and what the ledger answers, on the same
 * server, machine and minute. `npm run bench -- --engine sqlite|postgres --seconds 3 --rounds 5 --connections 64`, and with
 * `--bookings 1000000` beside a season of so many.
 */
const { values } = parseArgs({
  args: process.argv.slice(2).filter((word) => word !== 'ratios'),
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
const { showtimes, wide } = await prepareStage(url, {
  bookings: Number(values.bookings),
  season: Number(values.season),
  showtimes: Number(values.showtimes),
})
const server = await startMeasured(url, port)
const { startMs, restMiB } = server
try {
  await measure()
} finally {
  await server.stop()
  await postgres?.stop()
  rmSync(folder, { recursive: true, force: true })
}

async function measure(): Promise<void> {
  const routes = workOn({ showtimes, wide })
  const results = new Map<string, LoadResult[]>(Object.keys(routes).map((name) => [name, []]))
  const late = new Map<string, number[][]>(Object.keys(routes).map((name) => [name, []]))
  for (const next of Object.values(routes)) await runLoad(port, connections, during(seconds, next))
  for (let round = 0; round < rounds; round += 1) {
    for (const [name, next] of Object.entries(routes)) {
      await loopLateness(`http://127.0.0.1:${port}`)
      results.get(name)?.push(await runLoad(port, connections, during(seconds, next)))
      late.get(name)?.push(await loopLateness(`http://127.0.0.1:${port}`))
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
  report(results, late, median(rushes.map(([together, apart]) => together / apart)), single)
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

function report(
  results: ReadonlyMap<string, readonly LoadResult[]>,
  late: ReadonlyMap<string, readonly (readonly number[])[]>,
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
      // How late the server's event loop was: of each round the median, the 99th of a hundred and the worst; medians of those.
      loopLateMs: [0, 1, 2].map((at) => median((late.get(name) ?? []).map((round) => round[at] ?? 0))),
      statuses: runs.at(-1)?.statuses,
    }
  })
  console.table(
    lines.map(({ statuses, loopLateMs, ...line }) => ({
      ...line,
      loopLateMs: loopLateMs.join(' / '),
      statuses: JSON.stringify(statuses),
    })),
  )
  console.log(`1,000 clients for one hall of 200 seats: ${rushRatio.toFixed(2)} × the time of as many who do not meet`)
  const pgbench = single.length > 0 ? Math.round(median(single)) : null
  if (pgbench !== null) console.log(`A hold as a single statement, by pgbench: ${pgbench} a second`)
  console.log(`Open ${startMs} ms after its process was started, with ${restMiB} MiB at rest`)
  keep(values.engine, {
    bookings: Number(values.bookings),
    connections,
    rounds,
    seconds,
    startMs,
    restMiB,
    lines,
    rushRatio,
    pgbench,
  })
}
