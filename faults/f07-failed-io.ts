import { setTimeout as pause } from 'node:timers/promises'
import { inALine } from '../storm/report.ts'
import { takeDisk } from './disk.ts'
import { ensure } from './fault.ts'
import type { Fault } from './fault.ts'
import { storm } from './stormy.ts'

const failingMs = 700
/** Every so-manieth call. */
const often = 3

export const failedReadsAndWrites: Fault = {
  id: 'F7',
  holds:
    'While the disk fails single reads and writes, people hear 503 or 507 and never something wrong, and the file stays whole. After writes the server goes on, or ends itself; a page that cannot be read counts as damaged.',
  injection: 'a library in which every third pread, or pwrite, of the database fails with EIO, some half done',
  engines: ['sqlite'],
  rounds: { test: 0, short: 6, long: 30 },
  needs: ['linux', 'gcc'],
  async run(trial) {
    const location = await trial.breakGround()
    const disk = takeDisk()
    const { LD_PRELOAD = '', READ_CTL = '', WRITE_CTL = '' } = disk.environment
    let ended = 0
    try {
      const report = await storm(trial, {
        location,
        environment: { LD_PRELOAD, READ_CTL, WRITE_CTL },
        async disturb(weather, round) {
          const { server } = weather
          const what = round % 2 === 0 ? 'writes' : 'reads'
          disk.fail(what, often)
          await pause(failingMs)
          disk.fail(what, 0)
          // A commit of which nobody knows ends the server; it has a moment for its last answers.
          await pause(failingMs)
          const hasEnded = server.child.exitCode !== null
          if (!hasEnded && what === 'writes') return
          const { code, errors } = await weather.restart('SIGTERM')
          ensure(code === (hasEnded ? 1 : 0), `The server ended with ${code}: ${errors}`)
          if (hasEnded) ended += 1
        },
      })
      const heard = ['503 busy', '507 storage_full'].some((name) => report.met.turnedAway.has(name))
      ensure(heard, 'Nobody heard that the disk fails')
      return `${ended} times the server ended itself; ${inALine(report)}`
    } finally {
      disk.drop()
    }
  },
}
