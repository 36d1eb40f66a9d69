import { describe, expect, it } from 'vitest'
import * as contract from '../../contract/showtimes.ts'
import { onBothEngines } from '../testing/harness.ts'
import { stageHouse } from '../testing/houses.ts'
import { signIn } from '../testing/sign-in.ts'

const price = { amount: 1200, currency: 'EUR' }
const evening = '2026-12-24T19:30'

onBothEngines('making a showtime', (engine) => {
  it('reads a local time in the theatre’s zone and counts the end from trailers and film', async () => {
    const { test, house, make } = await stageHouse(engine)
    const made = await make({ startsAt: evening })
    expect(made.status).toBe(201)
    expect(made.body).toMatchObject({
      id: expect.stringMatching(/^sho_/),
      movieId: house.films[0],
      theatreId: house.theatreId,
      auditoriumId: house.halls[0],
      startsAt: '2026-12-24T18:30:00Z',
      endsAt: '2026-12-24T20:30:00Z',
      localStartsAt: evening,
      timeZone: 'Europe/Berlin',
      businessDate: '2026-12-24',
      format: '2d',
      seating: 'reserved',
      capacity: 12,
      availableSeats: 12,
      status: 'scheduled',
      visibility: 'public',
      salesCloseAt: '2026-12-24T18:45:00Z',
      salesPaused: false,
      prices: [{ category: 'standard', ticketType: 'adult', price }],
    })
    const read = await test.call(contract.getShowtime, { params: { id: made.body.id } })
    expect(read.body).toEqual(made.body)
  })

  it('refuses a local time that does not exist or happens twice, and says so', async () => {
    const { make } = await stageHouse(engine)
    const gap = await make({ startsAt: '2027-03-28T02:30' })
    expect(gap.problem).toMatchObject({
      status: 400,
      code: 'validation_failed',
      errors: [{ path: '/startsAt', message: expect.stringContaining('does not exist in Europe/Berlin') }],
    })
    const twice = await make({ startsAt: '2027-10-31T02:30' })
    expect(twice.problem).toMatchObject({
      status: 400,
      errors: [{ path: '/startsAt', message: expect.stringContaining('happens twice') }],
    })
    expect((await make({ startsAt: '2027-10-31T02:30+01:00' })).body.localStartsAt).toBe('2027-10-31T02:30')
  })

  it('ends when the film does, whatever the clocks do meanwhile', async () => {
    const { make } = await stageHouse(engine, { runtimes: [688], timeZone: 'Europe/London', currency: 'EUR' })
    const marathon = await make({ startsAt: '2027-03-27T21:00' })
    expect(marathon.body).toMatchObject({ startsAt: '2027-03-27T21:00:00Z', endsAt: '2027-03-28T08:48:00Z' })
  })

  it('counts half past midnight for the evening before', async () => {
    const { make } = await stageHouse(engine)
    expect((await make({ startsAt: '2026-12-25T00:30' })).body.businessDate).toBe('2026-12-24')
    const early = await stageHouse(engine, { settings: { businessDayStartsAt: '00:00' } })
    expect((await early.make({ startsAt: '2026-12-25T00:30' })).body.businessDate).toBe('2026-12-25')
  })

  it('takes one source of prices, in the theatre’s currency, of ticket types that it sells', async () => {
    const { make } = await stageHouse(engine)
    const table = [{ category: 'standard', ticketType: 'child', price }]
    const wrong = [
      [{ basePrice: undefined }, '/prices'],
      [{ prices: table }, '/prices'],
      [{ basePrice: { amount: 5, currency: 'GBP' } }, '/basePrice/currency'],
      [{ basePrice: undefined, prices: [...table, ...table] }, '/prices/1'],
      [{ basePrice: undefined, prices: [{ ...table[0], ticketType: 'pirate' }] }, '/prices/0/ticketType'],
      [{ basePrice: undefined, priceListId: 'prl_none' }, '/priceListId'],
      [{ endsAt: '2026-12-24T19:00' }, '/endsAt'],
      [{ endsAt: '2026-12-29T19:00' }, '/endsAt'],
      [{ salesCloseAt: '2026-12-25T19:00' }, '/salesCloseAt'],
      [{ salesOpenAt: '2026-12-24T21:00' }, '/salesOpenAt'],
      [{ theatreId: 'thr_other' }, '/theatreId'],
    ] as const
    for (const [body, path] of wrong) {
      const { problem } = await make({ startsAt: evening, ...body })
      expect(problem, path).toMatchObject({ code: 'validation_failed', errors: [{ path }] })
    }
    expect((await make({ startsAt: evening, basePrice: undefined, status: 'draft' })).body.prices).toEqual([])
  })

  it('is for the theatre’s owner and administrators, and names what is not there', async () => {
    const { test, house, make } = await stageHouse(engine)
    const body = { movieId: house.films[0], auditoriumId: house.halls[0], startsAt: evening, basePrice: price }
    const other = await signIn(test, 'owner')
    const staff = await signIn(test, 'staff')
    expect((await test.call(contract.createShowtime, { body })).problem.code).toBe('unauthenticated')
    expect((await test.call(contract.createShowtime, { body }, staff)).problem.code).toBe('forbidden')
    expect((await test.call(contract.createShowtime, { body }, other)).problem.code).toBe('forbidden')
    expect((await test.call(contract.createShowtime, { body }, await signIn(test, 'admin'))).status).toBe(201)
    expect((await make({ auditoriumId: 'aud_none', startsAt: evening })).problem.code).toBe('not_found')
    expect((await make({ movieId: 'mov_none', startsAt: evening })).problem.code).toBe('not_found')
  })

  it('answers a repeated request with the first showtime', async () => {
    const { test, owner, house } = await stageHouse(engine)
    const body = { movieId: house.films[0], auditoriumId: house.halls[0], startsAt: evening, basePrice: price }
    const as = { token: owner.token, headers: { 'idempotency-key': 'one' } }
    const first = await test.call(contract.createShowtime, { body }, as)
    const second = await test.call(contract.createShowtime, { body }, as)
    expect(second.status).toBe(201)
    expect(second.body).toEqual(first.body)
    expect(second.headers['idempotency-replayed']).toBe('true')
  })
})

