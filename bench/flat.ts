import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { startPostgresServer } from '../server/testing/postgres-server.ts'
import { runLoad } from './load.ts'
import type { LoadResult } from './load.ts'
import { during, keep, median, prepareStage, startMeasured } from './measured.ts'
import { workOn } from './work.ts'

/*
 * Whether size costs anything: the same requests to two servers, one with 1,000 bookings in its database and one with a
 * million over 50,000 showtimes, A B A B … in one run. `npm run bench -- flat --engine sqlite|postgres --bookings 1000000`.
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
      for (const [side, { port, work }] of sides.entries()) {
        const result = await runLoad(port, connections, during(seconds, work[name] ?? (() => null)))
        results[side]?.get(name)?.push(result)
      }
    }
  }
  const lines = names.map((name) => {
    const [one, other] = results.map((result) => result.get(name) ?? [])
    return {
      work: name,
      small: Math.round(median(one?.map(({ perSecond }) => perSecond) ?? [])),
      large: Math.round(median(other?.map(({ perSecond }) => perSecond) ?? [])),
      ratio:
        Math.round(median(other?.map(({ perSecond }, at) => perSecond / (one?.[at]?.perSecond ?? 1)) ?? []) * 100) /
        100,
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

/** A PostgreSQL of its own that waits for its disk, so that neither side has the other's cache. */
async function ownPostgres(): Promise<string> {
  const postgres = await startPostgresServer(tmpdir(), { fsync: 'on', full_page_writes: 'on' })
  closing.push(() => postgres.stop())
  return postgres.url
}
