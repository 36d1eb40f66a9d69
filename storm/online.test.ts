import { expect, it, onTestFinished } from 'vitest'
import { killChildren } from '../server/testing/children.ts'
import { freshDatabase, onBothEngines } from '../server/testing/harness.ts'
import { tell } from '../server/testing/tell.ts'
import { openOnlineTrade } from './online-trade.ts'
import { inALine, isCalm, inWords } from './report.ts'
import { runStorm } from './storm.ts'

onBothEngines('a house whose payment providers misbehave and whose server is killed', (engine) => {
  it(
    'has the money of the seats it sold, to the penny: nobody is charged without a ticket, no ticket is unpaid',
    { timeout: 240_000 },
    async ({ signal }) => {
      const { location, drop } = await freshDatabase(engine)
      onTestFinished(drop)
      onTestFinished(killChildren)
      const trade = await openOnlineTrade('a test', 6)
      onTestFinished(() => trade.close())
      const report = await runStorm({
        location,
        trade,
        seed: 'a test',
        clients: 24,
        seconds: 0,
        payments: 120,
        kills: 3,
        habits: { hesitationMs: 60, doubleClicks: 0.1 },
        halls: 2,
        signal,
      })
      tell(`storm of payments [${engine}]: ${inALine(report)}`)
      expect(isCalm(report), inWords(report)).toBe(true)
      expect(report.kills).toBe(3)
      expect(report.journal.purchases.filter(({ outcome }) => outcome === 'succeed').length).toBeGreaterThan(5)
    },
  )
})
