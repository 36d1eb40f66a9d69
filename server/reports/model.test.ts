import { expect, test } from 'vitest'
import { groupKey, startOfWeek } from './model.ts'

test('a film week begins on the theatre’s weekday', () => {
  // 21 November 2026 is a Saturday.
  expect(startOfWeek('2026-11-21', 'friday')).toBe('2026-11-20')
  expect(startOfWeek('2026-11-20', 'friday')).toBe('2026-11-20')
  expect(startOfWeek('2026-11-19', 'friday')).toBe('2026-11-13')
  expect(startOfWeek('2026-11-21', 'monday')).toBe('2026-11-16')
})

test('things are grouped by day, film week, month or what they belong to', () => {
  const fact = { theatreId: 'thr_1', auditoriumId: 'aud_1', movieId: 'mov_1', date: '2026-12-01' }
  const theatreOf = () => ({ filmWeekStartsOn: 'friday' })
  const keys = (['day', 'week', 'month', 'movie', 'theatre', 'auditorium'] as const).map((groupBy) =>
    groupKey(groupBy, fact, theatreOf),
  )
  expect(keys).toEqual(['2026-12-01', '2026-11-27', '2026-12', 'mov_1', 'thr_1', 'aud_1'])
})
