import { expect, test } from 'vitest'
import { takeLast, withDeed } from './undo.ts'
import type { Deeds } from './undo.ts'

const deed = (text: string) => ({ text, undo: async () => true })

test('what was done last is taken back first, each once', () => {
  let deeds: Deeds = []
  for (const text of ['one', 'two', 'three']) deeds = withDeed(deeds, deed(text))
  const taken: (string | undefined)[] = []
  for (let count = 0; count < 4; count += 1) {
    const { last, rest } = takeLast(deeds)
    taken.push(last?.text)
    deeds = rest
  }
  expect(taken).toEqual(['three', 'two', 'one', undefined])
})

test('the fifty last are remembered', () => {
  let deeds: Deeds = []
  for (let count = 1; count <= 60; count += 1) deeds = withDeed(deeds, deed(String(count)))
  expect(deeds).toHaveLength(50)
  expect(deeds[0]?.text).toBe('11')
})
