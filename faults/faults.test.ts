import { describe, expect, it, onTestFinished } from 'vitest'
import { killChildren } from '../server/testing/children.ts'
import { freshDatabase } from '../server/testing/harness.ts'
import { tell } from '../server/testing/tell.ts'
import { faults } from './list.ts'
import { missing } from './needs.ts'

/** What needs nothing but Node (and a shell) is brought about in every run of the tests, a few times. */
const here = faults.filter(({ rounds }) => rounds.test > 0)
const cases = here.flatMap((fault) => fault.engines.map((engine) => ({ fault, engine })))

describe.each(cases)('$fault.id: $fault.holds', ({ fault, engine }) => {
  it(`[${engine}]`, { timeout: 180_000 }, async ({ signal }) => {
    // Also where its time is up: what still runs then is ended, and what waits for it fails.
    onTestFinished(killChildren)
    expect(missing(fault.needs)).toEqual([])
    const drops: (() => Promise<void>)[] = []
    try {
      const seen = await fault.run({
        engine,
        rounds: fault.rounds.test,
        seed: 'a test',
        signal,
        async breakGround() {
          const { location, drop } = await freshDatabase(engine)
          drops.push(drop)
          return location
        },
      })
      tell(`${fault.id} [${engine}]: ${seen}`)
    } finally {
      for (const drop of drops) await drop()
    }
  })
})
