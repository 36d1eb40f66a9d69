import { expect, test } from 'vitest'
import { groupOfDay, startOfWeek } from './model.ts'

test('a film week begins on the theatre’s weekday', () => {
  // 21 November 2026 is a Saturday.
  expect(startOfWeek('2026-11-21', 'friday')).toBe('2026-11-20')
  expect(startOfWeek('2026-11-20', 'friday')).toBe('2026-11-20')
  expect(startOfWeek('2026-11-19', 'friday')).toBe('2026-11-13')
  expect(startOfWeek('2026-11-21', 'monday')).toBe('2026-11-16')
})

test('days are grouped by themselves, film week or month', () => {
  const groups = (['day', 'week', 'month'] as const).map((groupBy) =>
    groupOfDay(groupBy, '2026-12-01', { filmWeekStartsOn: 'friday' }),
  )
  expect(groups).toEqual(['2026-12-01', '2026-11-27', '2026-12'])
})
