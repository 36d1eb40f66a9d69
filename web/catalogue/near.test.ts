import { expect, test } from 'vitest'
import { kilometresTo } from './near.ts'

const berlin = { latitude: 52.52, longitude: 13.405 }

test('distances are those of the globe; a house that stands nowhere has none', () => {
  const theatre = (latitude: number | null, longitude: number | null) => ({ latitude, longitude })
  expect(kilometresTo(theatre(48.8566, 2.3522), berlin)).toBeCloseTo(877.5, 0)
  expect(kilometresTo(theatre(berlin.latitude, berlin.longitude), berlin)).toBe(0)
  expect(kilometresTo(theatre(null, null), berlin)).toBeNull()
})
