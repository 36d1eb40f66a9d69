import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { must } from '../server/platform/assert.ts'
import { startPostgresServer } from '../server/testing/postgres-server.ts'
import { runLoad } from './load.ts'
import type { LoadResult } from './load.ts'
import { during, keep, median, prepareStage, startMeasured } from './measured.ts'
import { workOn } from './work.ts'

/*
 * Whether size costs anything: the same requests to two servers, one with 1,000 bookings in its database and one with a
 * million over 50,000 showtimes, A B B A … in one run. `npm run bench -- flat --engine sqlite|postgres --bookings 1000000`.
 */
const { values } = parseArgs({
  args: process.argv.slice(3),
  options: {
    engine: { type: 'string', default: 'sqlite' },
    seconds: { type: 'string', default: '1' },
    rounds: { type: 'string', default: '7' },
    connections: { type: 'string', default: '64' },
    port: { type: 'string', default: '8990' },
    bookings: { type: 'string', default: '1000000' },
    season: { type: 'string', default: '50000' },
  },
})
const seconds = Number(values.seconds)
const rounds = Number(values.rounds)
const connections = Number(values.connections)
const large = { bookings: Number(values.bookings), season: Number(values.season), showtimes: 1500 }
const small = { bookings: 1000, season: 50, showtimes: 1500 }

const folder = mkdtempSync(join(tmpdir(), 'matinee-bench-'))
const closing: (() => Promise<void>)[] = []
try {
  const sides = [await open('small', small, Number(values.port)), await open('large', large, Number(values.port) + 1)]
  for (const { port, work } of sides) {
    for (const next of Object.values(work)) await runLoad(port, connections, during(seconds, next))
  }
  const names = Object.keys(sides[0]?.work ?? {})
  const results = sides.map(() => new Map<string, LoadResult[]>(names.map((name) => [name, []])))
  for (let round = 0; round < rounds; round += 1) {
    for (const name of names) {
      const halves: LoadResult[][] = sides.map(() => [])
      // Who comes first pays for what the work before has left to do: each is first once.
      for (const side of [0, 1, 1, 0]) {
        const { port, work } = must(sides[side], 'There are two')
        halves[side]?.push(await runLoad(port, connections, during(seconds / 2, work[name] ?? (() => null))))
      }
      for (const [side, both] of halves.entries()) results[side]?.get(name)?.push(together(both))
    }
  }
  const lines = names.map((name) => {
    const [one, other] = results.map((result) => result.get(name) ?? [])
    const ratios = other?.map(({ perSecond }, at) => perSecond / (one?.[at]?.perSecond ?? 1)) ?? []
    return {
      work: name,
      small: Math.round(median(one?.map(({ perSecond }) => perSecond) ?? [])),
      large: Math.round(median(other?.map(({ perSecond }) => perSecond) ?? [])),
      ratio: Math.round(median(ratios) * 100) / 100,
      // Of the rounds: how far one of them may be off.
      from: Math.round(Math.min(...ratios) * 100) / 100,
      to: Math.round(Math.max(...ratios) * 100) / 100,
      p99Small: Math.round(median(one?.map(({ p99 }) => p99) ?? []) * 10) / 10,
      p99Large: Math.round(median(other?.map(({ p99 }) => p99) ?? []) * 10) / 10,
      statuses: JSON.stringify(other?.at(-1)?.statuses),
    }
  })
  const starts = sides.map(({ startMs, restMiB }) => ({ startMs, restMiB }))
  console.table(lines)
  console.table(starts)
  keep(values.engine, { small, large, connections, rounds, seconds, starts, lines }, 'flat-')
} finally {
  for (const close of closing.toReversed()) await close()
  rmSync(folder, { recursive: true, force: true })
}

async function open(name: string, beside: typeof small, port: number) {
  const url = values.engine === 'sqlite' ? `sqlite:${join(folder, `${name}.db`)}` : await ownPostgres()
  const stage = await prepareStage(url, beside)
  const server = await startMeasured(url, port)
  closing.push(server.stop)
  return { ...server, port, work: workOn(stage) }
}

/** Two runs of the same work as one. */
function together(runs: readonly LoadResult[]): LoadResult {
  const requests = runs.reduce((sum, run) => sum + run.requests, 0)
  const time = runs.reduce((sum, run) => sum + run.seconds, 0)
  const mean = (of: (run: LoadResult) => number) => runs.reduce((sum, run) => sum + of(run), 0) / runs.length
  return {
    requests,
    seconds: time,
    perSecond: requests / time,
    p50: mean(({ p50 }) => p50),
    p99: mean(({ p99 }) => p99),
    statuses: runs.at(-1)?.statuses ?? {},
  }
}

/** A PostgreSQL of its own that waits for its disk, so that neither side has the other's cache. */
async function ownPostgres(): Promise<string> {
  const postgres = await startPostgresServer(tmpdir(), { fsync: 'on', full_page_writes: 'on' })
  closing.push(() => postgres.stop())
  return postgres.url
}
