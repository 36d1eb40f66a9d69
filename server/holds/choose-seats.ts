import type { Layout } from '../../contract/layouts.ts'
import { seatPlanOf } from './seat-plan.ts'
import type { PlannedSeat, SeatPlan } from './seat-plan.ts'
import { singleGapsLeft, splitSofas } from './seat-rules.ts'

export interface SeatWish {
  readonly count: number
  readonly category?: string
  /** A wheelchair place, and seats for those who come along: companion seats first. */
  readonly accessible?: boolean
}

/** The theatre's settings that bear on which seats may go together. */
export interface SeatRules {
  readonly singleGapRule?: boolean
  readonly sellSofasWhole?: boolean
}

/** Where the seats ought to be, in lines and columns of the grid. */
interface Spot {
  readonly line: number
  readonly column: number
  /** Too near the screen is worse than too far: the sweet spot alone knows a front. */
  readonly frontWeight: number
}

interface Group {
  readonly seats: readonly PlannedSeat[]
  readonly cost: number
}

/** Costs are in seat widths from the spot. */
const lineWeight = 1.5
const sweetFrontWeight = 2
const singleGapCost = 1.5
const splitSofaCost = 1.5
/** Above any distance in a hall: whatever is together beats whatever is apart. */
const apartCost = 10_000
const maximumSuggestions = 3
/** Groups that are looked at closely; the nearest come first, so what lies behind them is never better by much. */
const maximumJudged = 60

/**
 * The best free seats for a party: side by side near the sweet spot; across an aisle, in two lines or scattered only
 * when there is no other way. Wheelchair, companion and restricted-view places only for `accessible`, and restricted
 * view never. Answers null when there are not enough.
 */
export function bestSeats(
  layout: Layout,
  taken: ReadonlySet<string>,
  wish: SeatWish,
  rules: SeatRules = {},
): string[] | null {
  const plan = seatPlanOf(layout)
  const spot = { line: plan.sweetLine, column: plan.sweetColumn, frontWeight: sweetFrontWeight }
  const search = { layout, plan, taken, rules, spot, count: wish.count, category: wish.category }
  const groups = wish.accessible ? accessibleGroups(search, 1) : ordinaryGroups(search)
  const best = groups[0]
  return best ? idsOf(best) : null
}

/**
 * Up to three other groups of as many seats, near those that were wanted, nearest first and without a seat in common;
 * of the same price category where there are such.
 */
export function suggestSeats(
  layout: Layout,
  taken: ReadonlySet<string>,
  wanted: readonly string[],
  rules: SeatRules = {},
): string[][] {
  const plan = seatPlanOf(layout)
  const seats = wanted.flatMap((id) => plan.byId.get(id) ?? [])
  const first = seats[0]
  if (first === undefined) return []
  const spot = {
    line: meanOf(seats, (seat) => seat.line),
    column: meanOf(seats, (seat) => seat.column),
    frontWeight: lineWeight,
  }
  const wheelchairs = seats.filter((seat) => seat.kind === 'wheelchair').length
  const oneCategory = seats.every((seat) => seat.category === first.category) ? first.category : undefined
  for (const category of new Set([oneCategory, undefined])) {
    const search = { layout, plan, taken, rules, spot, count: seats.length, category }
    const groups = wheelchairs > 0 ? accessibleGroups(search, wheelchairs) : ordinaryGroups(search)
    if (groups.length > 0) return disjoint(groups).map(idsOf)
  }
  return []
}

interface Search {
  readonly layout: Layout
  readonly plan: SeatPlan
  readonly taken: ReadonlySet<string>
  readonly rules: SeatRules
  readonly spot: Spot
  readonly count: number
  readonly category: string | undefined
}

function idsOf(group: Group): string[] {
  return group.seats.map((seat) => seat.id)
}

function meanOf(seats: readonly PlannedSeat[], valueOf: (seat: PlannedSeat) => number): number {
  return seats.reduce((sum, seat) => sum + valueOf(seat), 0) / seats.length
}

