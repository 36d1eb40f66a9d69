import { fork } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { availableParallelism, cpus, loadavg, tmpdir, totalmem } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { sql } from 'kysely'
import pg from 'pg'
import type { Database } from '../server/database/database.ts'
import { openDatabase, parseDatabaseUrl } from '../server/database/open.ts'
import { createSystemClock } from '../server/platform/clock.ts'
import { createLog } from '../server/platform/log.ts'
import { startPostgresServer } from '../server/testing/postgres-server.ts'
import { admin, prepareSeason } from './generate.ts'
import type { Prepared } from './generate.ts'
import { multiplyShowtimes } from './stage-rows.ts'
import type { Vitals } from './report-server.ts'

/*
 * Every report at a million bookings: how long it takes, what memory the server needs meanwhile, and for how long its event
 * loop answers nobody; and whether it agrees with the ledger. `npm run bench -- reports --engine sqlite|postgres
 * --bookings 1000000 --showtimes 50000 --rows 1000000 --port 8991`; wants a machine that does nothing else.
 */
const { values } = parseArgs({
  args: process.argv.slice(3),
  options: {
    engine: { type: 'string', default: 'sqlite' },
    bookings: { type: 'string', default: '1000000' },
    showtimes: { type: 'string', default: '50000' },
    rows: { type: 'string', default: '1000000' },
    port: { type: 'string', default: '8991' },
  },
})
const port = Number(values.port)
const base = `http://127.0.0.1:${port}/api/v1`

interface Asked {
  readonly report: string
  readonly ms: number
  readonly firstByteMs: number
  readonly kiB: number
  readonly residentMiB: number
  readonly blockedMs: number
  readonly busyMs: number
}

interface Total {
  readonly currency: string
  readonly gross: number
  readonly refunded: number
  readonly tickets: number
}

const folder = mkdtempSync(join(tmpdir(), 'matinee-reports-'))
const postgres = values.engine === 'postgres' ? await startPostgresServer() : null
const url = postgres?.url ?? `sqlite:${join(folder, 'bench.db')}`
try {
  await run()
} finally {
  await postgres?.stop()
  rmSync(folder, { recursive: true, force: true })
}

async function run(): Promise<void> {
  const location = parseDatabaseUrl(url)
  if (!location) throw new Error('There is no such database')
  const clock = createSystemClock()
  const database = openDatabase(location, clock, createLog('silent'))
  const wanted = { bookings: Number(values.bookings), showtimes: Number(values.showtimes) }
  const load = [loadavg()[0]]
  const prepared = await prepareSeason(database, clock.now(), wanted)
  console.table([prepared])
  if (postgres) await vacuum()
  const server = await startServer()
  const results: Asked[] = []
  const keep = (result: Asked) => {
    results.push(result)
    console.log(JSON.stringify(result))
  }
  try {
    keep(await idle(server))
    for (const path of questions(clock.now())) keep(await ask(server, path))
    await compare(database)
    const rows = await multiplyShowtimes(database, Number(values.rows))
    if (postgres) await vacuum()
    keep(await ask(server, `capacity?format=csv&basis=show`, ` (${rows} rows)`))
  } finally {
    server.kill('SIGTERM')
    await new Promise((resolve) => server.once('exit', resolve))
    await database.close()
  }
  load.push(loadavg()[0])
  write(prepared, results, load)
}

/** As its own housekeeping would have done by and by. */
async function vacuum(): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  await client.query('VACUUM ANALYZE')
  await client.end()
}

