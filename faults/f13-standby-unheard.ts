import { until } from '../server/testing/children.ts'
import { startPostgresServer } from '../server/testing/postgres-server.ts'
import { asSuperuser } from './postgres-crash.ts'
import { countIn, inHouse } from './house.ts'
import { ensure } from './fault.ts'
import type { Fault } from './fault.ts'

export const standbyUnheard: Fault = {
  id: 'F13',
  holds:
    'A commit whose wait for the standby was cancelled is not acknowledged, although PostgreSQL calls it a success.',
  injection: 'a synchronous standby that is not there, and pg_cancel_backend on whoever waits for it',
  engines: ['postgres'],
  rounds: { test: 2, short: 5, long: 20 },
  needs: ['shell'],
  async run({ rounds }) {
    const postgres = await startPostgresServer(undefined, { wal_level: 'replica', max_wal_senders: '2' })
    const location = { engine: 'postgres', url: postgres.url } as const
    try {
      return await inHouse(location, async ({ client, shop, nextSeat }) => {
        const [hall] = shop.reserved
        for (let round = 0; round < rounds; round += 1) {
          const request = {
            method: 'POST',
            path: `/showtimes/${hall?.id}/holds`,
            body: { seats: [nextSeat()] },
            key: `round ${round}`,
          } as const
          await waitForStandby(postgres.url, 'nobody')
          const sent = client.send(request)
          await cancelWaiting(postgres.url)
          const heard = await sent
          ensure(heard === null, `It was acknowledged: ${heard?.text}`)
          await waitForStandby(postgres.url, '')
          ensure((await client.settle(request)).replayed, 'The commit was done, and its retry is not told so')
        }
        ensure((await countIn(location, 'holds')) === rounds, 'There are more holds than wishes')
        return `${rounds} commits unheard, each replayed to its retry: ${JSON.stringify([...client.met.turnedAway])}`
      })
    } finally {
      await postgres.stop()
    }
  },
}

async function waitForStandby(url: string, names: string): Promise<void> {
  await asSuperuser(url, async (client) => {
    await client.query(`ALTER SYSTEM SET synchronous_standby_names = '${names}'`)
    await client.query('SELECT pg_reload_conf()')
  })
  // A connection takes the new setting up when it is told of the reload.
  await new Promise((resume) => setTimeout(resume, 300))
}

/** Cancels everybody's wait until somebody's was cancelled and nobody waits any more. */
async function cancelWaiting(url: string): Promise<void> {
  await asSuperuser(url, async (client) => {
    let cancelled = 0
    let idle = 0
    await until(async () => {
      const { rowCount } = await client.query(
        "SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE wait_event = 'SyncRep'",
      )
      cancelled += rowCount ?? 0
      idle = (rowCount ?? 0) === 0 ? idle + 1 : 0
      return cancelled > 0 && idle >= 3
    }, 'Somebody waits for the standby')
  })
}
