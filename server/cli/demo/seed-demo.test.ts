import { expect, test } from 'vitest'
import { login } from '../../../contract/accounts.ts'
import { readSeatMap } from '../../../contract/holds.ts'
import { auditDatabase } from '../../audit/audit.ts'
import type { Database } from '../../database/database.ts'
import { openDatabase } from '../../database/open.ts'
import { createLog } from '../../platform/log.ts'
import { addDays, businessDate as businessDateOf } from '../../platform/time.ts'
import { typeCommand } from '../../testing/command-line.ts'
import { onBothEngines, startApp } from '../../testing/harness.ts'
import { demoAccounts } from './accounts.ts'
import { seedDemo } from './seed-demo.ts'
import { demoTheatres } from './theatres.ts'

const dayMs = 86_400_000

async function showtimesOf(database: Database) {
  return await database.read
    .selectFrom('showtimes')
    .innerJoin('theatres', 'theatres.id', 'showtimes.theatreId')
    .select([
      'showtimes.id',
      'showtimes.externalKey',
      'businessDate',
      'theatres.name',
      'startsAt',
      'showtimes.updatedAt',
    ])
    .orderBy('showtimes.id')
    .execute()
}

/** The business days on which a theatre shows anything. */
function daysOf(showtimes: Awaited<ReturnType<typeof showtimesOf>>, theatre: string): string[] {
  const days = showtimes.filter(({ name }) => name === theatre).map(({ businessDate }) => businessDate)
  return [...new Set(days)].toSorted()
}

function daysFrom(first: string, count: number): string[] {
  return Array.from({ length: count }, (_, index) => addDays(first, index))
}

