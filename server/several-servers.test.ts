import { globSync } from 'node:fs'
import { sql } from 'kysely'
import { describe, expect, it } from 'vitest'
import * as bookings from '../contract/bookings.ts'
import * as holds from '../contract/holds.ts'
import { createOutboxWorker } from './jobs/outbox-worker.ts'
import type { OutboxHandler } from './jobs/outbox-worker.ts'
import { createLog } from './platform/log.ts'
import { enqueue } from './database/outbox.ts'
import { bookSeats, buySeats, guestCustomer, holdSeats } from './testing/buying.ts'
import { crowd } from './testing/crowd.ts'
import { openEventStream } from './testing/event-stream.ts'
import { startApp, startAppOn } from './testing/harness.ts'
import type { TestApp } from './testing/harness.ts'
import { ledgerProblems } from './testing/ledger-check.ts'
import { makeShowtime } from './testing/showtimes.ts'

const environment = { MAX_HOLDS_PER_CLIENT: '0' }

/** Two servers on one database, by one clock. */
async function stage() {
  const first = await startApp('postgres', { environment })
  const second = await startAppOn(first.location, { environment, clock: first.clock })
  return { first, second, showtimeId: (await makeShowtime(first)).showtimeId }
}

/** Every job of every server at once, some times over, as their timetables would have it. */
async function goRound(servers: readonly TestApp[], rounds = 3): Promise<void> {
  for (let round = 0; round < rounds; round += 1) {
    await Promise.all(servers.flatMap(({ app }) => app.jobs.map((job) => job.run())))
  }
}

const seatsOf = (index: number) => [`${'ABCDE'[Math.floor(index / 8)]}${(index % 8) + 1}`]

describe('the work of two servers on one PostgreSQL', () => {
  it('is done once: one mail and one capture for each booking, whoever comes round first', async () => {
    const { first, second, showtimeId } = await stage()
    for (let index = 0; index < 12; index += 1) await buySeats(index % 2 ? first : second, showtimeId, seatsOf(index))
    await goRound([first, second])
    const mails = [first, second].flatMap(({ config }) => globSync(`${config.dataFolder}/mail/*.eml`))
    expect(mails).toHaveLength(12)
    const work = await first.database.read.selectFrom('outbox').select(['kind', 'attempts', 'doneAt']).execute()
    expect(work.length).toBeGreaterThanOrEqual(24)
    expect(work.filter(({ attempts, doneAt }) => attempts !== 1 || doneAt === null)).toEqual([])
    const paid = await first.database.read.selectFrom('payments').select('status').execute()
    expect(new Set(paid.map(({ status }) => status))).toEqual(new Set(['succeeded']))
  })

  it('ends each unpaid booking once, with one event, and frees its seats', async () => {
    const { first, second, showtimeId } = await stage()
    for (let index = 0; index < 12; index += 1) await bookSeats(first, showtimeId, seatsOf(index))
    first.clock.advance(600_000)
    await goRound([first, second])
    const { rows } = await sql<{ type: string; total: number }>`
      SELECT type, COUNT(*) AS total FROM events GROUP BY type`.execute(first.database.read)
    expect(rows).toContainEqual({ type: 'booking.expired', total: 12 })
    const places = await first.database.read.selectFrom('events').select('sequence').orderBy('sequence').execute()
    expect(places.map(({ sequence }) => sequence)).toEqual(places.map((_event, index) => index + 1))
    const { body } = await second.call(holds.readAvailability, { params: { id: showtimeId } })
    expect(body).toMatchObject({ held: [], booked: [], blocked: [] })
    expect(await ledgerProblems(first.database, first.clock.now())).toEqual([])
  })

  it('of a server that was killed is done by the other one, once its lease is over, and not before', async () => {
    const { first, second } = await stage()
    const log = createLog('silent')
    const workerOn = ({ database, clock }: TestApp, act: OutboxHandler) =>
      createOutboxWorker(database, clock, log, { 'test.work': act })
    await first.database.write((tx) => enqueue(tx, 'test.work', {}))
    const begun = Promise.withResolvers<void>()
    const fate = Promise.withResolvers<void>()
    const killed = workerOn(first, async () => {
      begun.resolve()
      await fate.promise
    }).runOnce()
    await begun.promise
    const done: string[] = []
    const other = workerOn(second, async (_payload, { id }) => {
      done.push(id)
    })
    expect(await other.runOnce()).toBe(0)
    first.clock.advance(60_000)
    expect(await Promise.all([other.runOnce(), other.runOnce()])).toEqual(expect.arrayContaining([0, 1]))
    expect(done).toHaveLength(1)
    // It was frozen and not dead: what it says now comes too late to undo anything.
    fate.reject(new Error('The connection is long gone'))
    await killed
    const [row] = await first.database.read.selectFrom('outbox').selectAll().where('kind', '=', 'test.work').execute()
    expect(row).toMatchObject({ attempts: 2, lastError: null, leasedUntil: null })
    expect(row?.doneAt).not.toBeNull()
    first.clock.advance(3600_000)
    expect(await other.runOnce()).toBe(0)
  })

  it('answers one key once, whichever server hears it', async () => {
    const { first, second, showtimeId } = await stage()
    const body = { showtimeId, seats: ['A1', 'A2'], customer: guestCustomer }
    const as = { headers: { 'idempotency-key': 'one', cookie: '' } }
    const answers = await crowd(20, (index) => (index % 2 ? first : second).call(bookings.createBooking, { body }, as))
    const made = answers.filter(({ status }) => status === 201)
    const waiting = answers.filter(({ status }) => status !== 201)
    expect(new Set(made.map(({ body: { id } }) => id)).size).toBe(1)
    expect(waiting.map(({ problem }) => problem.code).filter((code) => code !== 'idempotency_in_progress')).toEqual([])
    const again = [await first.call(bookings.createBooking, { body }, as)]
    again.push(await second.call(bookings.createBooking, { body }, as))
    expect(again.map(({ headers }) => headers['idempotency-replayed'])).toEqual(['true', 'true'])
    expect(again[0]?.raw.body).toBe(again[1]?.raw.body)
    expect(again[0]?.body.id).toBe(made[0]?.body.id)
  })
})

/** Cuts the connections on which servers hear of seats; answers how many there were. */
async function cutListeners({ database }: TestApp): Promise<number> {
  const { rows } = await sql`SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE datname = current_database() AND query LIKE 'LISTEN%'`.execute(database.read)
  return rows.length
}

describe('whoever watches seats on another server', () => {
  it(
    'sees every change in order, also of the time in which that server could not hear',
    { timeout: 60_000 },
    async () => {
      const { first, second, showtimeId } = await stage()
      const stream = await openEventStream(second, `/api/v1/showtimes/${showtimeId}/seats/events`)
      const snapshot = await stream.next()
      let version = Number(snapshot?.data['version'])
      const see = async (seat: string) => {
        const event = await stream.next()
        version += 1
        expect(event).toMatchObject({ event: 'seats', data: { version, changed: [{ id: seat, status: 'held' }] } })
      }
      await holdSeats(first, showtimeId, ['A1'])
      await see('A1')
      // Both servers have one each.
      expect(await cutListeners(first)).toBe(2)
      for (const seat of ['B1', 'B2', 'B3', 'B4']) await holdSeats(first, showtimeId, [seat])
      for (const seat of ['B1', 'B2', 'B3', 'B4']) await see(seat)
      await holdSeats(first, showtimeId, ['C1'])
      await see('C1')
      await stream.close()
    },
  )
})
