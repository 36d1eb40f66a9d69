import { expect, it } from 'vitest'
import * as contract from '../../contract/bookings.ts'
import * as holds from '../../contract/holds.ts'
import type { Engine } from '../database/database.ts'
import { isRefusal } from '../platform/refusal.ts'
import { bookSeats, buySeats, guestCustomer, holdSeats, payBooking, readBooking } from '../testing/buying.ts'
import { crowd, tally, beats, winners } from '../testing/crowd.ts'
import { onBothEngines, startApp } from '../testing/harness.ts'
import { ledgerProblems } from '../testing/ledger-check.ts'
import { makeShowtime } from '../testing/showtimes.ts'
import type { ShowtimeWish } from '../testing/showtimes.ts'
import { signIn } from '../testing/sign-in.ts'
import { cancelShowtime } from './cancel-showtime.ts'

async function stage(engine: Engine, wish: ShowtimeWish = {}) {
  const test = await startApp(engine, { environment: { MAX_HOLDS_PER_CLIENT: '0' } })
  const { showtimeId } = await makeShowtime(test, wish)
  const params = { id: showtimeId }
  return {
    test,
    showtimeId,
    hold: (seats: readonly string[]) => test.call(holds.placeHold, { params, body: { seats } }),
    book: (body: object, accessToken?: string) =>
      test.call(contract.createBooking, { body: { customer: guestCustomer, ...body } }, { accessToken }),
    counts: async () => (await test.call(holds.readSeatMap, { params })).body.counts,
    problems: () => ledgerProblems(test.database, test.clock.now()),
  }
}

onBothEngines('booking by many at once', (engine) => {
  it('one hold, booked twenty times at once, is one booking', async () => {
    const { test, showtimeId, book, problems } = await stage(engine)
    const hold = await holdSeats(test, showtimeId, ['A1', 'A2'])
    const answers = await crowd(20, () => book({ holdId: hold.id }, hold.token))
    expect(tally(answers)).toEqual({ '201': 1, '409 hold_already_booked': 19 })
    const bookingId = winners(answers)[0]?.body.id
    for (const answer of answers) if (answer.status === 409) expect(answer.problem['bookingId']).toBe(bookingId)
    expect(await problems()).toEqual([])
  })

  it('the same seats, booked in one step by fifty: one has them', async () => {
    const { showtimeId, book, problems, counts } = await stage(engine)
    const answers = await crowd(50, (index) => book({ showtimeId, seats: index % 2 ? ['C4', 'C5'] : ['C5', 'C6'] }))
    expect(tally(answers)).toEqual({ '201': 1, '409 seats_unavailable': 49 })
    expect((await counts()).held).toBe(2)
    expect(await problems()).toEqual([])
  })

  it('thirty places, booked in one step by 100: thirty have one', async () => {
    const { showtimeId, book, problems } = await stage(engine, { layout: { seating: 'general', capacity: 30 } })
    const answers = await crowd(100, () => book({ showtimeId, count: 1 }))
    expect(tally(answers)).toEqual({ '201': 30, '409 sold_out': 70 })
    expect(await problems()).toEqual([])
  })

  it('a hold is booked and given back at once: it is a booking, or its seats are free', async () => {
    const { test, showtimeId, book, counts, problems } = await stage(engine)
    for (let delay = 0; delay < 8; delay += 1) {
      const seat = `A${delay + 1}`
      const before = await counts()
      const hold = await holdSeats(test, showtimeId, [seat])
      const release = async () => {
        await beats(test, delay)
        return await test.call(holds.releaseHold, { params: { id: hold.id } }, { accessToken: hold.token })
      }
      const [booked, released] = await Promise.all([book({ holdId: hold.id }, hold.token), release()])
      expect(released.status).toBe(204)
      expect([201, 404]).toContain(booked.status)
      expect((await counts()).held - before.held).toBe(booked.status === 201 ? 1 : 0)
    }
    expect(await problems()).toEqual([])
  })

  it('a hold is booked as it lapses while others want its seats: they are its booking’s or one other’s', async () => {
    const { test, showtimeId, hold, book, counts, problems } = await stage(engine)
    const outcomes: string[] = []
    for (let delay = 0; delay < 16; delay += 1) {
      const mine = await holdSeats(test, showtimeId, ['B1', 'B2'])
      test.clock.set(Date.parse(mine.expiresAt) - 1)
      const booking = async () => {
        await beats(test, delay % 3)
        return await book({ holdId: mine.id }, mine.token)
      }
      const asked = Promise.all([booking(), ...Array.from({ length: 6 }, () => hold(['B2', 'B1']))])
      await beats(test, delay)
      test.clock.advance(1)
      const [booked, ...others] = await asked
      tally([booked, ...others])
      expect([201, 410]).toContain(booked.status)
      const taken = winners(others).length
      expect(taken).toBeLessThanOrEqual(booked.status === 201 ? 0 : 1)
      expect((await counts()).held).toBe(booked.status === 201 || taken === 1 ? 2 : 0)
      expect(await problems()).toEqual([])
      outcomes.push(`${booked.status} ${taken}`)
      test.clock.advance(3600_000)
    }
    expect(new Set(outcomes).size, outcomes.join(', ')).toBeGreaterThan(1)
  })
})