function disjoint(groups: readonly Group[]): Group[] {
  const used = new Set<string>()
  const chosen: Group[] = []
  for (const group of groups) {
    if (group.seats.some((seat) => used.has(seat.id))) continue
    chosen.push(group)
    if (chosen.length === maximumSuggestions) break
    for (const seat of group.seats) used.add(seat.id)
  }
  return chosen
}

function byCost(a: Group, b: Group): number {
  return a.cost - b.cost
}

function distance(seat: PlannedSeat, spot: Spot): number {
  const lines = (seat.line - spot.line) * (seat.line < spot.line ? spot.frontWeight : lineWeight)
  return Math.hypot(lines, seat.column - spot.column)
}

function isOrdinary(seat: PlannedSeat, search: Search): boolean {
  return (
    (seat.kind === 'standard' || seat.kind === 'sofa') &&
    (search.category === undefined || seat.category === search.category) &&
    !search.taken.has(seat.id)
  )
}

/** Groups in one line; only where there is none, in two neighbouring lines; only where there is none, the nearest seats. */
function ordinaryGroups(search: Search): Group[] {
  const together = lawful(search, windowsOf(search, search.count))
  if (together.length > 0) return together
  const paired = lawful(search, pairedWindows(search))
  return paired.length > 0 ? paired : lawful(search, scattered(search))
}

/** Groups that the theatre's rules allow, best first. Those it merely dislikes cost more. */
function lawful(search: Search, groups: Group[]): Group[] {
  groups.sort(byCost)
  const { layout, taken, rules } = search
  const judged: Group[] = []
  for (const group of groups) {
    if (judged.length === maximumJudged) break
    const ids = idsOf(group)
    const gaps = singleGapsLeft(layout, taken, ids).length
    const sofas = splitSofas(layout, taken, ids).length
    if ((gaps > 0 && rules.singleGapRule) || (sofas > 0 && rules.sellSofasWhole)) continue
    judged.push({ seats: group.seats, cost: group.cost + gaps * singleGapCost + sofas * splitSofaCost })
  }
  return judged.sort(byCost)
}

/** Every row of `count` free ordinary seats with no other seat between them; an aisle between costs as much as being apart. */
function windowsOf(search: Search, count: number): Group[] {
  const groups: Group[] = []
  for (const line of search.plan.lines) {
    let free: PlannedSeat[] = []
    for (const seat of line) {
      if (!isOrdinary(seat, search)) {
        free = []
        continue
      }
      free.push(seat)
      if (free.length > count) free = free.slice(1)
      if (free.length === count) groups.push({ seats: free.slice(), cost: costOf(free, search.spot) })
    }
  }
  return groups
}

function costOf(seats: readonly PlannedSeat[], spot: Spot): number {
  let cost = meanOf(seats, (seat) => distance(seat, spot))
  seats.forEach((seat, index) => {
    const before = seats[index - 1]
    if (before && before.block !== seat.block) cost += apartCost + (seat.column - before.column)
  })
  return cost
}

/** Two rows of seats, one behind the other as nearly as can be, as even in size as can be. */
function pairedWindows(search: Search): Group[] {
  for (let smaller = Math.floor(search.count / 2); smaller >= 1; smaller -= 1) {
    const groups: Group[] = []
    const fronts = windowsOf(search, search.count - smaller).filter((group) => group.cost < apartCost)
    const backs = Map.groupBy(
      windowsOf(search, smaller).filter((group) => group.cost < apartCost),
      (group) => group.seats[0]?.line ?? 0,
    )
    const lineNumbers = search.plan.lines.map((line) => line[0]?.line ?? 0)
    lineNumbers.forEach((number, index) => {
      const near = [lineNumbers[index - 1], lineNumbers[index + 1]].flatMap((other) =>
        other === undefined ? [] : (backs.get(other) ?? []),
      )
      for (const front of fronts) {
        if (front.seats[0]?.line === number) groups.push(...nearestPair(front, near))
      }
    })
    if (groups.length > 0) return groups
  }
  return []
}

