import { expect, test } from 'vitest'
import { periodOf, presetOf } from './period.ts'

test('usual periods end with today, and are known again', () => {
  expect(periodOf('week', '2026-03-02')).toEqual({ from: '2026-02-24', to: '2026-03-02' })
  expect(periodOf('month', '2026-03-30')).toEqual({ from: '2026-03-01', to: '2026-03-30' })
  expect(periodOf('this_month', '2026-03-17')).toEqual({ from: '2026-03-01', to: '2026-03-17' })
  expect(presetOf({ from: '2026-02-24', to: '2026-03-02' }, '2026-03-02')).toBe('week')
  expect(presetOf({ from: '2026-02-23', to: '2026-03-02' }, '2026-03-02')).toBeNull()
})
