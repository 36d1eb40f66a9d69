import { expect, test } from 'vitest'
import { changesOf } from './changes.ts'

test('an entry tells only the fields that differ', () => {
  const before = { name: 'Rex', city: 'London', seats: 3 }
  expect(changesOf({ before, after: { ...before, name: 'Lux' }, request: {} })).toEqual([
    { field: 'name', before: 'Rex', after: 'Lux' },
  ])
  expect(changesOf({ before: null, after: { name: 'Rex' }, request: {} })).toEqual([
    { field: 'name', before: '–', after: 'Rex' },
  ])
})

test('without states it tells what was asked, and nothing is longer than one can read', () => {
  const asked = changesOf({ before: null, after: null, request: { reason: 'x'.repeat(999), count: 2 } })
  expect(asked.map(({ field, after }) => [field, after.length])).toEqual([
    ['reason', 301],
    ['count', 1],
  ])
  expect(changesOf({ before: null, after: null, request: null })).toEqual([])
})
