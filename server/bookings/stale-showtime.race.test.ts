import { expect, it } from 'vitest'
import { setLayout, setOutOfOrder } from '../../contract/auditoriums.ts'
import { exchangeBooking } from '../../contract/bookings.ts'
import { cancelBooking } from './cancel-booking.ts'
import { changeSeats } from './change-seats.ts'
import { must } from '../platform/assert.ts'
import { buySeats } from '../testing/buying.ts'
import { onBothEngines, startApp } from '../testing/harness.ts'
import { ledgerProblems } from '../testing/ledger-check.ts'
import { laterShowtime, makeShowtime, plainLayout } from '../testing/showtimes.ts'
import { signIn } from '../testing/sign-in.ts'
import { outOfOrderSeats } from '../venues/out-of-order.ts'
import { applyOutOfOrder } from './apply-out-of-order.ts'
import { blockSeats } from '../holds/block-seats.ts'

onBothEngines('a showtime that changes between a look at it and its lock', (engine) => {
  it('has no seats blocked that its new layout does not have', async () => {
    const test = await startApp(engine)
    const made = await makeShowtime(test, { layout: plainLayout(4, 10) })
    const before = must(await test.app.house.holds.findShowtime(made.showtimeId), 'It is there')
    const input = { params: { id: made.auditoriumId }, body: plainLayout(2, 5) }
    expect((await test.call(setLayout, input, await signIn(test, 'admin'))).status).toBe(200)
    const block = async (seats: readonly string[]) =>
      await test.database.write(async (tx) => await blockSeats(tx, before, seats, null))
    expect(await block(['D7', 'A3'])).toMatchObject({ code: 'busy' })
    expect(await ledgerProblems(test.database, test.clock.now())).toEqual([])
  })

  it('has no seats out of order that its new layout does not have', async () => {
    const test = await startApp(engine)
    const admin = await signIn(test, 'admin')
    const made = await makeShowtime(test, { layout: plainLayout(4, 10) })
    const params = { id: made.auditoriumId }
    expect(
      (await test.call(setOutOfOrder, { params, body: { seats: ['D7'], reason: 'Broken hinge' } }, admin)).status,
    ).toBe(200)
    const { read } = test.database
    const showtimes = read.selectFrom('showtimes').selectAll().where('id', '=', made.showtimeId)
    const before = await showtimes.executeTakeFirstOrThrow()
    expect((await test.call(setLayout, { params, body: plainLayout(2, 5) }, admin)).status).toBe(200)
    expect(await ledgerProblems(test.database, test.clock.now())).toEqual([])
    await test.database.write(
      async (tx) => await applyOutOfOrder(tx, before, await outOfOrderSeats(tx.query, made.auditoriumId)),
    )
    expect(await ledgerProblems(test.database, test.clock.now())).toEqual([])
  })

  it('seats and cancels nobody of a booking that was exchanged meanwhile', async () => {
    const test = await startApp(engine)
    const made = await makeShowtime(test)
    const later = await laterShowtime(test, made, 1250)
    const booking = await buySeats(test, made.showtimeId, ['A1'])
    const before = must(await test.app.house.holds.findShowtime(made.showtimeId), 'It is there')
    const body = { showtimeId: later, seats: ['B1'] }
    await test.call(exchangeBooking, { params: { id: booking.id }, body }, { accessToken: booking.accessToken })
    const moved = await test.database.write(
      async (tx) => await changeSeats(tx, before, booking.id, [{ from: 'B1', to: 'B2' }]),
    )
    expect(moved).toMatchObject({ code: 'busy' })
    const cancellation = { bookingId: booking.id, ticketIds: null, reason: null, userId: null }
    const { settings } = before
    const by = { byHouse: false, staffLimit: null }
    const cancelled = await test.database.write(
      async (tx) => await cancelBooking(tx, { ...cancellation, settings, showtime: before, by }),
    )
    expect(cancelled).toMatchObject({ code: 'busy' })
    expect(await ledgerProblems(test.database, test.clock.now())).toEqual([])
  })
})
