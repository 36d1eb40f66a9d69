import { breakGround } from '../storm/ground.ts'
import { inALine } from '../storm/report.ts'
import { ensure } from './fault.ts'
import type { Fault } from './fault.ts'
import { crashPostgres, endConnections, untilPostgresAnswers } from './postgres-crash.ts'
import { storm } from './stormy.ts'

export const postgresRestarts: Fault = {
  id: 'F11',
  holds:
    'A PostgreSQL that restarts under load is waited for: 503 meanwhile, nothing lost, the server goes on by itself.',
  injection:
    'SIGKILL to a process of PostgreSQL (an immediate restart) and the end of all connections (a fast one), in turn',
  engines: ['postgres'],
  rounds: { test: 2, short: 4, long: 100 },
  needs: ['shell'],
  async run(trial) {
    const { location, drop } = await breakGround('postgres')
    if (location.engine !== 'postgres') throw new Error('There is no PostgreSQL')
    const { url } = location
    try {
      const report = await storm(trial, {
        location,
        async disturb({ server }, round) {
          if (round % 2 === 0) await crashPostgres(url)
          else await endConnections(url)
          await untilPostgresAnswers(url)
          ensure(server.child.exitCode === null, 'The server ended with its database')
        },
      })
      ensure(report.met.turnedAway.size > 0, 'Nobody noticed that PostgreSQL was away')
      return inALine(report)
    } finally {
      await drop()
    }
  },
}
