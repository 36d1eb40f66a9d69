import { copyFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { readSeatMap } from '../../../contract/holds.ts'
import { listShowtimes } from '../../../contract/showtimes.ts'
import { auditDatabase } from '../../audit/audit.ts'
import { buySeats } from '../../testing/buying.ts'
import { onBothEngines, startApp } from '../../testing/harness.ts'
import { everything, folderOf, importFrom } from '../../testing/programme-files.ts'

/** Facts from public sources beside the checkout; they are no part of it. */
const programme = join(import.meta.dirname, '../../../../shared/data/programme')

onBothEngines('import of a real week', (engine) => {
  test.skipIf(!existsSync(programme))('takes 689 showtimes in 96 halls, and again nothing', async () => {
    const house = await startApp(engine)
    expect(await importFrom(house, programme)).toMatchObject({
      code: 0,
      output: 'theatres     24 created\nauditoriums  96 created\nmovies       75 created\nshowtimes    689 created\n',
    })
    const before = await everything(house.database)
    house.clock.advance(60_000)
    expect(await importFrom(house, programme)).toMatchObject({
      code: 0,
      output:
        'theatres     24 unchanged\nauditoriums  96 unchanged\nmovies       75 unchanged\nshowtimes    689 unchanged\n',
    })
    expect(await everything(house.database)).toEqual(before)
    const seats = await house.database.read
      .selectFrom('layouts')
      .select((select) => select.fn.sum<number>('capacity').as('seats'))
      .executeTakeFirstOrThrow()
    expect(seats.seats).toBe(12_696)
  })

  test.skipIf(!existsSync(programme))('moved ahead of today, it can be sold', async () => {
    const house = await startApp(engine)
    const folder = folderOf({})
    for (const file of ['theatres', 'auditoriums', 'movies']) {
      copyFileSync(join(programme, `${file}.ndjson`), join(folder, `${file}.ndjson`))
    }
    const lines = readFileSync(join(programme, 'showtimes.ndjson'), 'utf8')
    writeFileSync(join(folder, 'showtimes.ndjson'), lines.replaceAll('"2025-01-', '"2027-01-'))
    expect(await importFrom(house, folder)).toMatchObject({ code: 0 })
    const { data } = (await house.call(listShowtimes, { query: { from: '2027-01-26', limit: 100 } })).body
    const showtime = data.find(({ capacity }) => capacity > 100)
    expect(showtime).toBeDefined()
    const { body: map } = await house.call(readSeatMap, { params: { id: showtime?.id } })
    const seats = map.seats?.filter(({ kind }) => kind === 'standard').slice(40, 43) ?? []
    const ids = seats.map(({ id }) => id)
    const booking = await buySeats(house, map.showtimeId, ids)
    expect(booking).toMatchObject({ status: 'confirmed' })
    const price = (category: string) =>
      showtime?.prices.find((each) => each.category === category && each.ticketType === 'adult')?.price.amount ?? 0
    expect(booking.total.amount).toBe(seats.reduce((sum, { category }) => sum + price(category), 0))
    expect((await auditDatabase(house.database, house.clock.now())).sound).toBe(true)
  })
})
