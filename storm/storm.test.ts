import { expect, it, onTestFinished } from 'vitest'
import { killChildren } from '../server/testing/children.ts'
import { freshDatabase, onBothEngines } from '../server/testing/harness.ts'
import { tell } from '../server/testing/tell.ts'
import { inALine, isCalm, inWords } from './report.ts'
import { runStorm } from './storm.ts'

onBothEngines('a server that is killed while people buy, pay late, click twice, exchange and come in', (engine) => {
  it(
    'loses nothing that it acknowledged, does nothing twice, and charges nobody without seats',
    { timeout: 120_000 },
    async ({ signal }) => {
      const { location, drop } = await freshDatabase(engine)
      onTestFinished(drop)
      onTestFinished(killChildren)
      const report = await runStorm({
        location,
        seed: 'a test',
        clients: 24,
        seconds: 5,
        acknowledged: 600,
        kills: 2,
        habits: { hesitationMs: 60, doubleClicks: 0.1 },
        halls: 2,
        signal,
      })
      tell(`storm [${engine}]: ${inALine(report)}`)
      expect(isCalm(report), inWords(report)).toBe(true)
      const { journal, met } = report
      expect(report.kills).toBe(2)
      expect(met.unanswered).toBeGreaterThan(0)
      // What the storm is for has taken place, and often enough to mean something.
      for (const what of ['exchanged', 'cancelled', 'admitted', 'released', 'lapsed'] as const) {
        expect(
          journal.purchases.some((purchase) => purchase[what] !== undefined),
          what,
        ).toBe(true)
      }
      expect(journal.doubleClicks).toBeGreaterThan(10)
      expect(journal.acknowledged.length).toBeGreaterThanOrEqual(600)
    },
  )
})
