import { inALine, inWords, isCalm } from '../storm/report.ts'
import { runStorm } from '../storm/storm.ts'
import type { StormReport, StormWish } from '../storm/storm.ts'
import { ensure } from './fault.ts'
import type { Trial } from './fault.ts'

const acknowledgedPerRound = 60

/** A small storm with a fault in it, over which nothing may be lost or done twice. */
export async function storm(
  { rounds, seed, signal }: Pick<Trial, 'rounds' | 'seed' | 'signal'>,
  wish: Pick<StormWish, 'location'> & Partial<StormWish>,
): Promise<StormReport> {
  const report = await runStorm({
    seed,
    clients: 16,
    seconds: rounds,
    acknowledged: rounds * acknowledgedPerRound,
    kills: rounds,
    habits: { hesitationMs: 40, doubleClicks: 0.1 },
    halls: 2,
    signal,
    ...wish,
  })
  ensure(isCalm(report), inWords(report))
  return report
}

/** The same, told in a line. */
export async function stormInALine(...args: Parameters<typeof storm>): Promise<string> {
  return inALine(await storm(...args))
}
