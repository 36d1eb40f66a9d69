import type { Static } from 'typebox'
import { Value } from 'typebox/value'
import { GeneralLayoutInput, ReservedLayoutInput } from '../../contract/layouts.ts'
import type { Layout, LayoutSeat, ReservedLayout } from '../../contract/layouts.ts'
import { maximumSeats } from '../../contract/seating.ts'
import { explain } from '../http/explain.ts'
import type { FieldProblem } from '../http/explain.ts'

export type ParsedLayout =
  | { readonly layout: Layout; readonly problems?: undefined }
  | { readonly layout?: undefined; readonly problems: readonly FieldProblem[] }

/** More would only hide the first ones. */
export const maximumProblems = 50

/** A seat's id is its row's label and its number: `F12`. */
export function seatIdOf(label: string, number: string): string {
  return `${label}${number}`
}

/** How many people a layout seats. */
export function capacityOf(layout: Layout): number {
  return layout.seating === 'general' ? layout.capacity : layout.rows.reduce((sum, row) => sum + row.seats.length, 0)
}

/** The ids of all the seats, in the order of the layout; none for general admission. */
export function seatIdsOf(layout: Layout): string[] {
  if (layout.seating === 'general') return []
  return layout.rows.flatMap((row) => row.seats.map((seat) => seatIdOf(row.label, seat.number)))
}

/** The price categories that a layout's seats have, sorted; general admission has `standard` alone. */
export function categoriesOf(layout: Layout): string[] {
  if (layout.seating === 'general') return ['standard']
  return [...new Set(layout.rows.flatMap((row) => row.seats.map((seat) => seat.category)))].toSorted()
}

/**
 * Turns what was sent or imported into the form that is stored: every default filled in, rows without seats left out.
 * All problems are listed, not only the first. Defaults and limits: API.md, Venues.
 */
export function parseLayout(value: unknown): ParsedLayout {
  if (typeof value !== 'object' || value === null) return { problems: [{ path: '', message: 'must be an object' }] }
  if ('seating' in value && value.seating === 'general') {
    return Value.Check(GeneralLayoutInput, value)
      ? { layout: { seating: 'general', capacity: value.capacity } }
      : { problems: explain(GeneralLayoutInput, value, maximumProblems) }
  }
  if (!Value.Check(ReservedLayoutInput, value))
    return { problems: explain(ReservedLayoutInput, value, maximumProblems) }
  const layout = withDefaults(value)
  const problems = ruleProblems(value, layout)
  return problems.length > 0 ? { problems } : { layout: { ...layout, rows: layout.rows.filter(hasSeats) } }
}

function hasSeats(row: ReservedLayout['rows'][number]): boolean {
  return row.seats.length > 0
}

type ReservedInput = Static<typeof ReservedLayoutInput>

/** Rows keep their places, empty ones too, so that a problem's path still points into what was sent. */
function withDefaults(input: ReservedInput): ReservedLayout {
  return {
    seating: 'reserved',
    ...(input.curve && { curve: input.curve }),
    rows: input.rows.map((row, index) => {
      let column = 0
      const seats = row.seats.map((seat): LayoutSeat => {
        column = seat.column ?? column + 1
        return {
          number: seat.number,
          column,
          category: seat.category ?? 'standard',
          kind: seat.kind ?? 'standard',
          ...(seat.unit !== undefined && { unit: seat.unit }),
        }
      })
      return { label: row.label, line: row.line ?? index + 1, ...(row.stagger && { stagger: true }), seats }
    }),
  }
}

interface Placed {
  readonly seat: LayoutSeat
  readonly line: number
  readonly id: string
  readonly path: string
}

/** The rules that a schema cannot say. */
function ruleProblems(input: ReservedInput, layout: ReservedLayout): FieldProblem[] {
  const seats = layout.rows.flatMap((row, rowIndex) =>
    row.seats.map((seat, seatIndex): Placed => {
      const id = seatIdOf(row.label, seat.number)
      return { seat, line: row.line, id, path: `/rows/${rowIndex}/seats/${seatIndex}` }
    }),
  )
  if (seats.length === 0) return [{ path: '/rows', message: 'must have at least one seat' }]
  if (seats.length > maximumSeats) {
    return [{ path: '/rows', message: `must have at most ${maximumSeats} seats, not ${seats.length}` }]
  }
  const problems = [
    ...untrimmedProblems(input),
    ...twiceProblems(
      seats,
      (placed) => placed.id,
      (placed, first) => `seat ${placed.id} is there already, at ${first.path}`,
    ),
    ...twiceProblems(
      seats,
      (placed) => `${placed.line}:${placed.seat.column}`,
      (placed, first) => `lies on seat ${first.id}: line ${placed.line}, column ${placed.seat.column}`,
    ),
    ...unitProblems(seats),
  ]
  return problems.slice(0, maximumProblems)
}

/** Labels that differ by white space alone look the same on a ticket. */
function untrimmedProblems(input: ReservedInput): FieldProblem[] {
  const problems: FieldProblem[] = []
  const check = (text: string, path: string) => {
    if (text !== text.trim()) problems.push({ path, message: 'must not begin or end with white space' })
  }
  input.rows.forEach((row, rowIndex) => {
    check(row.label, `/rows/${rowIndex}/label`)
    row.seats.forEach((seat, seatIndex) => check(seat.number, `/rows/${rowIndex}/seats/${seatIndex}/number`))
  })
  return problems
}

function twiceProblems(
  seats: readonly Placed[],
  keyOf: (placed: Placed) => string,
  messageOf: (placed: Placed, first: Placed) => string,
): FieldProblem[] {
  const firsts = new Map<string, Placed>()
  const problems: FieldProblem[] = []
  for (const placed of seats) {
    const first = firsts.get(keyOf(placed))
    if (first === undefined) firsts.set(keyOf(placed), placed)
    else problems.push({ path: placed.path, message: messageOf(placed, first) })
  }
  return problems
}

/** A unit joins the seats of one sofa: two or more, in one line. */
function unitProblems(seats: readonly Placed[]): FieldProblem[] {
  const problems: FieldProblem[] = []
  const units = new Map<string, Placed[]>()
  for (const placed of seats) {
    const { unit, kind } = placed.seat
    if (unit === undefined) continue
    if (kind !== 'sofa')
      problems.push({ path: `${placed.path}/unit`, message: `only sofa seats have a unit, not ${kind}` })
    else units.getOrInsertComputed(unit, () => []).push(placed)
  }
  for (const [unit, [first, ...others]] of units) {
    if (first === undefined) continue
    if (others.length === 0) problems.push({ path: `${first.path}/unit`, message: `sofa ${unit} has only one seat` })
    const stray = others.find((other) => other.line !== first.line)
    if (stray)
      problems.push({
        path: `${stray.path}/unit`,
        message: `sofa ${unit} begins in another line, with seat ${first.id}`,
      })
  }
  return problems
}
