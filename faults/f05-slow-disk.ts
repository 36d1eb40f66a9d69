import { setTimeout as pause } from 'node:timers/promises'
import { inALine } from '../storm/report.ts'
import { takeDisk } from './disk.ts'
import type { Fault } from './fault.ts'
import { storm } from './stormy.ts'

export const slowDisk: Fault = {
  id: 'F5',
  holds:
    'While fsync takes 200 ms to 2 s, writes are slow or hear 503, never 500; nothing is lost, and holds keep their time.',
  injection: 'a library that lets each fsync wait',
  engines: ['sqlite'],
  rounds: { test: 0, short: 2, long: 20 },
  needs: ['linux', 'gcc'],
  async run(trial) {
    const location = await trial.breakGround()
    const disk = takeDisk()
    const { LD_PRELOAD = '', FSYNC_CTL = '' } = disk.environment
    const looksMs: number[] = []
    try {
      const report = await storm(trial, {
        location,
        environment: { LD_PRELOAD, FSYNC_CTL, HOLD_SECONDS: '300', PAYMENT_SECONDS: '20' },
        async disturb({ url }, round) {
          disk.setFsync([200, 500, 1000, 2000][round % 4] ?? 200)
          for (let look = 0; look < 20; look += 1) {
            const askedAt = performance.now()
            await (await fetch(`${url}/api/v1/movies`, { signal: AbortSignal.timeout(30_000) })).arrayBuffer()
            looksMs.push(performance.now() - askedAt)
            await pause(100)
          }
          disk.setFsync(0)
        },
      })
      looksMs.sort((one, other) => one - other)
      const at = (share: number) => Math.round(looksMs[Math.floor(looksMs.length * share)] ?? 0)
      return `reads meanwhile: median ${at(0.5)} ms, p95 ${at(0.95)} ms; ${inALine(report)}`
    } finally {
      disk.drop()
    }
  },
}
