import type { AddressInfo } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { createLog } from '../platform/log.ts'
import { Room } from './overload.ts'
import { createHttpServer } from './server.ts'

/** So many are served in each tenth of a second for four seconds, and as many come again. */
function serve(room: Room, perSample: number, served = true): void {
  while (!room.isFull) room.began()
  for (let sample = 0; sample < 40; sample += 1) {
    for (let each = 0; each < perSample; each += 1) room.ended(served)
    while (!room.isFull) room.began()
    room.sample(0.1)
  }
}

test('as many are let in as a quarter of a second serves, by what was seen under load', () => {
  const room = new Room()
  serve(room, 600)
  expect(room.limit).toBe(1500)
  // It gets well, and says so when there is enough to do.
  serve(room, 1000)
  expect(room.limit).toBe(2500)
})

test('a thousand are let in at once, before anything was seen and where little gets done; what was turned away is no work', () => {
  const room = new Room()
  expect(room.limit).toBe(1000)
  serve(room, 600)
  serve(room, 3)
  expect(room.limit).toBe(1000)
  serve(room, 600)
  serve(room, 600, false)
  expect(room.limit).toBe(1000)
})

test('a loop that is late leaves less time for those who are let in, and a busy one is believed', () => {
  const room = new Room()
  for (let sample = 0; sample < 40; sample += 1) {
    for (let each = 0; each < 1000; each += 1) {
      room.began()
      room.ended(true)
    }
    room.sample(0.1, 1, 0.05)
  }
  expect(room.limit).toBe(2000)
})

test('an idle house forgets nothing of what it can', () => {
  const room = new Room()
  serve(room, 1000)
  for (let under = room.limit; under > 0; under -= 1) room.ended(true)
  for (let sample = 0; sample < 1000; sample += 1) {
    room.began()
    room.ended(true)
    room.sample(0.1)
  }
  expect(room.limit).toBe(2500)
})

test('an overloaded server turns requests away at its door, but tells probes and scrapers how it is', async () => {
  let overloaded = true
  let underWay = 0
  let reached = 0
  const app = await createHttpServer({
    log: createLog('silent'),
    newRequestId: () => 'req_1',
    trustProxy: [],
    corsOrigins: ['https://shop.example.com'],
    secure: false,
    isDraining: () => false,
    guard: {
      isOverloaded: () => overloaded,
      began: () => (underWay += 1),
      ended: () => (underWay -= 1),
      start() {},
      stop() {},
    },
  })
  onTestFinished(() => app.close())
  for (const url of ['/work', '/healthz', '/metrics', '/showtimes/1/seats/events']) {
    app.get(url, async () => {
      reached += 1
      return `${underWay} under way`
    })
  }
  app.post('/work', async () => 'done')
  await app.listen({ port: 0, host: '127.0.0.1' })
  const { port } = app.server.address() as AddressInfo
  const ask = (path: string, options?: RequestInit) => fetch(`http://127.0.0.1:${port}${path}`, options)
  const headers = { origin: 'https://shop.example.com', 'x-request-id': 'mine-12345' }
  const refused = await ask('/work?x=1', { headers })
  expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '2'])
  expect(refused.headers.get('content-type')).toContain('application/problem+json')
  expect(refused.headers.get('x-content-type-options')).toBe('nosniff')
  expect(refused.headers.get('x-request-id')).toBe('mine-12345')
  expect(refused.headers.get('access-control-allow-origin')).toBe('https://shop.example.com')
  expect(await refused.json()).toMatchObject({ code: 'overloaded', status: 503, instance: '/work' })
  const upload = { method: 'POST', headers: { 'content-type': 'application/json' }, body: `"${'x'.repeat(50_000)}"` }
  expect((await ask('/work', upload)).status).toBe(503)
  expect(reached).toBe(0)
  expect((await ask('/healthz')).status).toBe(200)
  expect((await ask('/metrics?x=1')).status).toBe(200)
  overloaded = false
  expect((await ask('/work', upload)).status).toBe(200)
  expect(await (await ask('/work')).text()).toBe('1 under way')
  expect(await (await ask('/showtimes/1/seats/events')).text()).toBe('0 under way')
  // What only looks like a stream is work like any other.
  expect(await (await ask('/work?of=/seats/events')).text()).toBe('1 under way')
  expect(underWay).toBe(0)
})
