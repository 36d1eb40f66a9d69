import pg from 'pg'
import { describe, expect, it } from 'vitest'
import type { DatabaseLocation } from '../../database/open.ts'
import { migrateUp } from '../../database/migrate.ts'
import { onBothEngines, freshDatabase, startAppOn } from '../harness.ts'
import type { TestApp } from '../harness.ts'
import { startPostgresServer } from '../postgres-server.ts'
import { startServerProcess } from '../server-process.ts'
import type { ServerProcess } from '../server-process.ts'
import { makeShowtime } from '../showtimes.ts'
import { tell } from '../tell.ts'
import { buyOn, emptyJournal, settle } from './buyers.ts'
import type { Journal, Shop } from './buyers.ts'
import { compareWithJournal } from './check.ts'
import { createClient } from './client.ts'

/** How often the server is killed; more in a long run. */
const kills = Number(process.env['CRASH_KILLS'] ?? 6)
const buyers = 24

/** A hall of 2,000 seats and one of general admission, on sale by the clock on the wall. */
async function furnish(location: DatabaseLocation): Promise<{ readonly shop: Shop; readonly watcher: TestApp }> {
  const watcher = await startAppOn(location, { startMs: Date.now() })
  const rows = Array.from({ length: 40 }, (_row, row) => ({
    label: `R${row + 1}-`,
    seats: Array.from({ length: 50 }, (_seat, seat) => ({ number: String(seat + 1) })),
  }))
  const reserved = await makeShowtime(watcher, { layout: { rows } })
  const general = await makeShowtime(watcher, { layout: { seating: 'general', capacity: 1_000 } })
  return {
    shop: { reserved: { id: reserved.showtimeId, rows: 40, seats: 50 }, general: { id: general.showtimeId } },
    watcher,
  }
}

function numbersOf(journal: Journal): string {
  const { purchases, acknowledged, unknown, replayed, refused } = journal
  const of = (table: string) => acknowledged.filter((each) => each.table === table && !each.confirmed).length
  const confirmed = acknowledged.filter((each) => each.confirmed).length
  return `${purchases.length} purchases begun; acknowledged: ${of('holds')} holds, ${of('bookings')} bookings, ${of('payments')} payments, ${confirmed} confirmed; ${unknown} unknown, of which ${replayed} were done; ${refused} refused`
}

const pause = (milliseconds: number) => new Promise((resume) => setTimeout(resume, milliseconds))

onBothEngines('a server that is killed under load', (engine) => {
  it(
    'loses nothing that it acknowledged, does nothing twice, and sells no seat twice',
    { timeout: 600_000 },
    async () => {
      const { location, drop } = await freshDatabase(engine)
      const { shop, watcher } = await furnish(location)
      const journal = emptyJournal()
      let url = ''
      const client = createClient(() => url)
      let server: ServerProcess | null = null
      for (let round = 0; round <= kills; round += 1) {
        server = startServerProcess(location)
        url = await server.url
        await settle(client, journal, shop)
        expect(await compareWithJournal(watcher.database, journal, Date.now()), `after ${round} kills`).toEqual([])
        if (round === kills) break
        const { child } = server
        const shopping = Promise.all(
          Array.from({ length: buyers }, (_buyer, index) =>
            buyOn(client, journal, shop, `${round}.${index}`, () => false),
          ),
        )
        await pause(200 + Math.random() * 700)
        child.kill('SIGKILL')
        await shopping
      }
      tell(`crash [${engine}]: ${kills} kills: ${numbersOf(journal)}`)
      expect(journal.acknowledged.length).toBeGreaterThan(kills * buyers)
      server?.child.kill('SIGTERM')
      expect((await server?.ended)?.code).toBe(0)
      await watcher.close()
      await drop()
    },
  )
})

describe('a PostgreSQL that crashes under a server', () => {
  it(
    'is waited for: nobody hears that it is our fault, and nothing is lost or done twice',
    { timeout: 600_000 },
    async () => {
      const postgres = await startPostgresServer()
      const location = { engine: 'postgres', url: postgres.url } as const
      const maker = await startAppOn(location)
      await migrateUp(maker.database)
      await maker.close()
      const { shop, watcher } = await furnish(location)
      const journal = emptyJournal()
      const server = startServerProcess(location)
      const url = await server.url
      const client = createClient(() => url)
      for (let round = 0; round < Math.ceil(kills / 2); round += 1) {
        let stopped = false
        const shopping = Promise.all(
          Array.from({ length: buyers }, (_buyer, index) =>
            buyOn(client, journal, shop, `${round}.${index}`, () => stopped),
          ),
        )
        await pause(300 + Math.random() * 500)
        await crashPostgres(postgres.url)
        await pause(100)
        stopped = true
        await shopping
        await settle(client, journal, shop)
        expect(await compareWithJournal(watcher.database, journal, Date.now()), `after ${round + 1} crashes`).toEqual(
          [],
        )
      }
      tell(`crash of PostgreSQL: ${Math.ceil(kills / 2)} crashes: ${numbersOf(journal)}`)
      server.child.kill('SIGTERM')
      expect((await server.ended).code).toBe(0)
      await watcher.close()
      await postgres.stop()
    },
  )
})

/** Kills one of its processes: PostgreSQL drops every connection and recovers from its log, as after any crash. */
async function crashPostgres(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  client.on('error', () => undefined)
  await client.connect()
  const { rows } = await client.query<{ pid: number }>(
    "SELECT pid FROM pg_stat_activity WHERE backend_type = 'checkpointer'",
  )
  const pid = rows[0]?.pid
  if (pid === undefined) throw new Error('PostgreSQL has no checkpointer')
  process.kill(pid, 'SIGKILL')
  await client.end().catch(() => undefined)
}
