import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Database, Engine } from '../server/database/database.ts'
import { migrateUp } from '../server/database/migrate.ts'
import { openDatabase } from '../server/database/open.ts'
import type { DatabaseLocation } from '../server/database/open.ts'
import { createSystemClock } from '../server/platform/clock.ts'
import type { Clock } from '../server/platform/clock.ts'
import { createLog } from '../server/platform/log.ts'
import { startPostgresServer } from '../server/testing/postgres-server.ts'
import { makeShowtime } from '../server/testing/showtimes.ts'
import type { Shop } from './purchase.ts'

/** A database that a storm may do anything to. */
export interface Ground {
  readonly location: DatabaseLocation
  /** Removes it; nothing uses it any more. */
  drop(): Promise<void>
}

/** A new database of its own: a file in a temporary folder, or a PostgreSQL server from npm. */
export async function breakGround(engine: Engine): Promise<Ground> {
  if (engine === 'postgres') {
    const server = await startPostgresServer()
    return { location: { engine, url: server.url }, drop: () => server.stop() }
  }
  const folder = mkdtempSync(join(tmpdir(), 'matinee-storm-'))
  return {
    location: { engine, path: join(folder, 'storm.db') },
    drop: async () => rmSync(folder, { recursive: true, force: true }),
  }
}

/** Somebody who reads the database beside the server. */
export interface Watcher {
  readonly database: Database
  readonly clock: Clock
}

/** Opens (and migrates) a database for as long as `work` takes. */
export async function watching<Result>(
  location: DatabaseLocation,
  work: (watcher: Watcher) => Promise<Result>,
): Promise<Result> {
  const clock = createSystemClock()
  const database = openDatabase(location, clock, createLog('silent'))
  try {
    await migrateUp(database)
    return await work({ database, clock })
  } finally {
    await database.close()
  }
}

const hall = { rows: 40, seats: 50 }
const administrator = { email: 'door@example.com', password: 'a long word that only this storm knows' }

/** What a server is told so that an administrator can stand at the door. */
export const doorEnvironment = {
  ADMIN_EMAIL: administrator.email,
  ADMIN_PASSWORD: administrator.password,
  ACCESS_TOKEN_SECONDS: '86400',
}

/** Showtimes of one film in halls of 2,000 seats, and one of general admission. */
export async function furnish(watcher: Watcher, halls = 2): Promise<Shop> {
  const rows = Array.from({ length: hall.rows }, (_row, row) => ({
    label: `R${row + 1}-`,
    seats: Array.from({ length: hall.seats }, (_seat, seat) => ({ number: String(seat + 1) })),
  }))
  const first = await makeShowtime(watcher, { layout: { rows } })
  const others: (typeof first)[] = []
  while (others.length < halls - 1) others.push(await makeShowtime(watcher, { layout: { rows }, beside: first }))
  const general = await makeShowtime(watcher, { layout: { seating: 'general', capacity: 1_000 }, beside: first })
  return {
    reserved: [first, ...others].map(({ showtimeId }) => ({ id: showtimeId, ...hall })),
    general: { id: general.showtimeId },
    door: null,
  }
}

/** The same shop with somebody at its door, who signs in to a running server that has `doorEnvironment`. */
export async function openDoor(shop: Shop, url: string): Promise<Shop> {
  const answer = await fetch(`${url}/api/v1/auth/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(administrator),
    signal: AbortSignal.timeout(60_000),
  })
  const { accessToken } = (await answer.json()) as { readonly accessToken?: string }
  if (accessToken === undefined) throw new Error(`The door cannot be opened: ${answer.status}`)
  return { ...shop, door: accessToken }
}
