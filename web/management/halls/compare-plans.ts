import type { Layout } from '../../../contract/layouts.ts'
import { categoriesOf, seatsOf } from './plan.ts'

/** What a new version of a layout means for those who sell and sit. */
export interface Difference {
  readonly added: readonly string[]
  readonly removed: readonly string[]
  /** Seats of another category or kind than before. */
  readonly changed: readonly string[]
  readonly newCategories: readonly string[]
  readonly changesSeating: boolean
  readonly isSame: boolean
}

/** Compares what is saved with what is drawn. */
export function compare(before: Layout, after: Layout): Difference {
  const [old, fresh] = [facts(before), facts(after)]
  return {
    added: [...fresh.seats.keys()].filter((id) => !old.seats.has(id)),
    removed: [...old.seats.keys()].filter((id) => !fresh.seats.has(id)),
    changed: [...fresh.seats].filter(([id, what]) => (old.seats.get(id) ?? what) !== what).map(([id]) => id),
    newCategories: fresh.categories.filter((category) => !old.categories.includes(category)),
    changesSeating: before.seating !== after.seating,
    isSame: JSON.stringify(before) === JSON.stringify(after),
  }
}

function facts(layout: Layout) {
  if (layout.seating === 'general') return { seats: new Map<string, string>(), categories: ['standard'] }
  const seats = seatsOf(layout).map(({ id, seat }): [string, string] => [
    id,
    `${seat.category}|${seat.kind}|${seat.unit ?? ''}`,
  ])
  return { seats: new Map(seats), categories: categoriesOf(layout) }
}
