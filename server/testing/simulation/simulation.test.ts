import { describe, expect, it } from 'vitest'
import { tell } from '../tell.ts'
import { bugs } from './disk.ts'
import type { Bug } from './disk.ts'
import { simulate } from './world.ts'

/** How many histories are told; more in a long run. */
const histories = Number(process.env['SIM_HISTORIES'] ?? 400)
const first = Number(process.env['SIM_SEED'] ?? 1)

/** The first history that shows a mistake. */
function findMistake(bug: Bug, most: number) {
  for (let seed = 1; seed <= most; seed += 1) {
    const outcome = simulate(seed, bug)
    if (outcome.problems.length > 0) return outcome
  }
  return null
}

describe('the seat ledger under a scheduler that knows no mercy', () => {
  it('keeps every promise, wherever servers crash, answers are lost and clocks jump', () => {
    const totals = { steps: 0, crashes: 0, unknown: 0, asked: 0 }
    for (let seed = first; seed < first + histories; seed += 1) {
      const { problems, counts } = simulate(seed)
      expect(problems, `npm run sim -- --seed ${seed} --histories 1`).toEqual([])
      for (const name of ['steps', 'crashes', 'unknown', 'asked'] as const) totals[name] += counts[name]
    }
    // It was no quiet day.
    expect(totals.crashes).toBeGreaterThan(histories)
    expect(totals.unknown).toBeGreaterThan(histories)
    tell(
      `simulation: ${histories} histories, ${totals.asked} requests, ${totals.unknown} unanswered, ${totals.crashes} crashes`,
    )
  })

  it('goes the same way again, to the last byte, when it is told by the same seed', () => {
    for (const seed of [1, 2, 3, 77]) {
      const { trace } = simulate(seed)
      expect(trace.length).toBeGreaterThan(100)
      expect(simulate(seed).trace.join('\n')).toBe(trace.join('\n'))
    }
    expect(simulate(2).trace).not.toEqual(simulate(1).trace)
  })

  it.each(bugs)('is found out within 200 histories when its mistake is: %s', (bug) => {
    const found = findMistake(bug, 200)
    expect(found).not.toBeNull()
    // And every time again.
    expect(simulate(found?.seed ?? 0, bug)).toEqual(found)
  })
})
