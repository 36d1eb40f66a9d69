import { Type } from 'typebox'
import { expect, test } from 'vitest'
import { validatorOf } from './validate.ts'

const anything = validatorOf(Type.Object({ free: Type.Unknown() }), 'the body')

test('text that an engine cannot store is named by its place, also where anything may stand', () => {
  expect(anything.problemsOf({ free: ['good', { worse: 'a\u0000b' }] })).toEqual([
    { path: '/free/1/worse', message: 'holds a character that is not text' },
  ])
  expect(anything.problemsOf({ free: { 'b\ud800': 1 } })).toHaveLength(1)
  expect(anything.problemsOf({ free: { good: ['😀'] } })).toEqual([])
})

test('a value nested a hundred thousand deep is refused and does not use up the stack', () => {
  const deep: unknown = JSON.parse(`{"free":${'['.repeat(100_000)}${']'.repeat(100_000)}}`)
  expect(anything.check(deep)?.code).toBe('validation_failed')
})
