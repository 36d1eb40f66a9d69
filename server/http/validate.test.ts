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

test('of several shapes only the nearest is spoken of, place by place', () => {
  const number = Type.Object(
    { kind: Type.Literal('number'), value: Type.Integer({ minimum: 1 }) },
    { additionalProperties: false },
  )
  const list = Type.Object({ rows: Type.Array(Type.Object({ label: Type.String() })) }, { additionalProperties: false })
  const { problemsOf } = validatorOf(Type.Union([number, list, Type.Null()]), 'The body')
  expect(problemsOf({ kind: 'number', value: 0 })).toEqual([{ path: '/value', message: 'must be >= 1' }])
  expect(problemsOf({ rows: [{ label: 'A' }, { label: 1 }, {}] })).toEqual([
    { path: '/rows/1/label', message: 'must be string' },
    { path: '/rows/2', message: 'must have required properties label' },
  ])
  expect(problemsOf({ rows: [], 'a/b': 1 })).toEqual([{ path: '/a~1b', message: 'is not known here' }])
  expect(problemsOf(7)).toEqual([{ path: 'The body', message: 'must be object' }])
})
