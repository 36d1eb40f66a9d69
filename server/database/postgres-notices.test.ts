import { connect, createServer } from 'node:net'
import type { AddressInfo, Socket } from 'node:net'
import pg from 'pg'
import { expect, inject, it, onTestFinished } from 'vitest'
import { createLog } from '../platform/log.ts'
import { postgresNotices } from './postgres-notices.ts'

/** A way to the database that can be made to swallow everything, without breaking any connection. */
async function openWay(url: string) {
  const target = new URL(url)
  const pipes: Socket[] = []
  const dead = new WeakSet<Socket>()
  const server = createServer((near) => {
    const far = connect(Number(target.port), target.hostname)
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      pipes.push(from)
      from.on('data', (chunk) => dead.has(from) || to.write(chunk))
      from.on('close', () => to.destroy())
      from.on('error', () => to.destroy())
    }
  })
  await new Promise<void>((open) => server.listen(0, '127.0.0.1', open))
  onTestFinished(() => {
    for (const pipe of pipes) pipe.destroy()
    server.close()
  })
  const way = new URL(url)
  way.hostname = '127.0.0.1'
  way.port = String((server.address() as AddressInfo).port)
  return {
    url: way.href,
    /** From now on nothing comes through on the connections there are. */
    swallow() {
      for (const pipe of pipes) dead.add(pipe)
    },
    cut() {
      for (const pipe of pipes.splice(0)) pipe.destroy()
    },
  }
}

/** Everything that a listener is told, one after the other. */
function listenTo(url: string, watchMs = 5000) {
  const notices = postgresNotices(url, createLog('silent'), { reconnectMs: 20, watchMs })
  onTestFinished(() => notices.close())
  const told: (string | null)[] = []
  let wake = () => {}
  notices.subscribe((showtimeId) => {
    told.push(showtimeId)
    wake()
  })
  return async function next(): Promise<string | null> {
    while (told.length === 0) await new Promise<void>((resume) => (wake = resume))
    return told.shift() ?? null
  }
}

async function tell(showtimeId: string): Promise<void> {
  const client = new pg.Client({ connectionString: inject('postgresUrl') })
  await client.connect()
  await client.query("SELECT pg_notify('matinee_seats', $1)", [showtimeId])
  await client.end()
}

it('whoever listens is told to look again each time the connection came back, so that nothing is missed', async () => {
  const way = await openWay(inject('postgresUrl'))
  const next = listenTo(way.url)
  expect(await next()).toBeNull()
  await tell('sho_1')
  expect(await next()).toBe('sho_1')
  way.cut()
  expect(await next()).toBeNull()
  await tell('sho_2')
  expect(await next()).toBe('sho_2')
})

it('a connection that the network swallows without breaking it is found out and replaced', async () => {
  const way = await openWay(inject('postgresUrl'))
  const next = listenTo(way.url, 100)
  expect(await next()).toBeNull()
  way.swallow()
  await tell('sho_unheard')
  let heard = await next()
  expect(heard).toBeNull()
  // On a busy machine the new one may be too slow for the watch as well, and be replaced once more.
  while (heard === null) {
    await tell('sho_heard')
    heard = await next()
  }
  expect(heard).toBe('sho_heard')
})
