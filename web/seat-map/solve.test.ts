import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { sha256, solve } from './solve.ts'

test('hashes as everybody else does, whatever the length', () => {
  for (let length = 0; length <= 200; length += 1) {
    const text = 'é'.repeat(length % 3) + 'x'.repeat(length)
    const hash = [...sha256(text)].map((word) => (word >>> 0).toString(16).padStart(8, '0')).join('')
    expect(hash).toBe(createHash('sha256').update(text).digest('hex'))
  }
})

test('finds a number that makes the hash begin with the zero bits that are asked for', () => {
  for (const bits of [1, 8, 12]) {
    const proof = solve('a challenge', bits)
    expect(proof).toMatch(/^a challenge\.\d+$/)
    const begin = createHash('sha256').update(proof).digest().readUInt32BE(0)
    expect(Math.clz32(begin)).toBeGreaterThanOrEqual(bits)
  }
})
