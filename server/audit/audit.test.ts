import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import { beforeAll, expect, test } from 'vitest'
import { typeCommand } from '../testing/command-line.ts'
import { onBothEngines } from '../testing/harness.ts'
import { liveInHouse } from '../testing/lived-in-house.ts'
import type { LivedInHouse } from '../testing/lived-in-house.ts'
import { auditDatabase } from './audit.ts'
import type { AuditReport } from './audit.ts'

type Values = Readonly<Record<string, string | number | null>>

/** One row edited by hand: what it becomes, and which row it is. */
interface Corruption {
  readonly breaks: string
  readonly what: string
  readonly table: string
  readonly where: (house: LivedInHouse) => Values
  readonly change: (house: LivedInHouse, row: Values) => Values
  /** Something that the report must name. */
  readonly names: (house: LivedInHouse) => string
}

const corruptions: readonly Corruption[] = [
  {
    breaks: 'I1',
    what: 'a lapsed hold comes back to life although its seat is sold',
    table: 'holds',
    where: ({ lapsedHold }) => ({ id: lapsedHold }),
    change: ({ test: { clock } }) => ({ expires_at: clock.now() + 60_000 }),
    names: ({ paid }) => paid.id,
  },
  {
    breaks: 'I2',
    what: 'the lock of a sold seat goes to another booking’s',
    table: 'seat_claims',
    where: ({ reserved }) => ({ showtime_id: reserved, seat_id: 'A2' }),
    change: () => ({ seat_id: 'A8' }),
    names: () => 'seat A2',
  },
  {
    breaks: 'I2',
    what: 'the lock of a confirmed booking is about to end',
    table: 'seat_claims',
    where: ({ reserved }) => ({ showtime_id: reserved, seat_id: 'A2' }),
    change: ({ test: { clock } }) => ({ expires_at: clock.now() + 60_000 }),
    names: ({ paid }) => paid.id,
  },
  {
    breaks: 'I2',
    what: 'a booking of general admission has fewer places than tickets',
    table: 'seat_claims',
    where: ({ crowd }) => ({ ref: crowd.id }),
    change: () => ({ places: 4 }),
    names: ({ crowd }) => crowd.id,
  },
  {
    breaks: 'I3',
    what: 'an answer was kept for a booking that is not there',
    table: 'idempotency_keys',
    where: () => ({ key: 'the-second' }),
    change: () => ({ answer: '{"id":"bkg_gone"}' }),
    names: () => 'bkg_gone',
  },
  {
    breaks: 'I4',
    what: 'two keys were answered with one booking',
    table: 'idempotency_keys',
    where: () => ({ key: 'the-first' }),
    change: ({ pending }) => ({ answer: JSON.stringify({ id: pending.id }) }),
    names: ({ pending }) => pending.id,
  },
  {
    breaks: 'I5',
    what: 'a booking in pounds was paid in euros',
    table: 'payments',
    where: ({ paid }) => ({ booking_id: paid.id }),
    change: () => ({ currency: 'EUR' }),
    names: ({ paid }) => paid.id,
  },
  {
    breaks: 'I6',
    what: 'a booking says that more was paid than was',
    table: 'bookings',
    where: ({ paid }) => ({ id: paid.id }),
    change: (_house, row) => ({ paid: Number(row['paid']) + 1 }),
    names: ({ paid }) => paid.id,
  },
  {
    breaks: 'I6',
    what: 'a refund has grown by a penny',
    table: 'refunds',
    where: ({ cancelled }) => ({ booking_id: cancelled.id }),
    change: (_house, row) => ({ amount: Number(row['amount']) + 1 }),
    names: ({ cancelled }) => cancelled.id,
  },
  {
    breaks: 'I7',
    what: 'a payment counts that its provider has never heard of',
    table: 'payments',
    where: ({ paid }) => ({ booking_id: paid.id }),
    change: () => ({ provider: 'stripe' }),
    names: () => 'stripe',
  },
  {
    breaks: 'I8',
    what: 'a booking was confirmed before it was made',
    table: 'bookings',
    where: ({ paid }) => ({ id: paid.id }),
    change: (_house, row) => ({ confirmed_at: Number(row['created_at']) - 1 }),
    names: ({ paid }) => paid.id,
  },
  {
    breaks: 'I9',
    what: 'a ticket has another price than its booking was told',
    table: 'tickets',
    where: ({ paid }) => ({ id: paid.tickets[0]?.id ?? '' }),
    change: (_house, row) => ({ price_amount: Number(row['price_amount']) + 1 }),
    names: ({ paid }) => paid.id,
  },
  {
    breaks: 'I10',
    what: 'a ticket of a cancelled booking opens the door again',
    table: 'tickets',
    where: ({ cancelled }) => ({ id: cancelled.tickets[0]?.id ?? '' }),
    change: () => ({ status: 'valid', voided_at: null }),
    names: ({ cancelled }) => cancelled.tickets[0]?.id ?? '',
  },
  {
    breaks: 'I11',
    what: 'a ticket was used, and nobody was let in with it',
    table: 'tickets',
    where: ({ paid }) => ({ id: paid.tickets[0]?.id ?? '' }),
    change: ({ test: { clock } }) => ({ status: 'used', checked_in_at: clock.now() }),
    names: ({ paid }) => paid.tickets[0]?.id ?? '',
  },
  {
    breaks: 'I12',
    what: 'a booking is counted for another theatre than its showtime’s',
    table: 'payments',
    where: ({ paid }) => ({ booking_id: paid.id }),
    change: (_house, row) => ({ theatre_id: String(row['other_theatre']) }),
    names: ({ paid }) => paid.id,
  },
  {
    breaks: 'I12',
    what: 'the layout that a showtime is sold with has lost a seat',
    table: 'layouts',
    where: () => ({ capacity: 40 }),
    change: (_house, row) => ({ layout: String(row['layout']).replace('"number":"2"', '"number":"99"') }),
    names: () => 'A2 of',
  },
  {
    breaks: 'I13',
    what: 'a hold takes more places than there are',
    table: 'seat_claims',
    where: ({ liveCrowdHold }) => ({ ref: liveCrowdHold }),
    change: () => ({ places: 26 }),
    names: ({ general }) => general,
  },
  {
    breaks: 'I14',
    what: 'a showtime runs into the next one in its auditorium',
    table: 'showtimes',
    where: ({ reserved }) => ({ id: reserved }),
    change: (_house, row) => ({ busy_until: Number(row['busy_until']) + 3 * 3_600_000 }),
    names: () => 'sho_next',
  },
  {
    breaks: 'I15',
    what: 'a claim outlives its hold',
    table: 'seat_claims',
    where: ({ reserved }) => ({ showtime_id: reserved, seat_id: 'E7' }),
    change: (_house, row) => ({ expires_at: Number(row['expires_at']) + 1 }),
    names: ({ liveHold }) => liveHold,
  },
]

