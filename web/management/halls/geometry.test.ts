import fc from 'fast-check'
import { expect, test } from 'vitest'
import { drawRows } from './draw-rows.ts'
import { bend, stagger } from './edit-plan.ts'
import { cellAt, cornerOf, geometryOf } from './geometry.ts'
import { emptyPlan, seatsOf } from './plan.ts'

const hall = drawRows(emptyPlan, {
  rows: 9,
  seats: 14,
  growth: 1,
  firstLabel: 'A',
  labelsFrom: 'front',
  leavesOutLookalikes: true,
  numbering: { first: 1, from: 'left', steps: 'all' },
  aislesAfter: [4],
  aisleColumns: 1,
  gapLines: 0,
  category: 'standard',
})

test('wherever a seat is drawn, bowed or aside, its middle is found as its cell again', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 40 }), fc.subarray([0, 1, 2, 3, 4, 5, 6, 7, 8]), (curve, aside) => {
      const plan = stagger(bend(hall, curve), new Set(aside), true)
      const geometry = geometryOf(plan, 4)
      for (const { line, column } of seatsOf(plan)) {
        const { x, y } = cornerOf({ line, column }, geometry)
        expect(y + 1).toBeLessThanOrEqual(geometry.height)
        if (!geometry.staggered.has(line))
          expect(cellAt({ x: x + 0.4, y: y + 0.5 }, geometry)).toEqual({ line, column })
      }
    }),
  )
})

test('what lies outside is the nearest cell', () => {
  const geometry = geometryOf(hall, 2)
  expect(cellAt({ x: -5, y: -5 }, geometry)).toEqual({ line: 0, column: 0 })
  expect(cellAt({ x: 999, y: 999 }, geometry)).toEqual({ line: geometry.lines - 1, column: geometry.columns - 1 })
})
