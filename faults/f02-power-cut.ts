import { inALine } from '../storm/report.ts'
import { takeDisk } from './disk.ts'
import type { Fault } from './fault.ts'
import { storm } from './stormy.ts'

export const powerCut: Fault = {
  id: 'F2',
  holds:
    'After a power cut, which leaves only what was fsynced, all that was acknowledged is there and the file is whole.',
  injection: 'a library that copies each file as it is fsynced; the server is killed and starts from the copies alone',
  engines: ['sqlite'],
  rounds: { test: 0, short: 4, long: 100 },
  needs: ['linux', 'gcc'],
  async run(trial) {
    const location = await trial.breakGround()
    if (location.engine !== 'sqlite') throw new Error('There is no file')
    const { path } = location
    const disk = takeDisk()
    try {
      const report = await storm(trial, {
        location,
        environment: disk.environment,
        beforeStart: () => disk.begin(path),
        async disturb(weather) {
          await weather.restart('SIGKILL', async () => disk.cutPower(path))
        },
      })
      return inALine(report)
    } finally {
      disk.drop()
    }
  },
}