async function startServer(): Promise<ChildProcess> {
  const child = fork(join(import.meta.dirname, 'report-server.ts'), {
    env: {
      ...process.env,
      DATABASE_URL: url,
      PORT: String(port),
      RATE_LIMIT: 'off',
      SEED_DEMO: 'off',
      SECRET: 'a secret for a benchmark and nothing else',
      LOG_LEVEL: 'warn',
    },
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
  await new Promise((resolve, reject) => {
    child.once('message', resolve)
    child.once('exit', reject)
  })
  return child
}

async function signIn(): Promise<string> {
  const body = JSON.stringify({ email: admin.email, password: admin.password })
  const headers = { 'content-type': 'application/json' }
  const answer = await fetch(`${base}/auth/login`, { method: 'POST', headers, body })
  const signedIn: { accessToken: string } = await answer.json()
  return signedIn.accessToken
}

/** Everything, then a month, each by sale and by show; the whole also as a file. */
function questions(nowMs: number): string[] {
  const day = (before: number) => new Date(nowMs - before * 86_400_000).toISOString().slice(0, 10)
  const month = `&from=${day(45)}&to=${day(16)}`
  return ['revenue', 'capacity', 'popular-movies', 'film-returns'].flatMap((name) =>
    ['sale', 'show'].flatMap((basis) => [
      `${name}?basis=${basis}`,
      `${name}?basis=${basis}${month}`,
      `${name}?basis=${basis}&groupBy=day&format=csv`,
    ]),
  )
}

async function vitalsOf(server: ChildProcess): Promise<Vitals> {
  const answer = new Promise<Vitals>((resolve) => server.once('message', (vitals: Vitals) => resolve(vitals)))
  server.send('vitals')
  return await answer
}

/** What this machine does to an event loop that has nothing to do. */
async function idle(server: ChildProcess): Promise<Asked> {
  await vitalsOf(server)
  await wait(5000)
  const vitals = await vitalsOf(server)
  return asked('(nothing)', { ms: 5000, firstByteMs: 0, bytes: 0 }, vitals)
}

async function ask(server: ChildProcess, path: string, remark = ''): Promise<Asked> {
  const token = await signIn()
  await vitalsOf(server)
  const startedAt = performance.now()
  const headers = { authorization: `Bearer ${token}`, 'accept-encoding': 'identity' }
  const answer = await fetch(`${base}/admin/reports/${path}`, { headers })
  if (!answer.ok || !answer.body) throw new Error(`${path} answered ${answer.status} ${await answer.text()}`)
  let firstByteMs = 0
  let bytes = 0
  for await (const piece of answer.body) {
    firstByteMs ||= performance.now() - startedAt
    bytes += piece.length
  }
  return asked(path + remark, { ms: performance.now() - startedAt, firstByteMs, bytes }, await vitalsOf(server))
}

function asked(
  report: string,
  { ms, firstByteMs, bytes }: { ms: number; firstByteMs: number; bytes: number },
  { residentMiB, blockedMs, busyMs }: Vitals,
): Asked {
  return {
    report,
    ms: Math.round(ms),
    firstByteMs: Math.round(firstByteMs),
    kiB: Math.round(bytes / 1024),
    residentMiB: Math.round(residentMiB),
    blockedMs: Math.round(blockedMs * 10) / 10,
    busyMs: Math.round(busyMs * 10) / 10,
  }
}

/** Sums of the bare tables, one by one, and what every report makes of the same money and tickets, in every grouping. */
async function compare(database: Database): Promise<void> {
  const expected = JSON.stringify(await ledgerTotals(database))
  const groupings = ['day', 'week', 'month', 'movie', 'theatre', 'auditorium']
  for (const name of ['revenue', 'popular-movies', 'capacity', 'film-returns']) {
    for (const basis of ['sale', 'show']) {
      for (const groupBy of groupings) {
        const path = `${name}?basis=${basis}&groupBy=${groupBy}`
        // Anew each time: on a slow machine all of it takes longer than a token lives.
        const headers = { authorization: `Bearer ${await signIn()}` }
        const answer = await fetch(`${base}/admin/reports/${path}`, { headers })
        if (!answer.ok) throw new Error(`${path} answered ${answer.status} ${await answer.text()}`)
        const { rows, totals }: { rows: Total[]; totals: Total[] } = await answer.json()
        const told = totals.map(({ currency, gross, refunded, tickets }) => ({ currency, gross, refunded, tickets }))
        if (JSON.stringify(told) !== expected) throw new Error(`${path} says ${JSON.stringify(told)}, not ${expected}`)
        if ((name === 'revenue' || name === 'popular-movies') && JSON.stringify(sumUp(rows)) !== expected) {
          throw new Error(`The rows of ${path} make something else than ${expected}`)
        }
      }
    }
  }
  console.log(`Every report in every grouping agrees with the ledger: ${expected}`)
}

function sumUp(rows: readonly Total[]): Total[] {
  const byCurrency = Map.groupBy(rows, ({ currency }) => currency)
  const sums = [...byCurrency].map(([currency, of]) => ({
    currency,
    gross: of.reduce((sum, row) => sum + row.gross, 0),
    refunded: of.reduce((sum, row) => sum + row.refunded, 0),
    tickets: of.reduce((sum, row) => sum + row.tickets, 0),
  }))
  return sums.toSorted((one, other) => (one.currency < other.currency ? -1 : 1))
}

async function ledgerTotals(database: Database): Promise<Total[]> {
  return await database.snapshot(async (query) => {
    const add = async (statement: ReturnType<typeof sql<{ currency: string; sum: number }>>) =>
      new Map((await statement.execute(query)).rows.map(({ currency, sum }) => [currency, sum]))
    const gross = await add(sql`SELECT currency, SUM(amount) AS sum FROM payments
      WHERE captured_at IS NOT NULL AND COALESCE(tender, '') NOT IN ('comp', 'voucher') GROUP BY currency`)
    const refunded = await add(sql`SELECT currency, SUM(amount) AS sum FROM refunds
      WHERE status = 'succeeded' GROUP BY currency`)
    const tickets = await add(sql`SELECT currency, COUNT(*) AS sum FROM tickets AS t, bookings AS b
      WHERE b.id = t.booking_id AND b.status = 'confirmed' AND t.status IN ('valid', 'used') GROUP BY currency`)
    const currencies = [...gross.keys()].toSorted((one, other) => (one < other ? -1 : 1))
    return currencies.map((currency) => ({
      currency,
      gross: gross.get(currency) ?? 0,
      refunded: refunded.get(currency) ?? 0,
      tickets: tickets.get(currency) ?? 0,
    }))
  })
}

function write(prepared: Prepared, results: readonly Asked[], load: readonly (number | undefined)[]): void {
  const machine = {
    cores: availableParallelism(),
    processor: cpus()[0]?.model,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    node: process.version,
    loadBeforeAndAfter: load.map((figure) => Math.round((figure ?? 0) * 10) / 10),
  }
  const name = `${new Date().toISOString().slice(0, 16).replaceAll(':', '')}-reports-${values.engine}.json`
  mkdirSync(join(import.meta.dirname, 'results'), { recursive: true })
  writeFileSync(
    join(import.meta.dirname, 'results', name),
    `${JSON.stringify({ machine, engine: values.engine, prepared, results }, null, 2)}\n`,
  )
}
