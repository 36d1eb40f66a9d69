import { breakGround } from '../storm/ground.ts'
import { crashPostgres, untilPostgresAnswers } from './postgres-crash.ts'
import type { Fault } from './fault.ts'
import { stormInALine } from './stormy.ts'

export const postgresPowerCut: Fault = {
  id: 'F3',
  holds: 'When PostgreSQL crashes together with the server, what was acknowledged is there after its recovery.',
  injection:
    'SIGKILL to the server and to a process of PostgreSQL, which recovers from its log; its file cache survives',
  engines: ['postgres'],
  rounds: { test: 0, short: 4, long: 100 },
  needs: ['shell'],
  async run(trial) {
    // Its own PostgreSQL: others may be using the one that is lent.
    const { location, drop } = await breakGround('postgres')
    if (location.engine !== 'postgres') throw new Error('There is no PostgreSQL')
    const { url } = location
    try {
      return await stormInALine(trial, {
        location,
        async disturb(weather) {
          await weather.restart('SIGKILL', async () => {
            await crashPostgres(url)
            await untilPostgresAnswers(url)
          })
        },
      })
    } finally {
      await drop()
    }
  },
}
