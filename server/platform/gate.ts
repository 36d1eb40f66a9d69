import { refuse } from './refusal.ts'
import type { Refusal } from './refusal.ts'

/**
 * At most `running` at work, `waiting` in line; more are refused at once, so that a flood of heavy work cannot starve the
 * rest. `detail` tells whoever is refused what there is too much of.
 */
export function createGate(
  running: number,
  waiting: number,
  detail: string,
): <Result>(work: () => Promise<Result>) => Promise<Result | Refusal<'overloaded'>> {
  const line: (() => void)[] = []
  let active = 0
  return async (work) => {
    if (active >= running) {
      if (line.length >= waiting) return refuse('overloaded', detail, { retryAfterSeconds: 2 })
      await new Promise<void>((resolve) => line.push(resolve))
    } else {
      active += 1
    }
    try {
      return await work()
    } finally {
      // The place is handed on, not given up and taken again: nobody slips in between.
      const next = line.shift()
      if (next) next()
      else active -= 1
    }
  }
}
