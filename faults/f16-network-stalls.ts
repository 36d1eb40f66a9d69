import { setTimeout as pause } from 'node:timers/promises'
import { inALine } from '../storm/report.ts'
import { ensure } from './fault.ts'
import type { Fault } from './fault.ts'
import { storm } from './stormy.ts'
import { startProxy } from './tcp-proxy.ts'

/** What the server's pools may hold at most, both sides of the proxy, with room for the listener. */
const mostSockets = 2 * (10 + 6 + 4)

export const networkStalls: Fault = {
  id: 'F16',
  holds:
    'While the way to PostgreSQL is slow or swallows everything, requests end with 503 in time, and no connection is left behind.',
  injection: 'a TCP proxy that delays each packet by 300 ms, then delivers none at all for 4 s',
  engines: ['postgres'],
  rounds: { test: 0, short: 2, long: 20 },
  needs: [],
  async run(trial) {
    const location = await trial.breakGround()
    if (location.engine !== 'postgres') throw new Error('There is no PostgreSQL')
    const proxy = await startProxy(location.url)
    let most = 0
    try {
      const report = await storm(trial, {
        location,
        serverLocation: proxy.location,
        environment: { PAYMENT_SECONDS: '60', HOLD_SECONDS: '60' },
        async disturb() {
          proxy.delayMs = 300
          await pause(2000)
          proxy.delayMs = Infinity
          await pause(4000)
          most = Math.max(most, proxy.open)
          proxy.delayMs = 0
          // What was swallowed is lost for good: connections that wait for it are given up after their time.
        },
      })
      ensure(most <= mostSockets, `${most} sockets were open`)
      return `at most ${most} sockets; ${inALine(report)}`
    } finally {
      await proxy.close()
    }
  },
}
