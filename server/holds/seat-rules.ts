import type { Layout } from '../../contract/layouts.ts'
import { seatPlanOf } from './seat-plan.ts'
import type { PlannedSeat } from './seat-plan.ts'

/**
 * The seats that would be left as new single gaps: free, alone between taken seats, aisles or the row's end, and not so before.
 * A gap that no choice of as many seats beside each other could avoid (three free, two wanted) does not count; nor does a single
 * wheelchair, companion or restricted-view place, which is often alone by nature.
 */
export function singleGapsLeft(layout: Layout, taken: ReadonlySet<string>, chosen: readonly string[]): string[] {
  const plan = seatPlanOf(layout)
  const wanted = new Set(chosen)
  const touched = new Set(chosen.flatMap((id) => plan.byId.get(id)?.lineIndex ?? []))
  return [...touched]
    .flatMap((index) => freeRuns(plan.lines[index] ?? [], taken))
    .filter((run) => run.some((seat) => wanted.has(seat.id)))
    .flatMap((run) => gapsInRun(run, wanted))
}

/** Whether a choice breaks the single-gap rule; see `singleGapsLeft`. */
export function leavesSingleGap(layout: Layout, taken: ReadonlySet<string>, chosen: readonly string[]): boolean {
  return singleGapsLeft(layout, taken, chosen).length > 0
}

/** Free seats side by side, in pieces as long as they go. */
function freeRuns(line: readonly PlannedSeat[], taken: ReadonlySet<string>): PlannedSeat[][] {
  const runs: PlannedSeat[][] = []
  let before: PlannedSeat | undefined
  for (const seat of line) {
    if (taken.has(seat.id)) {
      before = undefined
      continue
    }
    if (before?.block === seat.block) runs.at(-1)?.push(seat)
    else runs.push([seat])
    before = seat
  }
  return runs
}

function gapsInRun(run: readonly PlannedSeat[], wanted: ReadonlySet<string>): string[] {
  const isWanted = (index: number) => {
    const seat = run[index]
    return seat !== undefined && wanted.has(seat.id)
  }
  const isFree = (index: number) => index >= 0 && index < run.length && !isWanted(index)
  const gaps = run.filter((_, index) => isFree(index) && !isFree(index - 1) && !isFree(index + 1))
  const left = run.filter((seat) => !wanted.has(seat.id)).length
  const onlyAtAnEnd = isFree(0) || isFree(run.length - 1)
  if (left === 1 && onlyAtAnEnd) return []
  return gaps.filter((seat) => seat.kind === 'standard' || seat.kind === 'sofa').map((seat) => seat.id)
}

/** The sofas of which a choice takes one part and leaves another free. */
export function splitSofas(layout: Layout, taken: ReadonlySet<string>, chosen: readonly string[]): string[] {
  const plan = seatPlanOf(layout)
  if (plan.units.size === 0) return []
  const wanted = new Set(chosen)
  const units = new Set(chosen.flatMap((id) => plan.byId.get(id)?.unit ?? []))
  return [...units].filter((unit) => plan.units.get(unit)?.some((seat) => !wanted.has(seat.id) && !taken.has(seat.id)))
}

/** Whether a choice splits a sofa; for theatres that sell them whole. */
export function splitsSofa(layout: Layout, taken: ReadonlySet<string>, chosen: readonly string[]): boolean {
  return splitSofas(layout, taken, chosen).length > 0
}

/** Whether a choice has a companion seat and no wheelchair place. */
export function companionNeedsWheelchair(layout: Layout, chosen: readonly string[]): boolean {
  const { byId } = seatPlanOf(layout)
  const kinds = new Set(chosen.map((id) => byId.get(id)?.kind))
  return kinds.has('companion') && !kinds.has('wheelchair')
}
