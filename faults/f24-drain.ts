import { inALine } from '../storm/report.ts'
import { bothEngines, ensure } from './fault.ts'
import type { Fault } from './fault.ts'
import { storm } from './stormy.ts'

const longestMs = 10_000

export const drain: Fault = {
  id: 'F24',
  holds:
    'A server that is told to stop under load finishes what is running, ends with 0 within ten seconds, and nobody hears 500.',
  injection: 'SIGTERM and a new start, again and again under load',
  engines: bothEngines,
  rounds: { test: 1, short: 5, long: 200 },
  needs: ['shell'],
  async run(trial) {
    const tookMs: number[] = []
    const report = await storm(trial, {
      location: await trial.breakGround(),
      async disturb(weather) {
        const toldAt = performance.now()
        const { code, errors } = await weather.restart('SIGTERM', async () => {
          tookMs.push(performance.now() - toldAt)
        })
        ensure(code === 0, `It ended with ${code}: ${errors}`)
      },
    })
    const slowest = Math.round(Math.max(...tookMs))
    ensure(slowest <= longestMs, `It took ${slowest} ms to end`)
    return `ended after at most ${slowest} ms; ${inALine(report)}`
  },
}
