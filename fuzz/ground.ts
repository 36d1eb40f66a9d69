import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Writable } from 'node:stream'
import { createApp } from '../server/app.ts'
import type { App } from '../server/app.ts'
import { parseConfig } from '../server/config.ts'
import type { Database } from '../server/database/database.ts'
import { migrateUp } from '../server/database/migrate.ts'
import { openDatabase } from '../server/database/open.ts'
import type { DatabaseLocation } from '../server/database/open.ts'
import { createManualClock } from '../server/platform/clock.ts'
import type { ManualClock } from '../server/platform/clock.ts'
import { createLog } from '../server/platform/log.ts'

/** A server on a free port of this machine, whose clock the fuzzer moves and whose log it reads. */
export interface Ground {
  readonly app: App
  readonly database: Database
  readonly clock: ManualClock
  readonly port: number
  /** Every line that it has logged. */
  readonly lines: readonly string[]
  close(): Promise<void>
}

const secret = 'a secret that only this fuzzer knows, and nobody else'
/** What no answer and no line of the log may ever hold. */
export const secrets = [
  secret,
  'a long word that only its people know',
  'a long word that only this fuzzer knows',
  'whsec_ZnV6emVyIHNlY3JldA',
]

export async function breakGround(location: DatabaseLocation): Promise<Ground> {
  const folder = mkdtempSync(join(tmpdir(), 'matinee-fuzz-'))
  const config = {
    ...parseConfig({
      SECRET: secret,
      SEED_DEMO: 'off',
      RATE_LIMIT: 'off',
      MAX_HOLDS_PER_CLIENT: '0',
      ACCESS_TOKEN_SECONDS: '86400',
      TEST_WEBHOOK_SECRET: 'whsec_ZnV6emVyIHNlY3JldA==',
      DATABASE_URL: 'sqlite::memory:',
    }),
    database: location,
    dataFolder: folder,
  }
  const lines: string[] = []
  const keep = new Writable({
    write(chunk: Buffer, _encoding, done) {
      lines.push(chunk.toString())
      done()
    },
  })
  const log = createLog('info', keep)
  const clock = createManualClock(Date.UTC(2026, 10, 21, 12))
  const database = openDatabase(location, clock, log)
  await migrateUp(database)
  // Passwords of a fuzzer are not worth 40 ms each; a machine that is busy is no reason to refuse.
  const hashStrength = { memoryKibibytes: 64, passes: 1 }
  const guard = { isOverloaded: () => false, began() {}, ended() {}, start() {}, stop() {} }
  const app = await createApp({ config, database, clock, log, hashStrength, guard })
  await app.http.listen({ host: '127.0.0.1', port: 0 })
  const address = app.http.server.address()
  if (typeof address !== 'object' || address === null) throw new Error('The server has no port')
  return {
    app,
    database,
    clock,
    port: address.port,
    lines,
    async close() {
      await app.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
