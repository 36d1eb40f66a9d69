import { expect, test } from 'vitest'
import { createLog } from '../platform/log.ts'
import { LateRounds } from './overload.ts'
import { createHttpServer } from './server.ts'

test('one late round is a hiccup; only a loop that stays late is overloaded, and it recovers at once', () => {
  const rounds = new LateRounds()
  expect([600, 10, 700, 900, 501, 499, 600].map((delay) => rounds.note(delay))).toEqual([
    false,
    false,
    false,
    true,
    true,
    false,
    false,
  ])
})

test('an overloaded server turns requests away before their work, but tells probes and scrapers how it is', async () => {
  let overloaded = true
  const app = await createHttpServer({
    log: createLog('silent'),
    newRequestId: () => 'req_1',
    trustProxy: [],
    corsOrigins: [],
    secure: false,
    isDraining: () => false,
    isOverloaded: () => overloaded,
  })
  for (const url of ['/work', '/healthz', '/metrics']) app.get(url, async () => 'done')
  const refused = await app.inject('/work')
  expect([refused.statusCode, refused.json().code, refused.headers['retry-after']]).toEqual([503, 'overloaded', '2'])
  expect((await app.inject('/healthz')).statusCode).toBe(200)
  expect((await app.inject('/metrics?x=1')).statusCode).toBe(200)
  overloaded = false
  expect((await app.inject('/work')).statusCode).toBe(200)
  await app.close()
})