function nearestPair(front: Group, near: readonly Group[]): Group[] {
  const middle = middleOf(front)
  let best: Group | undefined
  let bestCost = Infinity
  for (const back of near) {
    const cost = front.cost + back.cost + Math.abs(middleOf(back) - middle) * 4
    if (cost < bestCost) [best, bestCost] = [back, cost]
  }
  return best ? [{ seats: [...front.seats, ...best.seats], cost: bestCost }] : []
}

function middleOf(group: Group): number {
  return ((group.seats[0]?.column ?? 0) + (group.seats.at(-1)?.column ?? 0)) / 2
}

/** The most that are tried as the middle of a scattered party. */
const maximumSeeds = 24

/** The free seats nearest to one of the better seats: nobody sits together for sure, but all sit as near as can be. */
function scattered(search: Search): Group[] {
  const free = search.plan.lines.flat().filter((seat) => isOrdinary(seat, search))
  if (free.length < search.count) return []
  const seeds = free.toSorted((a, b) => distance(a, search.spot) - distance(b, search.spot)).slice(0, maximumSeeds)
  return seeds.map((seed) => {
    const seats = nearestTo(seed, free, search.count)
    return { seats, cost: spreadOf(seed, seats) * 4 + meanOf(seats, (seat) => distance(seat, search.spot)) }
  })
}

function spreadOf(seed: PlannedSeat, seats: readonly PlannedSeat[]): number {
  return meanOf(seats, (seat) => apart(seed, seat))
}

function apart(a: PlannedSeat, b: PlannedSeat): number {
  return Math.abs(a.column - b.column) + Math.abs(a.line - b.line) * 3
}

function nearestTo(seed: PlannedSeat, seats: readonly PlannedSeat[], count: number): PlannedSeat[] {
  return cheapest(seats, count, (seat) => apart(seed, seat)).map(([seat]) => seat)
}

/** The `count` seats of least cost, in order; one pass, for it runs once per seed over all the seats of a hall. */
function cheapest(
  seats: readonly PlannedSeat[],
  count: number,
  costOfSeat: (seat: PlannedSeat) => number,
): [PlannedSeat, number][] {
  const best: [PlannedSeat, number][] = []
  for (const seat of seats) {
    const cost = costOfSeat(seat)
    if (best.length === count && cost >= (best.at(-1)?.[1] ?? 0)) continue
    const place = best.findIndex(([, other]) => other > cost)
    best.splice(place === -1 ? best.length : place, 0, [seat, cost])
    if (best.length > count) best.pop()
  }
  return best
}

/** Wheelchair places with those who come along as near as can be: companion seats, then ordinary ones, then more wheelchair places. */
function accessibleGroups(search: Search, wheelchairs: number): Group[] {
  const isWanted = (seat: PlannedSeat) =>
    (search.category === undefined || seat.category === search.category) && !search.taken.has(seat.id)
  const free = search.plan.lines.flat().filter((seat) => isWanted(seat) && seat.kind !== 'restricted_view')
  const places = free.filter((seat) => seat.kind === 'wheelchair')
  if (places.length < wheelchairs || free.length < search.count) return []
  const preference = { companion: 0, standard: 2, sofa: 2, wheelchair: 50, restricted_view: 50 }
  const groups = places.map((seed): Group => {
    const own = nearestTo(seed, places, wheelchairs)
    const others = cheapest(
      free.filter((seat) => !own.includes(seat)),
      search.count - wheelchairs,
      (seat) => apart(seed, seat) + preference[seat.kind],
    )
    const cost = others.reduce((sum, [, each]) => sum + each, spreadOf(seed, own) * 4)
    return { seats: [...own, ...others.map(([seat]) => seat)], cost: cost + distance(seed, search.spot) / 10 }
  })
  return lawful(search, groups)
}
