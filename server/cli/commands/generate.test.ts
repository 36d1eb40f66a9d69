import { expect, test } from 'vitest'
import { auditDatabase } from '../../audit/audit.ts'
import { typeCommand } from '../../testing/command-line.ts'
import { onBothEngines, startApp } from '../../testing/harness.ts'

onBothEngines('generate', (engine) => {
  test('invents a season with bookings in every state, and its ledger is sound', async () => {
    const house = await startApp(engine)
    const { clock, database } = house
    const wish = ['--bookings', '600', '--showtimes', '60']
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
