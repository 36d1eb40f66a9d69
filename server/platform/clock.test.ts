import { expect, it } from 'vitest'
import { createSharedClock, createSystemClock } from './clock.ts'

it('holds still while the time of the host is set back', () => {
  const times = [1000, 2000, 500, 1999, 2001]
  const clock = createSystemClock(() => times.shift() ?? 0)
  expect(Array.from({ length: 5 }, () => clock.now())).toEqual([1000, 2000, 2000, 2000, 2001])
})

it('goes by the clock that it was set by, whatever happens to the host’s time, and never backwards', async () => {
  let host = Date.UTC(2026, 10, 21)
  const shared = host + 30_000
  const clock = createSharedClock(() => host)
  expect(clock.now()).toBe(host)
  await clock.setBy(async () => shared)
  host -= 3600_000
  const first = clock.now()
  expect(first - shared).toBeGreaterThanOrEqual(0)
  expect(first - shared).toBeLessThan(5000)
  await clock.setBy(async () => shared - 60_000)
  expect(clock.now()).toBeGreaterThanOrEqual(first)
})
