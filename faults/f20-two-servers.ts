import { inALine } from '../storm/report.ts'
import { endBy, stormEnvironment } from '../storm/weather.ts'
import { spawnServer } from '../server/testing/spawned-server.ts'
import { bothEngines, ensure } from './fault.ts'
import type { Fault, Trial } from './fault.ts'
import { readIn } from './house.ts'
import { storm } from './stormy.ts'

export const twoServers: Fault = {
  id: 'F20',
  holds:
    'Two servers share one PostgreSQL, and one may die: no seat is sold twice, no work is done twice. A SQLite file refuses the second.',
  injection: 'a second server that takes every other request while the first is killed',
  engines: bothEngines,
  rounds: { test: 1, short: 4, long: 100 },
  needs: [],
  run: async (trial) => (trial.engine === 'postgres' ? await shared(trial) : await refused(trial)),
}

async function shared(trial: Trial): Promise<string> {
  const location = await trial.breakGround()
  const second = spawnServer(location, { environment: stormEnvironment })
  try {
    const report = await storm(trial, { location, secondUrl: await second.url })
    const { code } = await endBy(second, 'SIGTERM')
    ensure(code === 0, `The second server ended with ${code}`)
    const twice = await readIn(location, (database) =>
      database.read
        .selectFrom('refunds')
        .select(['paymentId'])
        .groupBy('paymentId')
        .having(({ fn }) => fn.countAll(), '>', 1)
        .execute(),
    )
    ensure(twice.length === 0, `Given back twice: ${JSON.stringify(twice)}`)
    return inALine(report)
  } finally {
    await endBy(second, 'SIGKILL')
  }
}

async function refused({ rounds, breakGround }: Trial): Promise<string> {
  const location = await breakGround()
  const first = spawnServer(location)
  try {
    const url = await first.url
    for (let round = 0; round < rounds; round += 1) {
      const second = spawnServer(location)
      await second.url.catch(() => undefined)
      const { code, errors } = await endBy(second, 'SIGKILL')
      ensure(code === 1, `The second server ended with ${code}`)
      ensure(errors.includes('Another server is using this database file'), `The second server said: ${errors}`)
    }
    ensure(
      (await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(60_000) })).status === 200,
      'The first server is not ready any more',
    )
    const { code } = await endBy(first, 'SIGTERM')
    ensure(code === 0, `The first server ended with ${code}`)
    return `${rounds} refused, in words`
  } finally {
    await endBy(first, 'SIGKILL')
  }
}