onBothEngines('one auditorium', (engine) => {
  it('never has two showtimes at once, turnaround included, drafts too, cancelled ones not', async () => {
    const { test, make, house } = await stageHouse(engine)
    const first = await make({ startsAt: evening, status: 'draft' })
    // Ends at 21:30, and is free again at 21:45.
    const clash = await make({ startsAt: '2026-12-24T21:44' })
    expect(clash.problem).toMatchObject({
      status: 409,
      code: 'showtime_overlap',
      conflicts: [
        {
          showtimeId: first.body.id,
          auditoriumId: house.halls[0],
          startsAt: first.body.startsAt,
          endsAt: first.body.endsAt,
          busyUntil: '2026-12-24T20:45:00Z',
        },
      ],
    })
    expect((await make({ startsAt: '2026-12-24T17:16' })).problem.code).toBe('showtime_overlap')
    expect((await make({ startsAt: '2026-12-24T17:15' })).status).toBe(201)
    expect((await make({ startsAt: '2026-12-24T21:45' })).status).toBe(201)
    expect((await make({ startsAt: evening, auditoriumId: house.halls[1] })).status).toBe(201)
    await test.database.write(async (tx) => {
      await tx.query
        .updateTable('showtimes')
        .set({ status: 'cancelled', cancelledAt: 1 })
        .where('id', '=', first.body.id)
        .execute()
    })
    expect((await make({ startsAt: evening })).status).toBe(201)
  })

  it('keeps the turnaround it was scheduled with', async () => {
    const { test, make, house } = await stageHouse(engine, { settings: { turnaroundMinutes: 60 } })
    await make({ startsAt: evening })
    await test.database.write(async (tx) => {
      await tx.query.updateTable('theatres').set({ settings: '{}' }).where('id', '=', house.theatreId).execute()
    })
    expect((await make({ startsAt: '2026-12-24T22:29' })).problem.code).toBe('showtime_overlap')
    expect((await make({ startsAt: '2026-12-24T22:30' })).status).toBe(201)
  })
})

describe('seats that are out of order', () => {
  onBothEngines('are blocked', (engine) => {
    it('in every showtime that starts before they are repaired', async () => {
      const { test, make, house } = await stageHouse(engine)
      const until = Date.UTC(2026, 11, 25)
      await test.database.write(async (tx) => {
        const seat = { auditoriumId: house.halls[0], reason: 'broken', createdAt: 1 }
        await tx.query
          .insertInto('outOfOrderSeats')
          .values([
            { ...seat, seatId: 'A1', untilAt: null },
            { ...seat, seatId: 'A2', untilAt: until },
          ])
          .execute()
      })
      expect((await make({ startsAt: evening })).body.availableSeats).toBe(10)
      expect((await make({ startsAt: '2026-12-26T19:30' })).body.availableSeats).toBe(11)
    })
  })
})
