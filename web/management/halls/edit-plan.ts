import type { LayoutSeat, SeatKind } from '../../../contract/layouts.ts'
import { labelAfter, labelsFrom, numberingOf, numbersFor } from './numbering.ts'
import type { Numbering } from './numbering.ts'
import { extentOf, lastOfGrid, mapSeats, placeOf, seatsByPlace, seatsOf, withRows } from './plan.ts'
import type { Cell, Place, Plan, PlanRow } from './plan.ts'

/** What a drawn or painted seat becomes; what is silent stays as it is. */
export interface Brush {
  readonly category?: string | undefined
  readonly kind?: SeatKind | undefined
}

/** Adds a seat on each cell that is empty. A line without a row begins one. */
export function addSeats(plan: Plan, cells: readonly Cell[], brush: Brush): Plan {
  const taken = new Set(seatsByPlace(plan).keys())
  const wanted = cells
    .filter((cell) => cell.line >= 0 && cell.column >= 0 && cell.line <= lastOfGrid && cell.column <= lastOfGrid)
    .filter((cell) => !taken.has(placeOf(cell)))
    .toSorted((one, other) => one.line - other.line || one.column - other.column)
  let rows = plan.rows
  for (const { line, column } of wanted) {
    const row = nearestRow(rows, line, column) ?? { label: freeLabel(rows), line, seats: [] }
    const number = numberFor(row, column)
    const seat = { number, column, category: brush.category ?? 'standard', kind: brush.kind ?? 'standard' }
    const grown = { ...row, seats: [...row.seats, seat].toSorted((one, other) => one.column - other.column) }
    rows = rows.includes(row) ? rows.map((each) => (each === row ? grown : each)) : [...rows, grown]
  }
  return withRows(plan, rows)
}

function nearestRow(rows: readonly PlanRow[], line: number, column: number): PlanRow | undefined {
  const away = (row: PlanRow) => Math.min(...row.seats.map((seat) => Math.abs(seat.column - column)))
  return rows.filter((row) => row.line === line).toSorted((one, other) => away(one) - away(other))[0]
}

function freeLabel(rows: readonly PlanRow[]): string {
  const used = new Set(rows.map(({ label }) => label))
  let label = rows.at(-1)?.label ?? 'A'
  while (used.has(label)) label = labelAfter(label, true)
  return label
}

/** A regularly numbered row goes on as it is numbered; any other gives the next number that is free. */
function numberFor(row: PlanRow, column: number): string {
  const numbers = row.seats.map(({ number }) => number)
  const used = new Set(numbers)
  const rule = numbers.length > 1 ? numberingOf(numbers) : null
  const step = rule === null || rule.steps === 'all' ? 1 : 2
  const [left, right] = [row.seats[0], row.seats.at(-1)]
  if (rule && left && right && (column < left.column || column > right.column)) {
    const [near, outward] = column < left.column ? [left, 'left'] : [right, 'right']
    const next = Number(near.number) + (rule.from === outward ? -step : step)
    if (next > 0 && !used.has(String(next))) return String(next)
  }
  const values = numbers.map(Number).filter(Number.isSafeInteger)
  return String(values.length === 0 ? 1 : Math.max(...values) + step)
}

export function removeSeats(plan: Plan, places: ReadonlySet<Place>): Plan {
  return mapSeats(plan, (seat, row) => (places.has(placeOf({ line: row.line, column: seat.column })) ? null : seat))
}

/** Gives seats another category or kind. What is no sofa any more belongs to none. */
export function paint(plan: Plan, places: ReadonlySet<Place>, { category, kind }: Brush): Plan {
  return changeSeats(plan, places, (seat) => {
    const painted = { ...seat, category: category ?? seat.category, kind: kind ?? seat.kind }
    return painted.kind === 'sofa' ? painted : withoutUnit(painted)
  })
}

function changeSeats(plan: Plan, places: ReadonlySet<Place>, change: (seat: LayoutSeat) => LayoutSeat): Plan {
  return mapSeats(plan, (seat, row) =>
    places.has(placeOf({ line: row.line, column: seat.column })) ? change(seat) : seat,
  )
}

function withoutUnit({ unit: _, ...seat }: LayoutSeat): LayoutSeat {
  return seat
}

/** Joins seats that stand side by side into sofas of `size`; one that is left over becomes a sofa seat sold singly. */
export function joinSofas(plan: Plan, places: ReadonlySet<Place>, size: number): Plan {
  const names = freeUnits(plan, places)
  const units = new Map<Place, string>()
  for (const run of runsOf(plan, places)) {
    for (let start = 0; start + size <= run.length; start += size) {
      const unit = names.next().value
      for (const cell of run.slice(start, start + size)) units.set(placeOf(cell), unit)
    }
  }
  return mapSeats(plan, (seat, row) => {
    const place = placeOf({ line: row.line, column: seat.column })
    if (!places.has(place)) return seat
    const unit = units.get(place)
    return { ...withoutUnit(seat), kind: 'sofa', ...(unit !== undefined && { unit }) }
  })
}

/** Seats of a selection that stand side by side, from left to right. */
function runsOf(plan: Plan, places: ReadonlySet<Place>): Cell[][] {
  const chosen = seatsOf(plan)
    .filter((placed) => places.has(placeOf(placed)))
    .toSorted((one, other) => one.line - other.line || one.column - other.column)
  const runs: Cell[][] = []
  for (const cell of chosen) {
    const before = runs.at(-1)?.at(-1)
    if (before?.line === cell.line && before.column === cell.column - 1) runs.at(-1)?.push(cell)
    else runs.push([cell])
  }
  return runs
}

