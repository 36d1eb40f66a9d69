import { chance } from '../storm/chance.ts'
import { inALine } from '../storm/report.ts'
import { ensure } from './fault.ts'
import type { Fault } from './fault.ts'
import { storm } from './stormy.ts'
import { startProxy } from './tcp-proxy.ts'
import type { CommitFate } from './tcp-proxy.ts'

const fates: readonly CommitFate[] = ['stopped', 'cut', 'unheard']

export const cutCommit: Fault = {
  id: 'F15',
  holds:
    'Whoever hears nothing of a COMMIT says so (503), and the retry with the same key settles it: exactly one effect.',
  injection: 'a TCP proxy before PostgreSQL that stops a COMMIT, forwards it and resets, or throws its answer away',
  engines: ['postgres'],
  rounds: { test: 15, short: 40, long: 500 },
  needs: [],
  async run(trial) {
    const location = await trial.breakGround()
    if (location.engine !== 'postgres') throw new Error('There is no PostgreSQL')
    const met = new Map<CommitFate, number>()
    let commits = 0
    const proxy = await startProxy(location.url, {
      fateOfCommit() {
        commits += 1
        const isMet = chance(trial.seed, `commit ${commits}`) < 0.1
        const fate = isMet ? (fates[commits % fates.length] ?? 'passed') : 'passed'
        met.set(fate, (met.get(fate) ?? 0) + 1)
        return fate
      },
    })
    try {
      const cuts = () => fates.reduce((sum, fate) => sum + (met.get(fate) ?? 0), 0)
      const report = await storm(trial, {
        location,
        serverLocation: proxy.location,
        kills: 1,
        seconds: 1,
        acknowledged: 100,
        async disturb({ server, until }) {
          await until(() => cuts() >= trial.rounds, 'Enough commits were cut')
          ensure(server.child.exitCode === null, 'The server ended with a connection')
        },
      })
      for (const fate of fates) ensure((met.get(fate) ?? 0) > 0, `No COMMIT was ${fate}`)
      ensure((report.met.turnedAway.get('503 busy') ?? 0) > 0, 'Nobody heard that the outcome is unknown')
      return `${fates.map((fate) => `${met.get(fate)} ${fate}`).join(', ')} of ${commits} commits; ${inALine(report)}`
    } finally {
      await proxy.close()
    }
  },
}
