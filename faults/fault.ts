import type { Engine } from '../server/database/database.ts'
import type { Ground } from '../storm/ground.ts'
import type { Need } from './needs.ts'

/** A fault: what may happen to a house, and what must be true all the same. */
export interface Fault {
  /** By its number in the list of faults. */
  readonly id: `F${number}`
  /** What must hold, in one sentence. */
  readonly holds: string
  /** How it is brought about. */
  readonly injection: string
  readonly engines: readonly Engine[]
  /** How often: in a test, by hand, and in the long run. */
  readonly rounds: { readonly test: number; readonly short: number; readonly long: number }
  /** What the machine must have; where nothing is needed but Node, the tests bring it about too. */
  readonly needs: readonly Need[]
  /** Answers what was seen, in a line; throws where it does not hold. */
  run(trial: Trial): Promise<string>
}

export interface Trial {
  readonly engine: Engine
  readonly rounds: number
  readonly seed: string
  /** Aborted when nobody waits for it any more: it ends what it has begun. */
  readonly signal: AbortSignal
  /** A new, migrated database; it is dropped with the trial. */
  breakGround(): Promise<Ground['location']>
}

/** What does not hold is told with what was seen instead. */
export function ensure(condition: boolean, what: string): asserts condition {
  if (!condition) throw new Error(what)
}

export const bothEngines: readonly Engine[] = ['sqlite', 'postgres']
