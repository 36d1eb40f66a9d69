import { labelsFrom, numbersFor } from './numbering.ts'
import type { Numbering } from './numbering.ts'
import { extentOf, withRows } from './plan.ts'
import type { Plan, PlanRow } from './plan.ts'

/** A block of rows to draw behind what is there. */
export interface RowsToDraw {
  readonly rows: number
  /** In the row nearest to the screen. */
  readonly seats: number
  /** How many more seats each row further back has: a hall that widens. */
  readonly growth: number
  readonly firstLabel: string
  /** Whether the first label is at the screen or at the back wall. */
  readonly labelsFrom: 'front' | 'back'
  readonly leavesOutLookalikes: boolean
  readonly numbering: Numbering
  /** After which seats, counted from the left of the widest row, an aisle goes through. */
  readonly aislesAfter: readonly number[]
  readonly aisleColumns: number
  /** Lines left empty before the block: an aisle across. */
  readonly gapLines: number
  readonly category: string
}

/** Draws rows behind the ones there are, about the same middle. Rows that differ by one seat stand half a place apart. */
export function drawRows(plan: Plan, wanted: RowsToDraw): Plan {
  const labels = labelsFrom(wanted.firstLabel, wanted.rows, wanted.leavesOutLookalikes)
  const inOrder = wanted.labelsFrom === 'front' ? labels : labels.toReversed()
  const sizes = inOrder.map((_, index) => Math.max(1, wanted.seats + index * wanted.growth))
  const widest = Math.max(...sizes)
  const isFirst = plan.rows.length === 0
  const { lastLine, firstColumn, lastColumn } = extentOf(plan)
  const firstLine = isFirst ? 1 : lastLine + 1 + wanted.gapLines
  const aisles = wanted.aislesAfter.filter((seat) => seat > 0 && seat < widest)
  const width = widest + aisles.length * wanted.aisleColumns
  const left = isFirst ? 1 : Math.round((firstColumn + lastColumn - width + 1) / 2)
  const rows = inOrder.map((label, index): PlanRow => {
    const size = sizes[index] ?? 1
    const inset = (widest - size) / 2
    const numbers = numbersFor(size, wanted.numbering)
    const seats = numbers.map((number, position) => {
      const seat = Math.floor(inset) + position
      const column = left + seat + aisles.filter((after) => seat >= after).length * wanted.aisleColumns
      return { number, column, category: wanted.category, kind: 'standard' as const }
    })
    return { label, line: firstLine + index, ...(!Number.isInteger(inset) && { stagger: true }), seats }
  })
  return ontoGrid(withRows(plan, [...plan.rows, ...rows]))
}

/** Moves everything to the right where something stands left of the first column. */
export function ontoGrid(plan: Plan): Plan {
  const { firstColumn } = extentOf(plan)
  if (firstColumn >= 1) return plan
  const by = 1 - firstColumn
  const rows = plan.rows.map((row) => ({
    ...row,
    seats: row.seats.map((seat) => ({ ...seat, column: seat.column + by })),
  }))
  return { ...plan, rows }
}
