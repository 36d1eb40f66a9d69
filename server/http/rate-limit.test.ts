import { describe, expect, test } from 'vitest'
import { getMe } from '../../contract/accounts.ts'
import { listMovies } from '../../contract/catalogue.ts'
import { placeHold } from '../../contract/holds.ts'
import { readHealth } from '../../contract/platform.ts'
import { onBothEngines, startApp, testStart } from '../testing/harness.ts'
import { signIn } from '../testing/sign-in.ts'
import { Buckets } from './buckets.ts'

onBothEngines('rate limits', (engine) => {
  test('a browser hears what is left, is refused beyond it, and goes on when it has waited as told', async () => {
    const app = await startApp(engine, { environment: { RATE_LIMIT: 'on' } })
    const first = await app.call(listMovies)
    expect(first.headers['ratelimit-policy']).toBe('"browse";q=600;w=60')
    expect(first.headers['ratelimit']).toBe('"browse";r=599;t=1')
    for (let request = 2; request <= 600; request += 1) await app.inject({ url: '/api/v1/movies' })
    const refused = await app.call(listMovies)
    expect(refused.status).toBe(429)
    expect(refused.problem.code).toBe('rate_limited')
    expect(refused.headers['ratelimit']).toBe('"browse";r=0;t=61')
    expect(refused.headers['retry-after']).toBe('1')
    expect((await app.call(readHealth)).status).toBe(200)
    app.clock.advance(1000)
    expect((await app.call(listMovies)).status).toBe(200)
  })

  test('who is signed in is counted apart from the address, and holds count both', async () => {
    const app = await startApp(engine, { environment: { RATE_LIMIT: 'on' } })
    const customer = await signIn(app, 'customer')
    await app.call(listMovies)
    expect((await app.call(listMovies, {}, customer)).headers['ratelimit']).toBe('"browse";r=599;t=1')
    const hold = await app.call(placeHold, { params: { id: 'sho_none' }, body: { count: 1 } }, customer)
    expect(hold.headers['ratelimit-policy']).toBe('"holds";q=120;w=60, "holds-address";q=300;w=60')
    expect(hold.headers['ratelimit']).toBe('"holds";r=119;t=1, "holds-address";r=299;t=1')
  })

  test('RATE_LIMIT=off leaves everything alone, and sign-in has its own limits', async () => {
    const off = await startApp(engine)
    expect((await off.call(listMovies)).headers['ratelimit']).toBeUndefined()
    const on = await startApp(engine, { environment: { RATE_LIMIT: 'on' } })
    expect((await on.call(getMe)).headers['ratelimit']).toBeUndefined()
  })
})

describe('a bucket', () => {
  const ask = (buckets: Buckets, key: string, nowMs: number) => {
    const debtMs = buckets.debtAfterOne(key, nowMs)
    const allowed = buckets.allows(debtMs)
    if (allowed) buckets.take(key, nowMs, debtMs)
    return allowed
  }

  test('lets so many through at once, then one a step, whatever the fractions', () => {
    for (const requests of [3, 7, 120]) {
      const buckets = new Buckets({ requests, windowSeconds: 60 })
      const now = testStart + 0.1
      for (let request = 0; request < requests; request += 1) expect(ask(buckets, 'a', now)).toBe(true)
      expect(ask(buckets, 'a', now)).toBe(false)
      expect(ask(buckets, 'b', now)).toBe(true)
      expect(ask(buckets, 'a', now + 60_000 / requests)).toBe(true)
      expect(ask(buckets, 'a', now + 60_000 / requests)).toBe(false)
    }
  })

  test('forgets nobody within the window, over any number of turns', () => {
    const buckets = new Buckets({ requests: 2, windowSeconds: 10 })
    let allowed = 0
    for (let second = 0; second <= 100; second += 1) if (ask(buckets, 'a', second * 1000)) allowed += 1
    // Two at the start, then one each five seconds.
    expect(allowed).toBe(22)
  })
})
