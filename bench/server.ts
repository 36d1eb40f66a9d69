import { Type } from 'typebox'
import { IdParams } from '../contract/common.ts'
import { Hold, HoldInput, SeatMap } from '../contract/holds.ts'
import { operation } from '../contract/operation.ts'
import { createApp } from '../server/app.ts'
import { parseConfig } from '../server/config.ts'
import { migrateUp } from '../server/database/migrate.ts'
import { openDatabase } from '../server/database/open.ts'
import { Bytes } from '../server/http/answer.ts'
import { createSystemClock } from '../server/platform/clock.ts'
import { createLog } from '../server/platform/log.ts'
import { releaseMemory } from '../server/platform/release-memory.ts'

/**
 * The server that is measured: Matinee as it runs, with two routes more that do nothing. One validates the body of a hold
 * and answers one from a constant; the other answers the bytes of a seat map from a constant.
 */
const noop = operation({
  id: 'noop',
  method: 'POST',
  path: '/noop/{id}',
  tag: 'Bench',
  summary: 'Does nothing',
  access: 'anyone',
  params: IdParams,
  body: HoldInput,
  answer: { status: 201, schema: Hold },
})
const constant = operation({
  id: 'constant',
  method: 'GET',
  path: '/constant/{id}',
  tag: 'Bench',
  summary: 'The same bytes for ever',
  access: 'anyone',
  params: IdParams,
  query: Type.Object({}),
  answer: { status: 200, schema: SeatMap },
})

const config = parseConfig(process.env)
const log = createLog(config.logLevel)
const clock = createSystemClock()
const database = openDatabase(config.database, clock, log)
await migrateUp(database)
const app = await createApp({ config, database, clock, log })
let bytes: string | null = null
const hold = {
  id: 'hld_00000000000000000000000000',
  token: 'x'.repeat(43),
  showtimeId: 'sho_00000000000000000000000000',
  seats: ['A1', 'A2'],
  count: 2,
  expiresAt: '2026-11-21T12:00:00Z',
  extensionsLeft: 1,
  quote: { lines: [], total: { amount: 2500, currency: 'GBP' } },
} as const
app.routes.add(noop, { handle: () => ({ ...hold, seats: [...hold.seats], quote: { ...hold.quote, lines: [] } }) })
app.routes.add(constant, {
  async handle({ params }) {
    bytes ??= (await app.http.inject({ url: `/api/v1/showtimes/${params.id}/seats` })).payload
    return new Bytes(bytes, { 'content-type': 'application/json; charset=utf-8', etag: '"1"' })
  },
})
releaseMemory()
await app.http.listen({ port: config.port, host: '127.0.0.1' })
process.on('message', () => process.send?.(process.memoryUsage.rss() / 2 ** 20))
process.send?.('listening')
process.on('disconnect', () => process.exit(0))