function equalTo(values: Values) {
  const parts = Object.entries(values).map(([column, value]) =>
    value === null ? sql`${sql.ref(column)} IS NULL` : sql`${sql.ref(column)} = ${value}`,
  )
  return sql.join(parts, sql` AND `)
}

async function edit({ test: { database } }: LivedInHouse, table: string, where: Values, change: Values): Promise<void> {
  const sets = Object.entries(change).map(([column, value]) => sql`${sql.ref(column)} = ${value}`)
  await database.write(async (tx) => {
    const edited = await sql`UPDATE ${sql.table(table)} SET ${sql.join(sets)} WHERE ${equalTo(where)}`.execute(tx.query)
    expect(edited.numAffectedRows).toBe(1n)
  })
}

/** The row as it stands, by the names of its columns in the database. */
async function rowOf({ test: { database } }: LivedInHouse, table: string, where: Values): Promise<Values> {
  const found = await sql<Values>`SELECT * FROM ${sql.table(table)} WHERE ${equalTo(where)}`.execute(database.read)
  const [row] = found.rows
  if (!row) throw new Error(`there is no such row in ${table}`)
  const snake = (name: string) => name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
  return Object.fromEntries(Object.entries(row).map(([name, value]) => [snake(name), value]))
}

async function audit({ test: { database, clock } }: LivedInHouse): Promise<AuditReport> {
  return await auditDatabase(database, clock.now())
}

