import { Value } from 'typebox/value'
import { PretixPlan } from '../../contract/layouts.ts'
import type { Layout, LayoutInput, ReservedLayout, SeatKind } from '../../contract/layouts.ts'
import { bowOf, maximumCurve, seatKinds } from '../../contract/seating.ts'
import { explain } from '../http/explain.ts'
import { maximumProblems, parseLayout, seatIdOf } from './layout.ts'
import type { ParsedLayout } from './layout.ts'

/** Plan units from one seat, or one row, to the next: what pretix's own editor uses. */
const step = 25
/** Marks the plans that we wrote, whose grid can be read back exactly; the curve of the rows follows it. */
const ownZone = 'matinee-grid'
const ownZoneText = /^matinee-grid(?:~(\d{1,2}))?$/u
const generalText = /^General admission: (\d{1,6})$/u
const colors = ['#4b7bec', '#a55eea', '#20bf6b', '#f7b731', '#eb3b5a', '#778ca3']

type PlanRow = PretixPlan['zones'][number]['rows'][number]
type PlanSeat = PlanRow['seats'][number]

/**
 * Writes a layout as a pretix seating plan, the screen above. A seat's kind rides along in its category's name
 * (`standard:wheelchair`), a sofa's unit in the seat's guid, so that reading it back gives the same layout.
 */
export function layoutToPretix(layout: Layout, name: string): PretixPlan {
  const origin = { x: 0, y: 0 }
  const zone = { name, zone_id: ownZone, position: origin }
  if (layout.seating === 'general') {
    const text = { text: `General admission: ${layout.capacity}`, position: origin, size: 16 }
    const areas = [{ shape: 'text', position: { x: step, y: step }, rotation: 0, text }]
    return { name, categories: [], zones: [{ ...zone, rows: [], areas }], size: { width: 400, height: 100 } }
  }
  const places = layout.rows.flatMap((row) => row.seats.map((seat) => ({ line: row.line, column: seat.column })))
  const columns = places.map((place) => place.column)
  const [first, last, curve] = [Math.min(...columns), Math.max(...columns), layout.curve ?? 0]
  const heightOf = (column: number) => Math.round(bowOf(column, first, last, curve) * step)
  const ownName = curve === 0 ? ownZone : `${ownZone}~${curve}`
  const categories = [...new Set(layout.rows.flatMap((row) => row.seats.map(categoryNameOf)))]
  return {
    name,
    categories: categories.map((each, index) => ({ name: each, color: colors[index % colors.length] ?? '#778ca3' })),
    zones: [{ ...zone, zone_id: ownName, rows: layout.rows.map((row) => planRowOf(row, heightOf)), areas: [] }],
    size: {
      width: (last + 1) * step,
      height: (Math.max(...places.map((place) => place.line)) + 1 + Math.ceil(curve / 10)) * step,
    },
  }
}

function planRowOf(row: ReservedLayout['rows'][number], heightOf: (column: number) => number): PlanRow {
  return {
    row_number: row.label,
    row_number_position: 'both',
    position: { x: row.stagger ? step / 2 : 0, y: row.line * step },
    seats: row.seats.map((seat) => ({
      seat_number: seat.number,
      seat_guid: seatIdOf(row.label, seat.number) + (seat.unit === undefined ? '' : `@${seat.unit}`),
      position: { x: seat.column * step, y: heightOf(seat.column) },
      category: categoryNameOf(seat),
    })),
  }
}

function categoryNameOf(seat: { category: string; kind: SeatKind }): string {
  const plain = seat.kind === 'standard' && !seat.category.includes(':')
  return plain ? seat.category : `${seat.category}:${seat.kind}`
}

function kindAndCategoryOf(name: string): { kind: SeatKind; category: string } {
  const colon = name.lastIndexOf(':')
  const kind = seatKinds.find((each) => each === name.slice(colon + 1))
  if (colon > 0 && kind) return { kind, category: name.slice(0, colon) }
  return { kind: 'standard', category: name.trim() || 'standard' }
}

/** Reads a layout in our own format or, when it has `zones`, as a pretix seating plan. */
export function parseAnyLayout(value: unknown): ParsedLayout {
  if (typeof value !== 'object' || value === null || !('zones' in value)) return parseLayout(value)
  if (!Value.Check(PretixPlan, value)) return { problems: explain(PretixPlan, value, maximumProblems) }
  return parseLayout(pretixToLayout(value))
}