function* freeUnits(plan: Plan, places: ReadonlySet<Place>): Generator<string, never> {
  const others = seatsOf(plan).filter((placed) => !places.has(placeOf(placed)))
  const used = new Set(others.map(({ seat }) => seat.unit))
  for (let number = 1; ; number += 1) if (!used.has(`S${number}`)) yield `S${number}`
}

/** Sofa seats that are sold singly from now on. */
export function splitSofas(plan: Plan, places: ReadonlySet<Place>): Plan {
  const units = new Set(
    seatsOf(plan).flatMap((placed) => (places.has(placeOf(placed)) ? (placed.seat.unit ?? []) : [])),
  )
  return mapSeats(plan, (seat) => (seat.unit !== undefined && units.has(seat.unit) ? withoutUnit(seat) : seat))
}

/** Makes room for an aisle: everything from this column on stands one further to the right. */
export function insertColumn(plan: Plan, at: number): Plan {
  return mapSeats(plan, (seat) => (seat.column >= at ? { ...seat, column: seat.column + 1 } : seat))
}

/** Makes room for an aisle across: everything from this line on stands one further back. */
export function insertLine(plan: Plan, at: number): Plan {
  return withRows(
    plan,
    plan.rows.map((row) => (row.line >= at ? { ...row, line: row.line + 1 } : row)),
  )
}

/** Closes an empty column; the plan itself where it has seats. */
export function closeColumn(plan: Plan, at: number): Plan {
  if (seatsOf(plan).some(({ column }) => column === at)) return plan
  return mapSeats(plan, (seat) => (seat.column > at ? { ...seat, column: seat.column - 1 } : seat))
}

/** Closes an empty line; the plan itself where it has seats. */
export function closeLine(plan: Plan, at: number): Plan {
  if (plan.rows.some(({ line }) => line === at)) return plan
  return withRows(
    plan,
    plan.rows.map((row) => (row.line > at ? { ...row, line: row.line - 1 } : row)),
  )
}

/**
 * Moves seats on the grid. A row moves back or forth as a whole: a seat alone would leave its label behind. Where
 * something stands already, or the grid ends, the plan stays as it is.
 */
export function moveSeats(plan: Plan, places: ReadonlySet<Place>, lines: number, columns: number): Plan {
  const isChosen = (row: PlanRow, seat: LayoutSeat) => places.has(placeOf({ line: row.line, column: seat.column }))
  const rows = plan.rows.map((row) => {
    const isMoved = lines !== 0 && row.seats.every((seat) => isChosen(row, seat))
    const seats = row.seats.map((seat) => (isChosen(row, seat) ? { ...seat, column: seat.column + columns } : seat))
    return { ...row, line: isMoved ? row.line + lines : row.line, seats }
  })
  const moved = withRows(plan, rows)
  const { firstLine, lastLine, firstColumn, lastColumn } = extentOf(moved)
  const isOnGrid = firstLine >= 0 && firstColumn >= 0 && lastLine <= lastOfGrid && lastColumn <= lastOfGrid
  return isOnGrid && seatsByPlace(moved).size === seatsOf(moved).length ? moved : plan
}

/** Numbers whole rows anew; aisles are no seats and take no number. */
export function renumber(plan: Plan, rows: ReadonlySet<number>, numbering: Numbering): Plan {
  return changeRows(plan, rows, (row) => {
    const numbers = numbersFor(row.seats.length, numbering)
    return { ...row, seats: row.seats.map((seat, index) => ({ ...seat, number: numbers[index] ?? seat.number })) }
  })
}

/** Names rows anew, in the order in which they stand. */
export function relabel(
  plan: Plan,
  rows: ReadonlySet<number>,
  first: string,
  from: 'front' | 'back',
  leavesOut: boolean,
): Plan {
  const labels = labelsFrom(first, rows.size, leavesOut)
  const ordered = from === 'front' ? labels : labels.toReversed()
  let index = 0
  return changeRows(plan, rows, (row) => ({ ...row, label: ordered[index++] ?? row.label }))
}

/** Draws rows half a place to the right, or no longer. */
export function stagger(plan: Plan, rows: ReadonlySet<number>, isStaggered: boolean): Plan {
  return changeRows(plan, rows, ({ stagger: _, ...row }) => ({ ...row, ...(isStaggered && { stagger: true }) }))
}

function changeRows(plan: Plan, rows: ReadonlySet<number>, change: (row: PlanRow) => PlanRow): Plan {
  return withRows(
    plan,
    plan.rows.map((row, index) => (rows.has(index) ? change(row) : row)),
  )
}

/** How far the middle of the rows bows away from the screen, in tenths of a line; 0 is straight. */
export function bend({ curve: _, ...plan }: Plan, tenths: number): Plan {
  return tenths === 0 ? plan : { ...plan, curve: tenths }
}

/** The rows that have a seat among these places. */
export function rowsOf(plan: Plan, places: ReadonlySet<Place>): Set<number> {
  return new Set(seatsOf(plan).flatMap((placed) => (places.has(placeOf(placed)) ? placed.rowIndex : [])))
}
