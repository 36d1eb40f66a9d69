import { expect, test } from 'vitest'
import { minutesToStart } from './shows.ts'

test('a showtime begins in a minute until it begins, and has not run before it has', () => {
  const to = (clock: string) => minutesToStart('2026-11-20T20:00:00Z', Date.parse(`2026-11-20T${clock}Z`))
  expect([to('19:58:59'), to('19:59:00'), to('19:59:59')]).toEqual([2, 1, 1])
  expect(to('20:00:00') === 0 && to('20:00:59') === 0).toBe(true)
  expect([to('20:01:00'), to('20:02:30')]).toEqual([-1, -2])
})