/** A seating plan on our grid. Zones become one hall; rows lie in lines by their height, seats in columns by their place. */
function pretixToLayout(plan: PretixPlan): LayoutInput {
  const places = plan.zones.flatMap((zone) =>
    zone.rows.map((row, index) => placedRowOf(row, zone, row.row_number.trim() || `R${index + 1}`)),
  )
  const general = places.every((row) => row.seats.length === 0) ? generalCapacityOf(plan) : undefined
  if (general !== undefined) return { seating: 'general', capacity: general }
  const own = plan.zones.map((zone) => ownZoneText.exec(zone.zone_id ?? ''))
  if (!own.every((found) => found !== null)) return { seating: 'reserved', rows: onFoundGrid(distinctLabels(places)) }
  const curve = Math.min(maximumCurve, Number(own[0]?.[1] ?? 0))
  return { seating: 'reserved', curve, rows: places.map(onOwnGrid) }
}

function generalCapacityOf(plan: PretixPlan): number | undefined {
  for (const area of plan.zones.flatMap((zone) => zone.areas ?? [])) {
    const { text } = area
    const found =
      typeof text === 'object' && text !== null && 'text' in text ? generalText.exec(String(text.text)) : null
    if (found) return Number(found[1])
  }
  return undefined
}

interface PlacedSeat extends PlanSeat {
  readonly x: number
}
interface PlacedRow {
  readonly label: string
  readonly zone: string
  readonly y: number
  /** Where the row itself stands, whatever way its seats bow. */
  readonly foot: { readonly x: number; readonly y: number }
  readonly seats: readonly PlacedSeat[]
}

/** A row with absolute places: a seat's own is relative to its row's, and that to its zone's. A curved row has its mean height. */
function placedRowOf(row: PlanRow, zone: PretixPlan['zones'][number], label: string): PlacedRow {
  const x = zone.position.x + (row.position?.x ?? 0)
  const y = zone.position.y + (row.position?.y ?? 0)
  const heights = row.seats.map((seat) => seat.position.y)
  const height = heights.reduce((sum, each) => sum + each, 0) / Math.max(1, heights.length)
  const seats = row.seats.map((seat) => ({ ...seat, x: x + seat.position.x })).sort((a, b) => a.x - b.x)
  return { label, zone: zone.name?.trim() ?? '', y: y + height, foot: { x, y }, seats }
}

function seatOf(label: string, seat: PlacedSeat, column: number) {
  const { kind, category } = kindAndCategoryOf(seat.category)
  const prefix = `${seatIdOf(label, seat.seat_number)}@`
  const unit = kind === 'sofa' && seat.seat_guid.startsWith(prefix) ? seat.seat_guid.slice(prefix.length) : undefined
  return { number: seat.seat_number.trim(), column, kind, category, ...(unit !== undefined && { unit }) }
}

function onOwnGrid(row: PlacedRow) {
  const seats = row.seats.map((seat) => seatOf(row.label, seat, Math.floor(seat.x / step)))
  return { label: row.label, line: Math.round(row.foot.y / step), stagger: row.foot.x > 0, seats }
}

/** Two zones often both have a row 1: then the zone's name goes before the label, as it would on a ticket. */
function distinctLabels(rows: readonly PlacedRow[]): PlacedRow[] {
  const ids = rows.flatMap((row) => row.seats.map((seat) => seatIdOf(row.label, seat.seat_number)))
  if (new Set(ids).size === ids.length) return [...rows]
  return rows.map((row) => ({ ...row, label: `${row.zone.slice(0, 12)} ${row.label}`.trim() }))
}

function medianOf(values: readonly number[], otherwise: number): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? otherwise
}

/** Lines and columns from free coordinates: the usual distance between neighbours is one step, a larger one an aisle. */
function onFoundGrid(found: readonly PlacedRow[]) {
  const rows = found.filter((row) => row.seats.length > 0).toSorted((a, b) => a.y - b.y)
  const columnStep = medianOf(stepsOf(rows.map((row) => row.seats.map((seat) => seat.x))), step)
  const lineStep = medianOf(stepsOf([rows.map((row) => row.y)], columnStep * 0.3), step)
  const left = Math.min(...rows.flatMap((row) => row.seats.map((seat) => seat.x)))
  let line = 1
  let height = rows[0]?.y ?? 0
  let occupied = new Set<number>()
  return rows.map((row) => {
    let before = 0
    const seats = row.seats.map((seat) => {
      before = Math.max(before + 1, 1 + Math.round((seat.x - left) / columnStep))
      return seatOf(row.label, seat, before)
    })
    const down = Math.round((row.y - height) / lineStep)
    if (down > 0 || seats.some((seat) => occupied.has(seat.column))) {
      line += Math.max(1, down)
      height = row.y
      occupied = new Set()
    }
    for (const seat of seats) occupied.add(seat.column)
    return { label: row.label, line, seats }
  })
}

function stepsOf(places: readonly (readonly number[])[], atLeast = 0.5): number[] {
  return places
    .flatMap((each) => each.map((value, index) => value - (each[index - 1] ?? value)))
    .filter((difference) => difference > atLeast)
}
