import { maximumSeats } from '../../../contract/seating.ts'
import { placeOf, seatsOf } from './plan.ts'
import type { Place, PlacedSeat, Plan } from './plan.ts'

/** What is wrong with a plan; the codes of `errors` keep it from being saved. Source: server/venues/layout.ts. */
export interface PlanProblem {
  readonly code: 'empty' | 'too_many' | 'seat_twice' | 'sofa_of_one' | 'sofa_over_lines' | 'label' | 'companion_alone'
  readonly weight: 'error' | 'warning'
  /** The seat, sofa or number that it is about. */
  readonly what: string
  readonly places: readonly Place[]
}

const longestLabel = 20

/** Everything that the house would refuse, and what it would wonder about. */
export function problemsOf(plan: Plan): PlanProblem[] {
  const seats = seatsOf(plan)
  return [...countProblems(seats), ...twice(seats), ...sofaProblems(seats), ...labelProblems(plan), ...alone(seats)]
}

function error(code: PlanProblem['code'], what: string, seats: readonly PlacedSeat[]): PlanProblem {
  return { code, weight: 'error', what, places: seats.map(placeOf) }
}

function countProblems(seats: readonly PlacedSeat[]): PlanProblem[] {
  if (seats.length === 0) return [error('empty', '', [])]
  return seats.length > maximumSeats ? [error('too_many', String(seats.length), [])] : []
}

function twice(seats: readonly PlacedSeat[]): PlanProblem[] {
  return [...Map.groupBy(seats, ({ id }) => id)]
    .filter(([, same]) => same.length > 1)
    .map(([id, same]) => error('seat_twice', id, same))
}

function sofaProblems(seats: readonly PlacedSeat[]): PlanProblem[] {
  const sofas = Map.groupBy(
    seats.filter(({ seat }) => seat.unit !== undefined),
    ({ seat }) => seat.unit ?? '',
  )
  return [...sofas].flatMap(([unit, parts]) => {
    if (parts.length === 1) return [error('sofa_of_one', unit, parts)]
    return parts.some(({ line }) => line !== parts[0]?.line) ? [error('sofa_over_lines', unit, parts)] : []
  })
}

function isLabel(text: string): boolean {
  return text !== '' && text === text.trim() && text.length <= longestLabel
}

function labelProblems(plan: Plan): PlanProblem[] {
  return seatsOf(plan)
    .filter(({ row, seat }) => !isLabel(row.label) || !isLabel(seat.number))
    .map((placed) => error('label', placed.id, [placed]))
}

/** A companion's seat goes with a wheelchair place: beside none it is never sold. */
function alone(seats: readonly PlacedSeat[]): PlanProblem[] {
  const wheelchairs = new Set(seats.filter(({ seat }) => seat.kind === 'wheelchair').map(({ line }) => line))
  return seats
    .filter(({ seat, line }) => seat.kind === 'companion' && !wheelchairs.has(line))
    .map((placed) => ({ code: 'companion_alone', weight: 'warning', what: placed.id, places: [placeOf(placed)] }))
}
