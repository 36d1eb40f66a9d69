import type { Layout, SeatKind } from '../../contract/layouts.ts'
import { seatIdOf } from '../venues/layout.ts'

/** A seat with its place in the hall and its neighbours, ready for choosing. */
export interface PlannedSeat {
  readonly id: string
  readonly line: number
  readonly column: number
  readonly category: string
  readonly kind: SeatKind
  readonly unit: string | undefined
  /** Seats of one block are side by side: no aisle between them. Unique in the hall. */
  readonly block: number
  /** Which of the plan's lines it is in. */
  readonly lineIndex: number
}

/** A layout turned into lines from the screen back, each from left to right. */
export interface SeatPlan {
  readonly lines: readonly (readonly PlannedSeat[])[]
  readonly byId: ReadonlyMap<string, PlannedSeat>
  readonly units: ReadonlyMap<string, readonly PlannedSeat[]>
  /** Where one sees and hears best: the middle, about two thirds back. */
  readonly sweetLine: number
  readonly sweetColumn: number
}

/** Layouts never change once made, so a plan can be kept for as long as its layout lives. */
const plans = new WeakMap<Layout, SeatPlan>()

/** The plan of a layout, made once per layout object; general admission has an empty one. */
export function seatPlanOf(layout: Layout): SeatPlan {
  const known = plans.get(layout)
  if (known) return known
  const plan = makePlan(layout)
  plans.set(layout, plan)
  return plan
}

function makePlan(layout: Layout): SeatPlan {
  const rows = layout.seating === 'general' ? [] : layout.rows
  const places = rows.flatMap((row) =>
    row.seats.map((seat) => ({ ...seat, id: seatIdOf(row.label, seat.number), line: row.line })),
  )
  places.sort((a, b) => a.line - b.line || a.column - b.column)
  const pitch = columnPitchOf(places)
  const lines: PlannedSeat[][] = []
  const byId = new Map<string, PlannedSeat>()
  const units = new Map<string, PlannedSeat[]>()
  let block = -1
  let previous: PlannedSeat | undefined
  for (const { id, line, column, category, kind, unit } of places) {
    const sameLine = previous?.line === line
    if (!sameLine) lines.push([])
    if (previous === undefined || !sameLine || column - previous.column > pitch) block += 1
    const seat: PlannedSeat = { id, line, column, category, kind, unit, block, lineIndex: lines.length - 1 }
    lines.at(-1)?.push(seat)
    byId.set(id, seat)
    if (unit !== undefined) units.getOrInsertComputed(unit, () => []).push(seat)
    previous = seat
  }
  return { lines, byId, units, ...sweetSpotOf(places) }
}

/** Halls of wide seats may use every other column throughout: the smallest step in the hall is "side by side". */
function columnPitchOf(places: readonly { line: number; column: number }[]): number {
  let pitch = Infinity
  places.forEach((place, index) => {
    const before = places[index - 1]
    if (before?.line === place.line) pitch = Math.min(pitch, place.column - before.column)
  })
  return pitch <= 2 ? pitch : 1
}

function sweetSpotOf(places: readonly { line: number; column: number }[]) {
  const first = places[0]?.line ?? 0
  const last = places.at(-1)?.line ?? 0
  const columns = places.map((place) => place.column)
  return {
    sweetLine: first + ((last - first) * 2) / 3,
    sweetColumn: columns.length === 0 ? 0 : (Math.min(...columns) + Math.max(...columns)) / 2,
  }
}
