import type { ChildProcess } from 'node:child_process'
import { endChild, startChild, within } from '../server/testing/children.ts'
import { bothEngines, ensure } from './fault.ts'
import type { Fault } from './fault.ts'
import { inHouse } from './house.ts'
import type { DatabaseLocation } from '../server/database/open.ts'

const patienceMs = 60_000

export const frozenHolder: Fault = {
  id: 'F21',
  holds:
    'Where somebody is frozen with the lock in hand, writers hear 503 with Retry-After, readers go on, and all is well when it is gone.',
  injection: 'a process that takes the lock and is stopped by SIGSTOP, later woken and ended',
  engines: bothEngines,
  rounds: { test: 1, short: 3, long: 100 },
  needs: ['shell'],
  async run({ rounds, breakGround }) {
    const location = await breakGround()
    return await inHouse(location, async ({ client, shop, url, nextSeat }) => {
      const [hall] = shop.reserved
      for (let round = 0; round < rounds; round += 1) {
        const holder = await takeLock(location, hall?.id ?? '')
        const request = {
          method: 'POST',
          path: `/showtimes/${hall?.id}/holds`,
          body: { seats: [nextSeat()] },
          key: `${round}`,
        } as const
        try {
          holder.kill('SIGSTOP')
          const answer = await fetch(`${url}/api/v1${request.path}`, {
            method: 'POST',
            headers: { 'content-type': 'application/json', 'idempotency-key': request.key },
            body: JSON.stringify(request.body),
            signal: AbortSignal.timeout(patienceMs),
          })
          ensure(
            answer.status === 503 && answer.headers.has('retry-after'),
            `The writer heard ${answer.status} ${await answer.text()}`,
          )
          const look = await fetch(`${url}/api/v1/showtimes/${hall?.id}/availability`, {
            signal: AbortSignal.timeout(patienceMs),
          })
          ensure(look.status === 200, `The reader heard ${look.status}`)
        } finally {
          // Also where the promise was not kept: nothing that is frozen is left behind.
          await endChild(holder, 'SIGKILL')
        }
        const heard = await client.settle(request)
        ensure(heard.status === 201, `Afterwards the writer heard ${heard.status} ${heard.text}`)
      }
      return `${rounds} writers turned away with 503, and served when the lock was free`
    })
  },
}

/** Another process that holds the lock of a showtime (the file's, on SQLite) and does nothing. */
async function takeLock(location: DatabaseLocation, showtimeId: string): Promise<ChildProcess> {
  const script =
    location.engine === 'sqlite'
      ? `const { DatabaseSync } = require('node:sqlite'); const file = new DatabaseSync(process.argv[1], { timeout: 10000 }); file.exec('BEGIN IMMEDIATE'); console.log('locked'); setInterval(() => file, 1000)`
      : `const pg = require('pg'); const client = new pg.Client(process.argv[1]); client.connect().then(() => client.query('BEGIN')).then(() => client.query('SELECT 1 FROM showtime_ledgers WHERE showtime_id = $1 FOR UPDATE', [process.argv[2]])).then(() => console.log('locked')); setInterval(() => client, 1000)`
  const where = location.engine === 'sqlite' ? location.path : location.url
  const child = startChild(process.execPath, ['-e', script, where, showtimeId])
  const locked = new Promise((resolve, reject) => {
    child.stdout?.once('data', resolve)
    child.once('exit', () => reject(new Error('Nobody took the lock')))
  })
  try {
    await within(patienceMs, 'Taking the lock', locked)
    return child
  } catch (error) {
    await endChild(child, 'SIGKILL')
    throw error
  }
}
