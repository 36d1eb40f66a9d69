import { inALine } from '../storm/report.ts'
import { watching } from '../storm/ground.ts'
import { ensure } from './fault.ts'
import type { Fault } from './fault.ts'
import { startPair } from './standby.ts'
import { storm } from './stormy.ts'
import { startProxy } from './tcp-proxy.ts'

/** From the standby's promotion to the first thing that is acknowledged again. */
const longestMs = 15_000

export const failover: Fault = {
  id: 'F12',
  holds:
    'When the PostgreSQL dies and its synchronous standby takes over, nothing acknowledged is lost, and the server sells again by itself within 15 s.',
  injection:
    'a standby made from a copy; SIGKILL to the primary under load, pg_promote(), a TCP proxy that leads to the other',
  engines: ['postgres'],
  rounds: { test: 1, short: 3, long: 50 },
  needs: ['shell'],
  async run({ rounds, seed, signal }) {
    const tookMs: number[] = []
    let acknowledged = 0
    let last = ''
    for (let round = 0; round < rounds; round += 1) {
      const pair = await startPair()
      const proxy = await startProxy(pair.primary.url)
      try {
        await watching(proxy.location, async () => undefined)
        await pair.makeSynchronous()
        const report = await storm(
          { rounds: 1, seed: `${seed} ${round}`, signal },
          {
            location: proxy.location,
            kills: 1,
            async disturb({ server, url }) {
              await pair.failOver()
              const promotedAt = performance.now()
              proxy.leadTo(pair.standby.url)
              await untilReady(url, promotedAt + longestMs)
              tookMs.push(performance.now() - promotedAt)
              ensure(server.child.exitCode === null, 'The server ended with its database')
            },
          },
        )
        acknowledged += report.journal.acknowledged.length
        last = inALine(report)
      } finally {
        await proxy.close()
        await pair.stop()
      }
    }
    return `${rounds} failovers, ready after at most ${Math.round(Math.max(...tookMs))} ms, ${acknowledged} acknowledged; the last: ${last}`
  },
}

/** Waits until the server says that it is ready; throws where that takes too long. */
async function untilReady(url: string, deadline: number): Promise<void> {
  for (;;) {
    const answer = await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(30_000) })
    await answer.arrayBuffer()
    if (answer.status === 200) return
    ensure(performance.now() < deadline, `It was not ready ${longestMs} ms after the failover`)
    await new Promise((resume) => setTimeout(resume, 50))
  }
}
