import { expect, it } from 'vitest'
import * as programme from '../../contract/programme.ts'
import * as contract from '../../contract/showtimes.ts'
import { newId } from '../platform/ids.ts'
import { holdSeats } from '../testing/buying.ts'
import { onBothEngines } from '../testing/harness.ts'
import { stageHouse } from '../testing/houses.ts'

onBothEngines('managers at once', (engine) => {
  it('twenty who want one evening in one auditorium: one has it, the others hear by whom it is taken', async () => {
    const { test, make } = await stageHouse(engine)
    const minutes = Array.from({ length: 20 }, (_manager, index) => String(10 + index * 2))
    const answers = await Promise.all(minutes.map((minute) => make({ startsAt: `2026-12-24T19:${minute}` })))
    const winners = answers.filter((answer) => answer.status === 201)
    expect(winners).toHaveLength(1)
    for (const answer of answers.filter((each) => each.status !== 201)) {
      expect(answer.problem).toMatchObject({
        status: 409,
        code: 'showtime_overlap',
        conflicts: [{ showtimeId: winners[0]?.body.id }],
      })
    }
    const { body } = await test.call(contract.listShowtimes)
    expect(body.data).toHaveLength(1)
  })

  it('a new one, a list of new ones and one that moves there: never two at a time', async () => {
    const { test, owner, house, make } = await stageHouse(engine)
    const [hall, otherHall] = house.halls
    const movable = (await make({ startsAt: '2026-12-24T20:00', auditoriumId: otherHall })).body.id
    const input = { movieId: house.films[0], basePrice: { amount: 900, currency: 'EUR' } }
    const list = [hall, otherHall].map((auditoriumId, day) => ({
      ...input,
      auditoriumId,
      startsAt: `2026-12-2${4 + day}T20:30`,
    }))
    const move = { params: { id: movable }, body: { auditoriumId: hall } }
    const answers = await Promise.all([
      ...Array.from({ length: 6 }, () => make({ startsAt: '2026-12-24T21:00' })),
      ...Array.from({ length: 6 }, () => test.call(programme.createShowtimes, { body: { showtimes: list } }, owner)),
      ...Array.from({ length: 6 }, () => test.call(contract.updateShowtime, move, owner)),
    ])
    expect(answers.map((answer) => answer.status).every((status) => [200, 201, 409].includes(status))).toBe(true)
    const { data } = (await test.call(contract.listShowtimes, { query: { from: '2026-12-24' } }, owner)).body
    expect(data.filter((each) => each.auditoriumId === hall && each.businessDate === '2026-12-24')).toHaveLength(1)
  })

  it('one auditorium for two showtimes swapped at once: both keep their places, nobody waits for ever', async () => {
    const { test, owner, house, make } = await stageHouse(engine)
    const [hall, otherHall] = house.halls
    const one = (await make({ startsAt: '2026-12-24T20:00' })).body.id
    const other = (await make({ startsAt: '2026-12-25T20:00', auditoriumId: otherHall })).body.id
    const to = (id: string, auditoriumId: string | undefined) =>
      test.call(contract.updateShowtime, { params: { id }, body: { auditoriumId } }, owner)
    const answers = await Promise.all(
      Array.from({ length: 5 }, () => [
        to(one, otherHall),
        to(other, hall),
        to(one, hall),
        to(other, otherHall),
      ]).flat(),
    )
    expect(new Set(answers.map((answer) => answer.status))).toEqual(new Set([200]))
  })

  it('one that is moved with its guests and new ones where it goes: the hall takes one of them', async () => {
    const { test, owner, house, make } = await stageHouse(engine)
    const [hall, otherHall] = house.halls
    for (const date of ['2026-12-20', '2026-12-21', '2026-12-22', '2026-12-23', '2026-12-24']) {
      const { id } = (await make({ startsAt: `${date}T20:00`, auditoriumId: otherHall })).body
      const move = { params: { id }, body: { auditoriumId: hall } }
      const answers = await Promise.all([
        test.call(contract.moveShowtime, move, owner),
        make({ startsAt: `${date}T20:30` }),
        test.call(contract.moveShowtime, move, owner),
        make({ startsAt: `${date}T20:30` }),
      ])
      expect(answers.map((answer) => answer.status).every((status) => [200, 201, 409].includes(status))).toBe(true)
      const { data } = (await test.call(contract.listShowtimes, { query: { date } })).body
      expect(data.filter((each) => each.auditoriumId === hall)).toHaveLength(1)
    }
  })

  it('a showtime that is deleted while its seats are held: held and kept, or gone and not found', async () => {
    const { test, owner, make } = await stageHouse(engine)
    const { id } = (await make({ startsAt: '2026-12-24T20:00' })).body
    const held = holdSeats(test, id, ['A1']).then(
      () => true,
      () => false,
    )
    const deleted = await test.call(contract.deleteShowtime, { params: { id } }, owner)
    expect(deleted.status).toBe((await held) ? 409 : 204)
  })
})

it('on PostgreSQL, whoever forgets the lock is stopped by the database', async () => {
  const { test, make } = await stageHouse('postgres')
  await make({ startsAt: '2026-12-24T20:00' })
  const row = await test.database.read.selectFrom('showtimes').selectAll().executeTakeFirstOrThrow()
  const insert = (laterMs: number, change: object = {}) =>
    test.database.write(async (tx) => {
      const id = newId('showtime', tx.nowMs)
      const { startsAt, endsAt, busyUntil, salesCloseAt, staffSalesCloseAt } = row
      const times = { startsAt, endsAt, busyUntil, salesCloseAt, staffSalesCloseAt }
      const later = Object.fromEntries(Object.entries(times).map(([name, ms]) => [name, ms + laterMs]))
      await tx.query
        .insertInto('showtimes')
        .values({ ...row, ...later, id, ...change })
        .execute()
    })
  const slotMs = row.busyUntil - row.startsAt
  await expect(insert(slotMs - 1)).rejects.toThrow('showtimes_overlap')
  await insert(slotMs)
  await insert(-slotMs, { status: 'draft' })
  await insert(0, { status: 'cancelled', cancelledAt: 1 })
})