onBothEngines('the demo', (engine) => {
  test('fills an empty database: two theatres, four halls, twelve films, today and the next 14 days', async () => {
    const house = await startApp(engine)
    expect(await seedDemo(house.database, house.clock)).toBe('seeded')
    const counts = async (table: 'theatres' | 'auditoriums' | 'movies') =>
      (await house.database.read.selectFrom(table).select('id').execute()).length
    expect([await counts('theatres'), await counts('auditoriums'), await counts('movies')]).toEqual([2, 4, 12])
    const showtimes = await showtimesOf(house.database)
    for (const theatre of ['Lantern Picture House', 'Kino Morgenrot']) {
      expect(daysOf(showtimes, theatre)).toEqual(daysFrom('2026-11-21', 15))
    }
  })

  test('has an account of each role that can sign in, an owner of a theatre and staff in it', async () => {
    const house = await startApp(engine)
    await seedDemo(house.database, house.clock)
    for (const { email, password, role } of demoAccounts) {
      const { body } = await house.call(login, { body: { email, password } })
      expect(body.user).toMatchObject({ email, role })
    }
    const owned = house.database.read
      .selectFrom('theatres')
      .innerJoin('users', 'users.id', 'theatres.ownerId')
      .select(['theatres.name', 'users.email'])
    expect(await owned.execute()).toEqual([{ name: 'Lantern Picture House', email: 'owner@example.com' }])
    expect(await house.database.read.selectFrom('theatreStaff').selectAll().execute()).toHaveLength(1)
  })

  test('has seats sold for the next evening of each hall, and its ledger is sound', async () => {
    const house = await startApp(engine)
    await seedDemo(house.database, house.clock)
    const booked = await house.database.read.selectFrom('bookings').select('showtimeId').distinct().execute()
    expect(booked).toHaveLength(4)
    for (const { showtimeId } of booked) {
      const { counts } = (await house.call(readSeatMap, { params: { id: showtimeId } })).body
      expect(counts.booked).toBeGreaterThan(counts.available / 3)
      expect(counts.available).toBeGreaterThan(0)
    }
    const report = await auditDatabase(house.database, house.clock.now())
    expect(report.invariants.flatMap(({ violations }) => violations)).toEqual([])
  })

  test('is topped up by a later start, and what was there is not touched', async () => {
    const house = await startApp(engine)
    await seedDemo(house.database, house.clock)
    const before = await showtimesOf(house.database)
    expect(await seedDemo(house.database, house.clock)).toBe('covered')
    expect(await showtimesOf(house.database)).toEqual(before)
    const [deleted] = before.filter(({ businessDate }) => businessDate === '2026-12-01')
    await house.database.write((tx) =>
      tx.query
        .deleteFrom('showtimes')
        .where('id', '=', deleted?.id ?? '')
        .execute(),
    )
    house.clock.advance(3 * dayMs)
    expect(await seedDemo(house.database, house.clock)).toBe('topped up')
    const after = await showtimesOf(house.database)
    const kept = new Set(before.map(({ id }) => id))
    expect(after.filter(({ id }) => kept.has(id))).toEqual(before.filter(({ id }) => id !== deleted?.id))
    expect(daysOf(after, 'Kino Morgenrot')).toEqual(daysFrom('2026-11-21', 18))
    // A month without a start: the days in between stay empty, nothing is made for the past.
    house.clock.advance(40 * dayMs)
    expect(await seedDemo(house.database, house.clock)).toBe('topped up')
    const days = daysOf(await showtimesOf(house.database), 'Lantern Picture House')
    expect(days).toEqual([...daysFrom('2026-11-21', 18), ...daysFrom('2027-01-03', 15)])
  })

  test.each(['2026-11-21T20:40Z', '2026-11-23T03:30Z'])(
    'has a show to sell tonight in each theatre when it is started at %s, also the second time',
    async (start) => {
      const house = await startApp(engine, { startMs: Date.parse(start) })
      const coming = async () => {
        const now = house.clock.now()
        const today = (theatre: (typeof demoTheatres)[number]) => businessDateOf(now, theatre.timeZone)
        const all = await showtimesOf(house.database)
        return demoTheatres.map(
          (theatre) =>
            all.filter(
              ({ name, businessDate: day, startsAt }) =>
                name === theatre.name && day === today(theatre) && startsAt > now + 1_200_000,
            ).length,
        )
      }
      expect(await seedDemo(house.database, house.clock)).toBe('seeded')
      expect(Math.min(...(await coming()))).toBeGreaterThan(0)
      expect(await seedDemo(house.database, house.clock)).toBe('covered')
      const booked = house.database.read
        .selectFrom('bookings')
        .innerJoin('showtimes', 'showtimes.id', 'bookings.showtimeId')
        .select('bookings.id')
        .where('showtimes.startsAt', '<=', house.clock.now())
      expect((await booked.execute()).length > 0).toBe(start.includes('T20'))
      const report = await auditDatabase(house.database, house.clock.now())
      expect(report.invariants.flatMap(({ violations }) => violations)).toEqual([])
    },
  )

  test('leaves out what is in the way or gone when it is topped up', async () => {
    const house = await startApp(engine)
    await seedDemo(house.database, house.clock)
    const [long] = await house.database.read
      .selectFrom('showtimes')
      .innerJoin('auditoriums', 'auditoriums.id', 'showtimes.auditoriumId')
      .select(['showtimes.id', 'showtimes.startsAt'])
      .where('auditoriums.name', '=', 'Studio')
      .where('businessDate', '=', '2026-12-05')
      .orderBy('startsAt', 'desc')
      .execute()
    // The house has a marathon into the next day.
    const endsAt = (long?.startsAt ?? 0) + 22 * 3_600_000
    await house.database.write((tx) =>
      tx.query
        .updateTable('showtimes')
        .set({ endsAt, busyUntil: endsAt })
        .where('id', '=', long?.id ?? '')
        .execute(),
    )
    house.clock.advance(dayMs)
    expect(await seedDemo(house.database, house.clock)).toBe('topped up')
    const report = await auditDatabase(house.database, house.clock.now())
    expect(report.sound).toBe(true)
    expect(daysOf(await showtimesOf(house.database), 'Lantern Picture House')).toContain('2026-12-06')
  })

  test('two servers that start at once make one demo, and top it up once', async () => {
    const house = await startApp(engine)
    const other = openDatabase(house.location, house.clock, createLog('silent'))
    const outcomes = await Promise.all([seedDemo(house.database, house.clock), seedDemo(other, house.clock)])
    expect(outcomes.toSorted()).toEqual(['covered', 'seeded'])
    const bookings = await house.database.read.selectFrom('bookings').select('id').execute()
    house.clock.advance(dayMs)
    const again = await Promise.all([seedDemo(house.database, house.clock), seedDemo(other, house.clock)])
    expect(again.toSorted()).toEqual(['covered', 'topped up'])
    expect((await auditDatabase(house.database, house.clock.now())).sound).toBe(true)
    expect(bookings.length).toBeLessThan(400)
    await other.close()
  })

  test('seed leaves a database of somebody’s own alone, unless it is forced', async () => {
    const house = await startApp(engine)
    const admin = ['--email', 'admin@example.com', '--name', 'Ada', '--password', 'velvet curtain 1911']
    await typeCommand(house.location, ['create-admin', ...admin])
    const { clock } = house
    expect(await typeCommand(house.location, ['seed'], { clock })).toMatchObject({
      code: 1,
      output: '',
      errors: expect.stringContaining('not empty'),
    })
    expect(await showtimesOf(house.database)).toEqual([])
    const forced = await typeCommand(house.location, ['seed', '--force'], { clock })
    expect(forced).toMatchObject({ code: 0, output: expect.stringContaining('staff@example.com') })
    const { body } = await house.call(login, { body: { email: 'admin@example.com', password: 'velvet curtain 1911' } })
    expect(body.user.name).toBe('Ada')
    // The demo itself is no empty database either.
    expect(await typeCommand(house.location, ['seed'], { clock })).toMatchObject({
      code: 1,
      output: '',
      errors: expect.stringContaining('not empty'),
    })
    expect(await typeCommand(house.location, ['seed', '--force'], { clock })).toMatchObject({
      code: 0,
      output: 'The demo is there, and covers the next 14 days.\n',
    })
  })
})
