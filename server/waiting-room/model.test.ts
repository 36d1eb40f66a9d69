import { createHash, createHmac } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { estimateSeconds, lotOf, newSeed, roomFor, seedHashOf } from './model.ts'

const ids = Array.from({ length: 12 }, (_entry, index) => `wte_${index}`)
const orderBy = (seed: string, entries: readonly string[] = ids) =>
  entries.toSorted((one, other) => (lotOf(seed, one) < lotOf(seed, other) ? -1 : 1))

/** A seed for each number, so that the test is the same every time. */
const seedOf = (number: number) => createHash('sha256').update(String(number)).digest('hex')

describe('the draw', () => {
  test('is the same for the same seed, in whatever order people came', () => {
    fc.assert(
      fc.property(fc.nat(), fc.shuffledSubarray(ids, { minLength: ids.length }), (number, shuffled) => {
        expect(orderBy(seedOf(number), shuffled)).toEqual(orderBy(seedOf(number)))
      }),
    )
  })

  test('gives everybody every place equally often', () => {
    const draws = 12_000
    const counts = ids.map(() => ids.map(() => 0))
    for (let number = 0; number < draws; number += 1) {
      for (const [place, id] of orderBy(seedOf(number)).entries()) {
        const row = counts[ids.indexOf(id)]
        if (row) row[place] = (row[place] ?? 0) + 1
      }
    }
    const expected = draws / ids.length
    const chiSquare = counts.flat().reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0)
    // 121 degrees of freedom: a fair draw is above 181 once in three thousand times, and these seeds are always the same.
    expect(chiSquare).toBeLessThan(181)
  })

  test('rests on a seed that its hash binds, and that nobody else has', () => {
    const seed = newSeed()
    expect(seed).toMatch(/^[\da-f]{64}$/)
    expect(newSeed()).not.toBe(seed)
    const bytes = Buffer.from(seed, 'hex')
    expect(seedHashOf(seed)).toBe(createHash('sha256').update(bytes).digest('hex'))
    expect(lotOf(seed, 'wte_1')).toBe(createHmac('sha256', bytes).update('wte_1').digest('hex'))
  })
})

describe('the pace', () => {
  const pace = { admitPerMinute: 10, admittedAtOnce: 4, admissionSeconds: 120 }

  test('admits no more at once and no more in a minute than the room says', () => {
    expect(roomFor(pace, { active: 0, lately: 0 })).toBe(4)
    expect(roomFor(pace, { active: 3, lately: 3 })).toBe(1)
    expect(roomFor(pace, { active: 1, lately: 9 })).toBe(1)
    expect(roomFor(pace, { active: 0, lately: 10 })).toBe(0)
    expect(roomFor(pace, { active: 6, lately: 6 })).toBe(0)
  })

  test('is told as the slower of the two: nobody waits longer than they are told', () => {
    expect(estimateSeconds(0, pace)).toBe(120)
    expect(estimateSeconds(4, pace)).toBe(240)
    expect(estimateSeconds(25, { ...pace, admittedAtOnce: 1000 })).toBe(180)
  })
})
