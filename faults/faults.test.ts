import { describe, expect, it } from 'vitest'
import { freshDatabase } from '../server/testing/harness.ts'
import { tell } from '../server/testing/tell.ts'
import { faults } from './list.ts'
import { missing } from './needs.ts'

/** What needs nothing but Node (and a shell) is brought about in every run of the tests, a few times. */
const here = faults.filter(({ rounds }) => rounds.test > 0)

describe.each(here)('$id: $holds', (fault) => {
  it.each(fault.engines)('[%s]', { timeout: 180_000 }, async (engine) => {
    expect(missing(fault.needs)).toEqual([])
    const drops: (() => Promise<void>)[] = []
    try {
      const seen = await fault.run({
        engine,
        rounds: fault.rounds.test,
        seed: 'a test',
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
