import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { startPostgresServer } from '../server/testing/postgres-server.ts'
import { runLoad } from './load.ts'
import type { Shot } from './load.ts'
import { median, prepareStage, startMeasured } from './measured.ts'
import { workOn } from './work.ts'

/*
 * What a request costs: µs of processor by thread of the server, of the client and of PostgreSQL. It depends far less than a rate on what
 * else the machine does. `npm run bench -- cost --engine sqlite|postgres --rounds 5 --requests 8000`, on Linux alone.
 */
const { values } = parseArgs({
  args: process.argv.slice(3),
  options: {
    engine: { type: 'string', default: 'sqlite' },
    rounds: { type: 'string', default: '5' },
    requests: { type: 'string', default: '8000' },
    connections: { type: 'string', default: '64' },
    port: { type: 'string', default: '8990' },
  },
})
const measured = ['do nothing (POST)', 'POST hold, two seats', 'hold, booking, paid (each request)']
const requestsOf = (name: string) => (name === measured[2] ? 4 : 1)

/** µs of processor so far, by who has used it. */
type Costs = Readonly<Record<string, number>>

const folder = mkdtempSync(join(tmpdir(), 'matinee-bench-'))
const postgres =
  values.engine === 'postgres' ? await startPostgresServer(tmpdir(), { fsync: 'on', full_page_writes: 'on' }) : null
const url = postgres?.url ?? `sqlite:${join(folder, 'bench.db')}`
const work = workOn(await prepareStage(url, { bookings: 0, season: 0, showtimes: 1500 }))
const server = await startMeasured(url, Number(values.port))
try {
  const rounds = new Map<string, Costs[]>(measured.map((name) => [name, []]))
  for (const name of measured) await costOf(name)
  for (let round = 0; round < Number(values.rounds); round += 1) {
    for (const name of measured) rounds.get(name)?.push(await costOf(name))
  }
  console.table(Object.fromEntries([...rounds].map(([name, costs]) => [name, medians(costs)])))
  console.log(`Load: ${readFileSync('/proc/loadavg', 'utf8').trim()}`)
} finally {
  await server.stop()
  await postgres?.stop()
  rmSync(folder, { recursive: true, force: true })
}

/** µs for each request of one kind. */
async function costOf(name: string): Promise<Costs> {
  let left = Number(values.requests) / requestsOf(name)
  const next = (): Shot | null => (left-- > 0 ? (work[name]?.() ?? null) : null)
  const before = readCosts()
  const { requests } = await runLoad(Number(values.port), Number(values.connections), next)
  const used = Object.entries(readCosts()).map(([who, cost]) => [who, (cost - (before[who] ?? 0)) / requests] as const)
  return { ...Object.fromEntries(used), together: used.reduce((sum, [, cost]) => sum + cost, 0) }
}

function readCosts(): Costs {
  const { user, system } = process.cpuUsage()
  const costs: Record<string, number> = { client: user + system }
  const add = (who: string, cost: number) => (costs[who] = (costs[who] ?? 0) + cost)
  for (const thread of readdirSync(`/proc/${server.pid}/task`)) {
    const path = `/proc/${server.pid}/task/${thread}`
    const name = thread === String(server.pid) ? 'event loop' : readFileSync(`${path}/comm`, 'utf8').trim()
    add(name, usedBy(path))
  }
  if (postgres) {
    const [main = ''] = readFileSync(join(postgres.folder, 'postmaster.pid'), 'utf8').split('\n')
    for (const process of readdirSync('/proc').filter((entry) => isPartOf(entry, main))) {
      add('PostgreSQL', usedBy(`/proc/${process}`))
    }
  }
  return costs
}

function usedBy(path: string): number {
  try {
    return Number(readFileSync(`${path}/schedstat`, 'utf8').split(' ', 1)[0]) / 1000
  } catch {
    // It has ended meanwhile.
    return 0
  }
}

/** Whether an entry of `/proc` is PostgreSQL's main process or one that it has begun. */
function isPartOf(entry: string, main: string): boolean {
  if (entry === main) return true
  try {
    return /^\d+$/.test(entry) && readFileSync(`/proc/${entry}/stat`, 'utf8').split(') ', 2)[1]?.split(' ')[1] === main
  } catch {
    // It has ended meanwhile.
    return false
  }
}

function medians(costs: readonly Costs[]): Costs {
  const names = [...new Set(costs.flatMap((cost) => Object.keys(cost)))]
  const all = names.map((name) => [name, Math.round(median(costs.map((cost) => cost[name] ?? 0)) * 10) / 10] as const)
  return Object.fromEntries(all.filter(([, cost]) => cost >= 0.5))
}
