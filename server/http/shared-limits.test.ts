import { afterAll, expect, test, vi } from 'vitest'
import { createBooking } from '../../contract/bookings.ts'
import { listMovies } from '../../contract/catalogue.ts'
import { createManualClock } from '../platform/clock.ts'
import { onBothEngines, startApp, startAppOn, testStart } from '../testing/harness.ts'
import type { TestApp } from '../testing/harness.ts'
import { startRedisDouble } from '../testing/redis-double.ts'
import type { RedisDouble } from '../testing/redis-double.ts'

const doubles: RedisDouble[] = []
afterAll(async () => {
  for (const double of doubles) await double.stop()
})

/** Two servers of one house, with one clock and one Redis between them. */
async function startTwo(engine: 'sqlite' | 'postgres', redisPatienceMs = 20_000) {
  const redis = await startRedisDouble()
  doubles.push(redis)
  const clock = createManualClock(testStart)
  // A Redis that answers is waited for, however busy the machine of the test is.
  const options = { environment: { RATE_LIMIT: 'on', REDIS_URL: redis.url }, clock, redisPatienceMs }
  const one = await startApp(engine, options)
  const other = await startAppOn(one.location, options)
  for (const server of [one, other]) await sharing(server, true)
  return { one, other, clock, redis }
}

/** Waits until a server says that it counts with the others, or that it does not. */
async function sharing(server: TestApp, shared: boolean): Promise<void> {
  await vi.waitFor(async () => {
    const { body } = await server.inject({ url: '/metrics' })
    expect(body).toContain(`\nmatinee_shared_limits_up ${shared ? 1 : 0}\n`)
  }, 10_000)
}

/** A sale that is refused for its body; it draws from the buckets of sales like any other. Answers what is left. */
async function sell(server: TestApp): Promise<number | 'refused'> {
  const { status, headers } = await server.call(createBooking, { body: {} })
  if (status === 429) return 'refused'
  return Number(/"sales";r=(\d+)/.exec(String(headers['ratelimit']))?.[1])
}

async function sellMany(server: TestApp, times: number): Promise<(number | 'refused')[]> {
  const answers: (number | 'refused')[] = []
  for (let time = 0; time < times; time += 1) answers.push(await sell(server))
  return answers
}

onBothEngines('limits of several servers', (engine) => {
  test('what one server let through counts at the other, and both refuse beyond the one limit', async () => {
    const { one, other, clock } = await startTwo(engine)
    expect((await sellMany(one, 70)).at(-1)).toBe(50)
    expect(await sell(other)).toBe(49)
    expect((await sellMany(other, 49)).at(-1)).toBe(0)
    expect(await sell(other)).toBe('refused')
    expect(await sell(one)).toBe('refused')
    clock.advance(500)
    expect(await sell(one)).toBe(0)
    expect(await sell(other)).toBe('refused')
  })

  test('reading asks nobody, and neither does a flood that this server alone can tell', async () => {
    const { one, redis } = await startTwo(engine)
    await one.call(listMovies)
    expect(redis.draws()).toBe(0)
    await sellMany(one, 120)
    expect(redis.draws()).toBe(120)
    expect(await sellMany(one, 5)).toEqual(['refused', 'refused', 'refused', 'refused', 'refused'])
    expect(redis.draws()).toBe(120)
  })

  test('while Redis is away the house sells, each server by what it counted itself, and nobody starts anew', async () => {
    const { one, other, redis } = await startTwo(engine)
    await sellMany(one, 100)
    await sellMany(other, 10)
    await redis.stop()
    for (const server of [one, other]) await sharing(server, false)
    expect(await sell(one)).toBe(19)
    expect(await sell(other)).toBe(109)
    expect((await sellMany(one, 20)).slice(-2)).toEqual([0, 'refused'])
    await redis.start()
    for (const server of [one, other]) await sharing(server, true)
    // One's last twenty were not told to Redis; what both told it before still stands.
    expect(await sell(other)).toBe(9)
  })

  test('a Redis that hangs is waited for once, then left alone for a second', async () => {
    const { one, clock, redis } = await startTwo(engine, 250)
    redis.fallSilent()
    expect(await sell(one)).toBe(119)
    const drawn = redis.draws()
    expect(await sellMany(one, 3)).toEqual([118, 117, 116])
    expect(redis.draws()).toBe(drawn)
    clock.advance(1000)
    await sell(one)
    expect(redis.draws()).toBe(drawn + 1)
  })

  test('a house starts without its Redis', async () => {
    const redis = await startRedisDouble()
    await redis.stop()
    const alone = await startApp(engine, { environment: { RATE_LIMIT: 'on', REDIS_URL: redis.url } })
    expect(await sell(alone)).toBe(119)
    expect((await alone.inject({ url: '/readyz' })).statusCode).toBe(200)
  })
})