function brokenIn(report: AuditReport): string[] {
  return report.invariants.filter(({ violations }) => violations.length > 0).map(({ id }) => id)
}

/** Another showtime in the same auditorium, just after it is free again. */
async function scheduleNext({ test: { database }, reserved }: LivedInHouse): Promise<void> {
  await database.write(async (tx) => {
    // PostgreSQL refuses an overlap by itself; a damaged database may have lost that too.
    if (tx.raw.engine === 'postgres')
      await sql`ALTER TABLE showtimes DROP CONSTRAINT showtimes_overlap`.execute(tx.query)
    const row = await tx.query.selectFrom('showtimes').selectAll().where('id', '=', reserved).executeTakeFirstOrThrow()
    const laterMs = row.busyUntil - row.startsAt
    await tx.query
      .insertInto('showtimes')
      .values({
        ...row,
        id: 'sho_next',
        startsAt: row.startsAt + laterMs,
        endsAt: row.endsAt + laterMs,
        busyUntil: row.busyUntil + laterMs,
        salesCloseAt: row.salesCloseAt + laterMs,
        staffSalesCloseAt: row.staffSalesCloseAt + laterMs,
      })
      .execute()
  })
}

onBothEngines('the audit', (engine) => {
  let house: LivedInHouse

  beforeAll(async () => {
    house = await liveInHouse(engine)
    await scheduleNext(house)
  })

  test('finds nothing in a house where everything has happened, and has looked at something of each kind', async () => {
    const report = await audit(house)
    expect(report.invariants.flatMap(({ violations }) => violations)).toEqual([])
    expect(report.sound).toBe(true)
    expect(report.invariants.map(({ id }) => id)).toEqual(Array.from({ length: 15 }, (_, index) => `I${index + 1}`))
    const idle = report.invariants.filter(({ rows }) => rows === 0).map(({ id }) => id)
    // No payment here went to a provider outside.
    expect(idle).toEqual(['I7'])
  })

  test.each(corruptions)('$breaks, and nothing else, is broken when $what', async (corruption) => {
    const { table, breaks, names } = corruption
    const where = corruption.where(house)
    const before = await rowOf(house, table, where)
    const [other] = await house.test.database.read
      .selectFrom('showtimes')
      .select('theatreId')
      .where('id', '=', house.general)
      .execute()
    const change = corruption.change(house, { ...before, other_theatre: other?.theatreId ?? '' })
    await edit(house, table, where, change)
    const report = await audit(house)
    const undo = Object.fromEntries(Object.keys(change).map((column) => [column, before[column] ?? null]))
    await edit(house, table, { ...where, ...change }, undo)
    expect(brokenIn(report), JSON.stringify(report, null, 1)).toEqual([breaks])
    expect(JSON.stringify(report)).toContain(names(house))
    expect((await audit(house)).sound).toBe(true)
  })

  test('names a hundred violations of one invariant and says that there are more', async () => {
    const { database } = house.test
    await database.write(async (tx) => {
      const rows = Array.from({ length: 101 }, (_, index) => ({
        caller: 'nobody',
        route: 'POST /bookings',
        key: `k${index}`,
        bodyHash: '',
        status: 201,
        answer: `{"id":"bkg_lost${index}"}`,
        createdAt: tx.nowMs,
      }))
      await tx.query.insertInto('idempotencyKeys').values(rows).execute()
    })
    const report = await audit(house)
    await database.write((tx) => tx.query.deleteFrom('idempotencyKeys').where('caller', '=', 'nobody').execute())
    const acknowledged = report.invariants.find(({ id }) => id === 'I3')
    expect(acknowledged).toMatchObject({ more: true })
    expect(acknowledged?.violations).toHaveLength(100)
  })
})

