import fc from 'fast-check'
import { expect, it } from 'vitest'
import { onBothEngines, startApp } from '../testing/harness.ts'
import { ledgerProblems } from '../testing/ledger-check.ts'
import { rules, SellingModel } from '../testing/selling-model.ts'
import { compare, compareHolds, step, take } from '../testing/selling-steps.ts'
import type { Step, World } from '../testing/selling-steps.ts'
import { makeShowtime } from '../testing/showtimes.ts'
import { signIn } from '../testing/sign-in.ts'
import { tell } from '../testing/tell.ts'

/** How many stories are told; more in a long run. */
const stories = Number(process.env['FC_RUNS'] ?? 25)

/** Stories that once ended otherwise. */
const foundBefore: readonly Step[][] = [
  [
    { do: 'book at once', seats: ['B3'] },
    { do: 'begin payment', which: 0 },
    { do: 'wait', seconds: 600 },
    { do: 'confirm', which: 0, outcome: 'succeed' },
    { do: 'confirm', which: 0, outcome: 'succeed' },
  ],
]

onBothEngines('selling', (engine) => {
  it(
    'goes as a small model says, whatever is held, booked, paid, cancelled and left to lapse',
    { timeout: 3600_000 },
    async () => {
      const test = await startApp(engine, { environment: { MAX_HOLDS_PER_CLIENT: '0', ACCESS_TOKEN_SECONDS: '86400' } })
      const wish = { adultAmount: rules.price, settings: { refundSharePercent: rules.refundShare * 100 } }
      const rows = ['A', 'B'].map((label) => ({ label, seats: ['1', '2', '3'].map((number) => ({ number })) }))
      let steps = 0
      async function setOut(): Promise<World> {
        const reserved = await makeShowtime(test, { ...wish, layout: { rows } })
        const general = await makeShowtime(test, { ...wish, layout: { seating: 'general', capacity: rules.places } })
        return {
          test,
          model: new SellingModel(test.clock.now()),
          showtimes: { reserved: reserved.showtimeId, general: general.showtimeId },
          staff: await signIn(test, 'admin'),
        }
      }
      await fc.assert(
        fc.asyncProperty(fc.array(step, { maxLength: 30, size: 'max' }), async (story) => {
          const world = await setOut()
          const seen = new Map()
          for (const each of story) {
            await take(world, each)
            await compare(world, seen)
            steps += 1
          }
          await compareHolds(world)
        }),
        { numRuns: stories, examples: foundBefore.map((story) => [story]) },
      )
      expect(await ledgerProblems(test.database, test.clock.now())).toEqual([])
      tell(`selling [${engine}]: ${stories} stories, ${steps} steps`)
    },
  )
})
