import { inALine } from '../storm/report.ts'
import { takeDisk } from './disk.ts'
import { within } from '../server/testing/children.ts'
import { ensure } from './fault.ts'
import type { Fault } from './fault.ts'
import { storm } from './stormy.ts'

export const failedFsync: Fault = {
  id: 'F6',
  holds:
    'When fsync fails, the answer is "not known" (503) and the server ends itself: what is on the disk only a new start can tell.',
  injection: 'a library whose fsync fails with EIO',
  engines: ['sqlite'],
  rounds: { test: 0, short: 3, long: 50 },
  needs: ['linux', 'gcc'],
  async run(trial) {
    const location = await trial.breakGround()
    const disk = takeDisk()
    const { LD_PRELOAD = '', FSYNC_CTL = '' } = disk.environment
    try {
      const report = await storm(trial, {
        location,
        environment: { LD_PRELOAD, FSYNC_CTL },
        async disturb(weather) {
          disk.setFsync(-1)
          const { code } = await within(60_000, 'The end of the server', weather.server.ended)
          disk.setFsync(0)
          ensure(code === 1, `The server ended with ${code}`)
          await weather.restart('SIGKILL')
        },
      })
      ensure((report.met.turnedAway.get('503 busy') ?? 0) > 0, 'Nobody heard that the outcome is unknown')
      return inALine(report)
    } finally {
      disk.drop()
    }
  },
}
