import { expect, test } from 'vitest'
import { labelEvery, ticksOf } from './chart-scale.ts'

test('an axis has round marks that hold every value, below zero too', () => {
  expect(ticksOf(0, 97, 4)).toEqual([0, 50, 100])
  expect(ticksOf(0, 123_400, 4)).toEqual([0, 50_000, 100_000, 150_000])
  expect(ticksOf(-30, 80, 4)).toEqual([-50, 0, 50, 100])
  expect(ticksOf(0, 1, 4)).toEqual([0, 0.5, 1])
  expect(ticksOf(0, 0, 4)).toEqual([0])
  for (const [low, high] of [
    [0, 7],
    [-3, 11],
    [0, 0.4],
    [-900, 0],
  ] as const) {
    const ticks = ticksOf(low, high, 5)
    expect(ticks[0]).toBeLessThanOrEqual(low)
    expect(ticks.at(-1)).toBeGreaterThanOrEqual(high)
  }
})

test('labels are thinned until they fit', () => {
  expect(labelEvery(7, 12)).toBe(1)
  expect(labelEvery(30, 10)).toBe(3)
  expect(labelEvery(365, 12)).toBe(31)
})
