import { furnish, watching } from '../storm/ground.ts'
import { endBy } from '../storm/weather.ts'
import { createClient } from '../storm/client.ts'
import type { Client } from '../storm/client.ts'
import type { Shop } from '../storm/purchase.ts'
import type { Database } from '../server/database/database.ts'
import type { DatabaseLocation } from '../server/database/open.ts'
import { auditProblems } from '../server/testing/ledger-check.ts'
import { spawnServer } from '../server/testing/spawned-server.ts'
import type { ServerProcess, ServerWish } from '../server/testing/spawned-server.ts'
import { ensure } from './fault.ts'

/** A furnished house with one server, and somebody who asks it. */
export interface House {
  readonly server: ServerProcess
  readonly url: string
  readonly shop: Shop
  readonly client: Client
  /** The name of a seat in the first hall that nobody was given yet. */
  nextSeat(): string
}

/** Opens a house, lets something happen to it, closes it in order and audits what it leaves. */
export async function inHouse<Result>(
  location: DatabaseLocation,
  work: (house: House) => Promise<Result>,
  wish: ServerWish & {
    readonly through?: DatabaseLocation
    /** Halls of 2,000 numbered seats; two unless told otherwise. */
    readonly halls?: number
    /** When the audit takes place, where that is not now; milliseconds since the epoch. */
    readonly auditAt?: () => number
  } = {},
): Promise<Result> {
  const shop = await watching(location, (watcher) => furnish(watcher, wish.halls))
  const { auditAt = Date.now } = wish
  const server = spawnServer(wish.through ?? location, wish)
  try {
    const url = await server.url
    let given = 0
    const result = await work({
      server,
      url,
      shop,
      client: createClient(() => url),
      nextSeat() {
        given += 1
        return `R${1 + (Math.floor(given / 50) % 40)}-${1 + (given % 50)}`
      },
    })
    const { code, errors } = await endBy(server, 'SIGTERM')
    ensure(code === 0, `The server that was told to stop ended with ${code}: ${errors}`)
    const problems = await readIn(location, (database) => auditProblems(database, auditAt()))
    ensure(problems.length === 0, problems.join('\n'))
    ensure(server.bugs.length === 0, `The server met a bug: ${server.bugs.slice(0, 3).join('\n')}`)
    return result
  } finally {
    await endBy(server, 'SIGKILL')
  }
}

/** Reads a database beside (or after) its server. */
export async function readIn<Result>(
  location: DatabaseLocation,
  read: (database: Database) => Promise<Result>,
): Promise<Result> {
  return await watching(location, ({ database }) => read(database))
}

/** How many rows a table has. */
export async function countIn(
  location: DatabaseLocation,
  table: 'holds' | 'bookings' | 'payments' | 'users',
): Promise<number> {
  return await readIn(location, async (database) => {
    const { rows } = await database.read
      .selectFrom(table)
      .select(({ fn }) => fn.countAll<number>().as('rows'))
      .executeTakeFirstOrThrow()
    return rows
  })
}