onBothEngines('matinee audit', (engine) => {
  let house: LivedInHouse

  beforeAll(async () => {
    house = await liveInHouse(engine)
  })

  const type = (...argv: string[]) => typeCommand(house.test.location, ['audit', ...argv], { clock: house.test.clock })

  test('says so in words and exits with 0 when all is sound', async () => {
    const { code, output, errors } = await type()
    expect([code, errors]).toEqual([0, ''])
    expect(output).toMatch(/^ok {5}I1 {2}One seat, one live claim \(\d+ rows\)$/m)
    expect(output).toMatch(/^Sound: all 15 invariants hold\.$/m)
    for (const line of output.split('\n')) expect(line.length).toBeLessThanOrEqual(80)
  })

  test('names what is broken and exits with 1, as JSON too', async () => {
    const { id } = house.paid
    await edit(house, 'bookings', { id }, { paid: 1 })
    const words = await type()
    const document = await type('--json')
    await edit(house, 'bookings', { id }, { paid: house.paid.paid.amount })
    expect(words.code).toBe(1)
    expect(words.output).toMatch(/^BROKEN I6 {2}/m)
    expect(words.output).toContain(id)
    expect(words.output).toMatch(/^Broken: 1 invariant of 15\.$/m)
    expect(document.code).toBe(1)
    const report: AuditReport = JSON.parse(document.output)
    expect(report).toMatchObject({ engine, sound: false })
    expect(brokenIn(report)).toEqual(['I6'])
  })

  test('compares the database with a journal of what clients were told', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'matinee-journal-'))
    const path = join(folder, 'acknowledged.txt')
    const journal = async (...lines: string[]) => {
      writeFileSync(path, lines.map((line) => `${line}\n`).join(''))
      return await type('--against-journal', path)
    }
    const { paid, pending, liveHold } = house
    const told = [`hold ${liveHold} the-first`, `confirmed ${paid.id} -`, `booking ${pending.id} the-second`]
    expect(await journal(...told, `payment ${paid.payments[0]?.id}`)).toMatchObject({ code: 0 })
    const lost = await journal(...told, 'booking bkg_lost key', `confirmed ${pending.id} key`)
    expect(lost.code).toBe(1)
    expect(lost.output).toMatch(/^BROKEN I3 /m)
    const text = lost.output.replaceAll(/\s+/g, ' ')
    expect(text).toContain('bkg_lost (line 4 of the journal) was acknowledged and is not there')
    expect(text).toContain(`${pending.id} (line 5 of the journal) was acknowledged as confirmed and is not`)
    expect(await journal('nonsense')).toMatchObject({ code: 2, output: '' })
    rmSync(folder, { recursive: true })
    expect(await type('--against-journal', path)).toMatchObject({ code: 2, output: '' })
  })

  test('exits with 2 when it could not check: nothing there, not migrated, not to be reached', async () => {
    const nowhere = await typeCommand({ engine: 'sqlite', path: '/no/such/folder/file.db' }, ['audit'])
    expect(nowhere).toMatchObject({ code: 2, output: '' })
    const gone = await typeCommand({ engine: 'postgres', url: 'postgres://nobody@127.0.0.1:1/none' }, ['audit'])
    expect(gone).toMatchObject({ code: 2, output: '' })
    await typeCommand(house.test.location, ['migrate', 'down'])
    const old = await type()
    await typeCommand(house.test.location, ['migrate', 'up'])
    expect(old).toMatchObject({ code: 2, output: '', errors: expect.stringContaining('migrate up') })
  })
})