onBothEngines('cancelling by many at once', (engine) => {
  it('cancelled twenty times at once, it is cancelled and refunded once', async () => {
    const { test, showtimeId, problems } = await stage(engine)
    const booking = await buySeats(test, showtimeId, ['A1', 'A2'])
    const as = { accessToken: booking.accessToken }
    const answers = await crowd(20, () =>
      test.call(contract.cancelBooking, { params: { id: booking.id }, body: {} }, as),
    )
    expect(tally(answers)).toEqual({ '200': 1, '409 already_cancelled': 19 })
    const after = await readBooking(test, booking)
    expect(after).toMatchObject({ status: 'cancelled', refunded: { amount: 2500 } })
    expect(after.payments.flatMap(({ refunds }) => refunds)).toHaveLength(1)
    expect(await problems()).toEqual([])
  })

  it('one ticket each of five, all at once: each is refunded once and the booking ends with the last', async () => {
    const { test, showtimeId, problems } = await stage(engine)
    const booking = await buySeats(test, showtimeId, ['A1', 'A2', 'A3', 'A4', 'A5'])
    const as = { accessToken: booking.accessToken }
    const answers = await crowd(20, (index) =>
      test.call(
        contract.cancelBooking,
        { params: { id: booking.id }, body: { tickets: [booking.tickets[index % 5]?.id] } },
        as,
      ),
    )
    const counts = tally(answers)
    expect(counts['200']).toBe(5)
    expect((counts['400 validation_failed'] ?? 0) + (counts['409 already_cancelled'] ?? 0)).toBe(15)
    expect(await readBooking(test, booking)).toMatchObject({ status: 'cancelled', refunded: { amount: 6250 } })
    expect(await problems()).toEqual([])
  })

  it('with half the price given back, what is kept of the first ticket is not given back with the second', async () => {
    const { test, showtimeId } = await stage(engine, { settings: { refundSharePercent: 50 } })
    const booking = await buySeats(test, showtimeId, ['A1', 'A2'])
    const as = { accessToken: booking.accessToken }
    for (const { id } of booking.tickets) {
      await test.call(contract.cancelBooking, { params: { id: booking.id }, body: { tickets: [id] } }, as)
    }
    expect(await readBooking(test, booking)).toMatchObject({ status: 'cancelled', refunded: { amount: 1250 } })
  })

  it('a showtime is cancelled under people who hold, book, pay and cancel: nobody keeps a seat or loses money', async () => {
    const { test, showtimeId, hold, book, problems } = await stage(engine)
    const admin = await signIn(test, 'admin')
    const paid = await buySeats(test, showtimeId, ['E1', 'E2'])
    const buy = async (seat: string) => {
      const held = await hold([seat])
      if (held.status !== 201) return held
      const booked = await book({ holdId: held.body.id }, held.body.token)
      if (booked.status === 201) await payBooking(test, booked.body).catch(() => undefined)
      return booked
    }
    const cancelPaid = async () =>
      await test.call(contract.cancelBooking, { params: { id: paid.id }, body: {} }, { accessToken: paid.accessToken })
    const cancelAll = async () => {
      await beats(test, 20)
      return await test.database.write(async (tx) => await cancelShowtime(tx, showtimeId, 'fire alarm', admin.userId))
    }
    const [cancelled, second, ...answers] = await Promise.all([
      cancelAll(),
      cancelAll(),
      cancelPaid(),
      ...Array.from({ length: 24 }, (_buyer, index) => buy(`${'ABC'[index % 3]}${(index % 8) + 1}`)),
    ])
    tally(answers)
    expect([cancelled, second].filter(isRefusal)).toHaveLength(1)
    expect((await hold(['A1'])).problem.code).toBe('showtime_cancelled')
    const { read } = test.database
    expect(await read.selectFrom('seatClaims').selectAll().execute()).toEqual([])
    const rows = await read.selectFrom('bookings').selectAll().execute()
    expect(rows.filter(({ status }) => status !== 'cancelled')).toEqual([])
    expect(rows.filter(({ paid: amount, refunded }) => amount !== refunded)).toEqual([])
    expect(await problems()).toEqual([])
  })

  it('a hold whose showtime was cancelled cannot be booked, and its holder hears why', async () => {
    const { test, showtimeId, book } = await stage(engine)
    const hold = await holdSeats(test, showtimeId, ['A1'])
    await test.database.write(async (tx) => await cancelShowtime(tx, showtimeId, 'fire alarm', 'usr_house'))
    expect((await book({ holdId: hold.id }, hold.token)).problem.code).toBe('showtime_cancelled')
  })
})

onBothEngines('the seats of a booking', (engine) => {
  it('that must be paid sooner than its hold would have lapsed are shown free in time', async () => {
    const { test, showtimeId, counts } = await stage(engine)
    const staff = await signIn(test, 'admin')
    const hold = await holdSeats(test, showtimeId, ['A1'], staff)
    expect((await counts()).held).toBe(1)
    const payBy = new Date(test.clock.now() + 60_000).toISOString()
    await test.call(contract.createBooking, { body: { holdId: hold.id, payBy } }, staff)
    expect((await counts()).held).toBe(1)
    test.clock.advance(60_000)
    expect(await counts()).toMatchObject({ held: 0, available: 40 })
    await bookSeats(test, showtimeId, ['A1'])
  })
})
