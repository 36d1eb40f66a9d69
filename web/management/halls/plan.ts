import type { LayoutSeat, ReservedLayout } from '../../../contract/layouts.ts'

/** What the layout editor works on: a layout with numbered seats, in the form in which it is kept. */
export type Plan = ReservedLayout
export type PlanRow = Plan['rows'][number]

/** Where something stands: the line from the screen back, and the column from the left. */
export interface Cell {
  readonly line: number
  readonly column: number
}
/** A cell as the key of sets and maps. A seat's id would not do: while one draws, two may have the same. */
export type Place = `${number}:${number}`

/** A seat with all that its row says of it. */
export interface PlacedSeat extends Cell {
  readonly seat: LayoutSeat
  readonly id: string
  readonly row: PlanRow
  readonly rowIndex: number
}

export const emptyPlan: Plan = { seating: 'reserved', rows: [] }

/** The furthest line and column that the grid has. */
export const lastOfGrid = 1_000

export function placeOf({ line, column }: Cell): Place {
  return `${line}:${column}`
}

/** All the seats, in the order of the layout. */
export function seatsOf(plan: Plan): PlacedSeat[] {
  return plan.rows.flatMap((row, rowIndex) =>
    row.seats.map((seat) => ({
      seat,
      id: row.label + seat.number,
      line: row.line,
      column: seat.column,
      row,
      rowIndex,
    })),
  )
}

export function seatsByPlace(plan: Plan): Map<Place, PlacedSeat> {
  return new Map(seatsOf(plan).map((placed) => [placeOf(placed), placed]))
}

export function seatCount(plan: Plan): number {
  return plan.rows.reduce((sum, row) => sum + row.seats.length, 0)
}

/** The price categories of a plan: the usual one first, the others sorted. */
export function categoriesOf(plan: Plan): string[] {
  return [...new Set(plan.rows.flatMap((row) => row.seats.map((seat) => seat.category)))].toSorted(
    (one, other) => Number(other === 'standard') - Number(one === 'standard') || (one < other ? -1 : 1),
  )
}

export interface Extent {
  readonly firstLine: number
  readonly lastLine: number
  readonly firstColumn: number
  readonly lastColumn: number
}

/** From where to where a plan has seats; one cell where it has none. */
export function extentOf(plan: Plan): Extent {
  const extent = { firstLine: Infinity, lastLine: 0, firstColumn: Infinity, lastColumn: 0 }
  for (const { line, column } of seatsOf(plan)) {
    extent.firstLine = Math.min(extent.firstLine, line)
    extent.lastLine = Math.max(extent.lastLine, line)
    extent.firstColumn = Math.min(extent.firstColumn, column)
    extent.lastColumn = Math.max(extent.lastColumn, column)
  }
  return extent.lastLine === 0 && extent.firstLine === Infinity
    ? { firstLine: 1, lastLine: 1, firstColumn: 1, lastColumn: 1 }
    : extent
}

/** All the cells of the rectangle that two corners span. */
export function cellsBetween(one: Cell, other: Cell): Cell[] {
  const cells: Cell[] = []
  const [top, bottom] = [Math.min(one.line, other.line), Math.max(one.line, other.line)]
  const [left, right] = [Math.min(one.column, other.column), Math.max(one.column, other.column)]
  for (let line = top; line <= bottom; line += 1) {
    for (let column = left; column <= right; column += 1) cells.push({ line, column })
  }
  return cells
}

/** A plan with other seats: in each row from left to right, rows by their lines, none without seats. */
export function withRows(plan: Plan, rows: readonly PlanRow[]): Plan {
  const kept = rows
    .filter((row) => row.seats.length > 0)
    .map((row) => ({ ...row, seats: row.seats.toSorted((one, other) => one.column - other.column) }))
  return { ...plan, rows: kept.toSorted((one, other) => one.line - other.line) }
}

/** Changes each seat on its own; null takes it away. */
export function mapSeats(plan: Plan, change: (seat: LayoutSeat, row: PlanRow) => LayoutSeat | null): Plan {
  return withRows(
    plan,
    plan.rows.map((row) => ({ ...row, seats: row.seats.flatMap((seat) => change(seat, row) ?? []) })),
  )
}
