import { readFileSync, mkdirSync, readdirSync, utimesSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { readBooking } from '../../../contract/bookings.ts'
import { auditDatabase } from '../../audit/audit.ts'
import { sequenceEvents } from '../../events/sequence-events.ts'
import { typeCommand } from '../../testing/command-line.ts'
import { expireBookings } from '../../bookings/tidy.ts'
import { tidyLedger } from '../../holds/tidy.ts'
import { digestOf } from '../../testing/digest.ts'
import { onBothEngines } from '../../testing/harness.ts'
import { liveInHouse } from '../../testing/lived-in-house.ts'
import { retentions } from '../retention.ts'
import { mailsKeptMs } from './prune.ts'

const dayMs = 24 * 3600 * 1000

onBothEngines('matinee prune', (engine) => {
  test('forgets what has had its time and nothing else: the books are as they were, and the ledger is sound', async () => {
    const house = await liveInHouse(engine)
    const { test: app } = house
    await app.app.house.outbox.runOnce()
    await app.app.house.mail.worker.runOnce()
    await sequenceEvents(app.database)
    await app.database.write(async ({ query, nowMs }) => {
      const event = { provider: 'test', payload: '{"card":"4242"}', receivedAt: nowMs, appliedAt: nowMs }
      await query
        .insertInto('providerEvents')
        .values({ ...event, eventId: 'evt_body' })
        .execute()
      await query
        .insertInto('throttles')
        .values({ key: 'a', emptyAt: nowMs + 1000 })
        .execute()
    })
    const prune = async (...options: string[]) =>
      await typeCommand(app.location, ['prune', ...options], { clock: app.clock })
    const books = ['bookings', 'tickets', 'payments', 'refunds', 'auditLog', 'users', 'events', 'checkIns'] as const
    const everythingElse = async () => {
      const rows = await Promise.all(books.map((table) => app.database.read.selectFrom(table).selectAll().execute()))
      return JSON.stringify(rows.map((table) => table.map((row) => JSON.stringify(row)).toSorted())).replaceAll(
        /client\\":\\"address:[^\\"]*/g,
        'client\\":\\"address:',
      )
    }
    // On the same day only what means nothing any more goes.
    const early = await prune()
    expect(early).toMatchObject({ code: 0, errors: '' })
    expect(early.output).toMatch(/^bodies of payment events +0$/m)
    expect(early.output).toMatch(/^holds that became nothing +0$/m)

    app.clock.advance(91 * dayMs)
    // What the server does by itself.
    await expireBookings(app.database, app.clock.now())
    await tidyLedger(app.database, app.clock.now())
    const before = await everythingElse()
    const digest = await digestOf(app.database, [])
    const dry = await prune('--dry-run')
    expect(dry.output).toMatch(/would go\.$/m)
    expect(await digestOf(app.database, [])).toEqual(digest)

    const real = await prune()
    expect(real.output.replace('pruned.', 'would go.')).toBe(dry.output)
    for (const line of real.output.split('\n')) expect(line.length).toBeLessThanOrEqual(80)
    for (const name of [
      'bodies of payment events',
      'work that is done',
      'holds that became nothing',
      'log-in attempts and guesses',
    ]) {
      expect(real.output).toMatch(new RegExp(`^${name} +[1-9]`, 'm'))
    }
    expect(await everythingElse()).toBe(before)
    const event = await app.database.read
      .selectFrom('providerEvents')
      .selectAll()
      .where('eventId', '=', 'evt_body')
      .executeTakeFirst()
    expect(event?.payload).toBe('{}')
    const holds = await app.database.read.selectFrom('holds').selectAll().execute()
    expect(holds.every(({ bookingId, address }) => bookingId !== null && address === '')).toBe(true)
    const report = await auditDatabase(app.database, app.clock.now())
    expect(report.invariants.flatMap(({ violations }) => violations)).toEqual([])
    const { paid } = house
    const again = await app.call(readBooking, { params: { id: paid.id } }, { accessToken: paid.accessToken })
    expect(again.body.status).toBe('confirmed')

    expect((await prune()).output).toMatch(/^0 rows or files pruned\.$/m)
  })

  test('takes mails out of the folder when they are old, and no other file', async () => {
    const house = await liveInHouse(engine)
    const { location, clock } = house.test
    if (location.engine !== 'sqlite') return
    const folder = join(dirname(location.path), 'mail')
    mkdirSync(folder)
    for (const name of ['old.eml', 'new.eml', 'old.txt']) {
      writeFileSync(join(folder, name), '')
      const seconds = (clock.now() - (name.startsWith('old') ? mailsKeptMs + 1000 : 0)) / 1000
      utimesSync(join(folder, name), seconds, seconds)
    }
    expect((await typeCommand(location, ['prune', '--dry-run'], { clock })).output).toMatch(/^mails in the folder +1$/m)
    expect(readdirSync(folder)).toHaveLength(3)
    await typeCommand(location, ['prune'], { clock })
    expect(readdirSync(folder).toSorted()).toEqual(['new.eml', 'old.txt'])
  })
})

test('the register of what is kept names everything that is pruned, and for how long', () => {
  const register = readFileSync(join(import.meta.dirname, '../../../docs/privacy.md'), 'utf8')
  const said = (ms: number) => {
    if (ms === 0) return 'until it means nothing'
    if (ms < 3600_000) return `${ms / 60_000} minutes`
    return ms === dayMs ? '24 hours' : `${ms / dayMs} days`
  }
  const wanted = [...retentions, { name: 'mails in the folder', keptMs: mailsKeptMs }]
  for (const { name, keptMs } of wanted) {
    const line = register.split('\n').find((row) => row.startsWith(`| ${name} `))
    expect(line, name).toContain(`| ${said(keptMs)} `)
  }
})
