import fc from 'fast-check'
import { expect, test } from 'vitest'
import { meetings } from './overlap.ts'
import type { Slot } from './overlap.ts'

const slots = (prefix: string) =>
  fc
    .array(fc.tuple(fc.integer({ min: 0, max: 100 }), fc.integer({ min: 1, max: 20 })), { maxLength: 12 })
    .map((pairs) =>
      pairs.map(([startsAt, length], index): Slot => ({
        id: `${prefix}${index}`,
        auditoriumId: 'aud',
        startsAt,
        endsAt: startsAt + length,
        busyUntil: startsAt + length,
      })),
    )

test('the overlaps found are those that comparing every two finds', () => {
  fc.assert(
    fc.property(slots('wanted'), slots('existing'), (wanted, existing) => {
      const meet = (one: Slot, other: Slot) => one.startsAt < other.busyUntil && other.startsAt < one.busyUntil
      const expected = wanted.flatMap((one) =>
        [...wanted, ...existing]
          .filter((other) => other.id !== one.id && meet(one, other))
          .map((other) => `${one.id} ${other.id}`),
      )
      const found = meetings(wanted, existing).map(({ wanted: one, other }) => `${one.id} ${other.id}`)
      expect(new Set(found)).toEqual(new Set(expected))
      expect(found).toHaveLength(expected.length)
    }),
  )
})
