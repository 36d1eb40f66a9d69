import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { auditDatabase } from '../../audit/audit.ts'
import type { Database } from '../../database/database.ts'
import { typeCommand } from '../../testing/command-line.ts'
import { onBothEngines, startApp } from '../../testing/harness.ts'

/** Indexes and references, as the engine describes them. */
async function promisesOf({ engine, read }: Database): Promise<unknown[]> {
  const described =
    engine === 'sqlite'
      ? [sql`SELECT name, tbl_name, sql FROM sqlite_master WHERE type = 'index' ORDER BY 1, 2`]
      : [
          sql`SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = current_schema() ORDER BY 1`,
          sql`SELECT conname, conrelid::regclass::text AS owner, pg_get_constraintdef(oid) AS definition
            FROM pg_constraint WHERE connamespace = current_schema()::regnamespace ORDER BY 1, 2`,
        ]
  const parts: unknown[] = []
  for (const statement of described) parts.push((await statement.execute(read)).rows)
  return parts
}

onBothEngines('generate', (engine) => {
  test('invents a season with bookings in every state, and its ledger is sound', async () => {
    const house = await startApp(engine)
    const { clock, database } = house
    const wish = ['--bookings', '600', '--showtimes', '60']
    const promises = await promisesOf(database)
    const { code, output } = await typeCommand(house.location, ['generate', ...wish], { clock })
    expect(code).toBe(0)
    const [showtimes = 0, bookings = 0] = [...output.matchAll(/([\d,]+) (?:showtime|booking)s/g)].map(([, amount]) =>
      Number(amount?.replace(',', '')),
    )
    expect(showtimes).toBeGreaterThan(40)
    expect(bookings).toBeGreaterThan(500)
    expect(bookings).toBeLessThan(700)
    const states = await database.read.selectFrom('bookings').select('status').distinct().orderBy('status').execute()
    expect(states.map(({ status }) => status)).toEqual(['cancelled', 'confirmed', 'expired'])
    const used = await database.read.selectFrom('tickets').select('id').where('status', '=', 'used').limit(1).execute()
    expect(used).toHaveLength(1)
    const ahead = await database.read
      .selectFrom('showtimes')
      .select('id')
      .where('startsAt', '>', clock.now() + 86_400_000)
      .limit(1)
      .execute()
    expect(ahead).toHaveLength(1)
    expect(await promisesOf(database)).toEqual(promises)
    const report = await auditDatabase(database, clock.now())
    expect(report.invariants.flatMap(({ violations }) => violations)).toEqual([])
    const again = await typeCommand(house.location, ['generate', ...wish], { clock })
    expect(again).toMatchObject({ code: 1, output: '', errors: expect.stringContaining('not empty') })
  })

  test('is refused in production', async () => {
    const house = await startApp(engine)
    const variables = { NODE_ENV: 'production' }
    expect(await typeCommand(house.location, ['generate'], { variables })).toMatchObject({ code: 1, output: '' })
  })
})
