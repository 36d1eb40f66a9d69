import { readFileSync } from 'node:fs'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { until } from '../testing/children.ts'
import { freshDatabase, startAppOn } from '../testing/harness.ts'
import { ledgerProblems } from '../testing/ledger-check.ts'
import { startServerProcess } from '../testing/server-process.ts'
import type { ServerProcess } from '../testing/spawned-server.ts'
import { makeShowtime } from '../testing/showtimes.ts'

interface LogLine {
  readonly msg: string
  readonly worker?: number
  readonly pid?: number
  readonly workers?: number
}

/** The lines of a server's log as they come; `hears` answers the next one that says so. Of several processes' lines no order is sure. */
function readLog({ child }: ServerProcess) {
  const lines: LogLine[] = []
  let rest = ''
  let wake = () => {}
  child.stdout?.on('data', (chunk: Buffer) => {
    const parts = (rest + chunk.toString()).split('\n')
    rest = parts.pop() ?? ''
    lines.push(...parts.map((line) => JSON.parse(line) as LogLine))
    wake()
  })
  return async function hears(message: string): Promise<LogLine> {
    for (;;) {
      const at = lines.findIndex(({ msg }) => msg === message)
      const [found] = at < 0 ? [] : lines.splice(at, 1)
      if (found) return found
      await new Promise<void>((resume) => (wake = resume))
    }
  }
}

async function stage(workers: number) {
  const { location, drop } = await freshDatabase('postgres')
  const watcher = await startAppOn(location, { startMs: Date.now() })
  const { showtimeId } = await makeShowtime(watcher)
  const server = startServerProcess(location, { environment: { WORKERS: String(workers) } })
  const hears = readLog(server)
  const opened = [await hears('a worker is open'), await hears('a worker is open')]
  const { workers: told } = await hears('Matinee is open')
  expect(told).toBe(workers)
  const url = await server.url
  const hold = async (seat: string) => {
    const headers = { 'content-type': 'application/json', 'idempotency-key': seat, connection: 'close' }
    const body = JSON.stringify({ seats: [seat] })
    for (const end = performance.now() + patienceMs; performance.now() < end;) {
      // A connection that broke says nothing of what was done: the same key again settles it.
      const answer = await fetch(`${url}/api/v1/showtimes/${showtimeId}/holds`, {
        method: 'POST',
        headers,
        body,
        signal: AbortSignal.timeout(patienceMs),
      }).catch(() => null)
      if (answer && answer.status !== 503) return answer.status
      // Its own machine's other work can overload a server in a test: it is given the time that it asks for.
      await wait(1000 * Number(answer?.headers.get('retry-after') ?? 0.05))
    }
    throw new Error(`Nobody answered the hold of ${seat}`)
  }
  return { location, drop, watcher, showtimeId, server, hears, opened, url, hold }
}

/** How long anybody is waited for. */
const patienceMs = 60_000

const seats = Array.from({ length: 40 }, (_seat, index) => `${'ABCDE'[Math.floor(index / 8)]}${(index % 8) + 1}`)

// Each starts several servers, one after the other.
describe('several workers on one port', { timeout: 180_000 }, () => {
  it('sell on while one of them is killed, which is begun again; all of them drain', async () => {
    const { drop, watcher, server, hears, opened, hold } = await stage(2)
    expect(new Set(opened.map(({ worker }) => worker))).toEqual(new Set([1, 2]))
    const [victim] = opened
    const selling = seats.map(async (seat, index) => {
      if (index === 10) process.kill(victim?.pid ?? 0, 'SIGKILL')
      return await hold(seat)
    })
    expect(new Set(await Promise.all(selling))).toEqual(new Set([201]))
    expect(await hears('a worker ended; it is begun again')).toMatchObject({ worker: victim?.worker })
    expect(await hears('a worker is open')).toMatchObject({ worker: victim?.worker })
    // Whichever of the two hears it: no seat is free any more.
    for (let count = 0; count < 4; count += 1) expect(await hold(seats[count] ?? '')).toBe(201)
    expect(await ledgerProblems(watcher.database, Date.now())).toEqual([])
    server.child.kill('SIGTERM')
    expect(await server.ended).toMatchObject({ code: 0 })
    await watcher.close()
    await drop()
  })

  it('take turns at a restart: one that an operator ends finishes what it has, and is begun again at once', async () => {
    const { drop, watcher, server, hears, opened, url } = await stage(2)
    for (const { pid, worker } of opened) {
      process.kill(pid ?? 0, 'SIGTERM')
      expect(await hears('a worker is open')).toMatchObject({ worker })
      expect((await fetch(`${url}/api/v1/genres`, { headers: { connection: 'close' } })).status).toBe(200)
    }
    server.child.kill('SIGTERM')
    expect(await server.ended).toMatchObject({ code: 0 })
    await watcher.close()
    await drop()
  })

  it('end with the process that started them, so that another start finds the port free', async () => {
    const { drop, watcher, server, opened, location } = await stage(2)
    const port = Number(new URL(await server.url).port)
    server.child.kill('SIGKILL')
    await server.ended
    for (const { pid } of opened) {
      await until(() => !isRunning(pid ?? 0), `Worker ${pid} has ended`)
    }
    const again = startServerProcess(location, { port, environment: { WORKERS: '2' } })
    expect(new URL(await again.url).port).toBe(String(port))
    again.child.kill('SIGTERM')
    expect((await again.ended).code).toBe(0)
    await watcher.close()
    await drop()
  })

  it('are refused on SQLite, on a port that is taken and where PostgreSQL has too few connections, in one line', async () => {
    const sqlite = await freshDatabase('sqlite')
    const postgres = await freshDatabase('postgres')
    const other = createServer()
    await new Promise<void>((open) => other.listen(0, '127.0.0.1', open))
    const { port } = other.address() as AddressInfo
    const reasonOf = async (server: ServerProcess) => {
      const { code, errors } = await server.ended
      expect(code).toBe(1)
      return errors.trim().replaceAll(/\n */g, ' ')
    }
    const two = { WORKERS: '2' }
    expect(await reasonOf(startServerProcess(sqlite.location, { environment: two }))).toBe(
      'matinee: A SQLite file has one server: several workers need PostgreSQL (DATABASE_URL=postgres://…).',
    )
    expect(await reasonOf(startServerProcess(postgres.location, { environment: two, port }))).toContain(
      `Port ${port} is taken`,
    )
    expect(await reasonOf(startServerProcess(postgres.location, { environment: { WORKERS: '64' } }))).toMatch(
      /^matinee: 64 workers need \d+ connections and PostgreSQL allows \d+: raise max_connections, or take \d+\.$/,
    )
    other.close()
    await sqlite.drop()
    await postgres.drop()
  })
})

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    // One that has ended stays in the table until it is fetched, which nobody may do for it in a container.
    return process.platform !== 'linux' || !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'))
  } catch {
    return false
  }
}
