import { bowOf } from '../../../contract/seating.ts'
import { extentOf } from './plan.ts'
import type { Cell, Plan } from './plan.ts'

/** How a plan lies on the drawing: a cell is one unit wide and high, its middle at half a unit. */
export interface Geometry {
  /** Cells that are shown, more than there are seats so that one can draw beyond. */
  readonly columns: number
  readonly lines: number
  /** Room for the bow below the last line. */
  readonly height: number
  readonly bow: (column: number) => number
  readonly staggered: ReadonlySet<number>
}

export interface Point {
  readonly x: number
  readonly y: number
}

/** `spare` cells stay free on the right and behind. */
export function geometryOf(plan: Plan, spare: number): Geometry {
  const { lastLine, firstColumn, lastColumn } = extentOf(plan)
  const curve = plan.curve ?? 0
  const lines = lastLine + 1 + spare
  return {
    columns: lastColumn + 1 + spare,
    lines,
    height: lines + Math.ceil(curve / 10),
    bow: (column) => (curve === 0 ? 0 : Math.max(0, bowOf(column, firstColumn, lastColumn, curve))),
    staggered: new Set(plan.rows.flatMap(({ stagger, line }) => (stagger ? line : []))),
  }
}

/** The upper left corner of a cell, as it is drawn. */
export function cornerOf({ line, column }: Cell, { bow, staggered }: Geometry): Point {
  return { x: column + (staggered.has(line) ? 0.5 : 0), y: line + bow(column) }
}

/** The cell that is drawn at a point, kept inside what is shown. */
export function cellAt({ x, y }: Point, { columns, lines, bow, staggered }: Geometry): Cell {
  const tried = [0, 0.5].map((shift) => {
    const column = Math.floor(x - shift)
    const line = Math.floor(y - bow(column))
    return { line, column, isRight: staggered.has(line) === shift > 0 }
  })
  const { line, column } = tried.find(({ isRight }) => isRight) ?? tried[0] ?? { line: 0, column: 0 }
  return { line: clamp(line, lines - 1), column: clamp(column, columns - 1) }
}

function clamp(value: number, last: number): number {
  return Math.min(Math.max(value, 0), last)
}
