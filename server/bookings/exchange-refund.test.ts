import { expect, it } from 'vitest'
import type { Booking } from '../../contract/bookings.ts'
import * as bookings from '../../contract/bookings.ts'
import type { Engine } from '../database/database.ts'
import { buySeats } from '../testing/buying.ts'
import { onBothEngines, startApp } from '../testing/harness.ts'
import type { As } from '../testing/harness.ts'
import { auditProblems } from '../testing/ledger-check.ts'
import { laterShowtime, makeShowtime } from '../testing/showtimes.ts'
import { signIn } from '../testing/sign-in.ts'

/** A house that gives back a share, and another showtime of the same film. */
async function stage(engine: Engine, refundSharePercent: number, laterAmount: number) {
  const test = await startApp(engine, { environment: { MAX_HOLDS_PER_CLIENT: '0' } })
  const made = await makeShowtime(test, { settings: { refundSharePercent } })
  const later = await laterShowtime(test, made, laterAmount)
  const keyOf = ({ accessToken }: Booking): As => ({ accessToken })
  return {
    test,
    later,
    buy: async (seat: string) => await buySeats(test, made.showtimeId, [seat]),
    exchange: async (booking: Booking, seat: string, as: As = keyOf(booking)) => {
      const body = { showtimeId: later, seats: [seat] }
      return (await test.call(bookings.exchangeBooking, { params: { id: booking.id }, body }, as)).body
    },
    cancel: async (booking: Booking) =>
      (await test.call(bookings.cancelBooking, { params: { id: booking.id }, body: {} }, keyOf(booking))).body,
  }
}

onBothEngines('what an exchange gives back', (engine) => {
  it('is no more than a cancellation would, and the books know what was kept', async () => {
    const { test, buy, exchange, cancel } = await stage(engine, 50, 250)
    const [booking, other] = [await buy('A1'), await buy('A2')]
    const moved = await exchange(booking, 'B1')
    expect(moved).toMatchObject({ total: { amount: 250 }, paid: { amount: 1250 }, refunded: { amount: 500 } })
    expect(await cancel(booking)).toMatchObject({ status: 'cancelled', refunded: { amount: 625 } })
    // The house may give back all of it.
    const byHouse = await exchange(other, 'B2', await signIn(test, 'admin'))
    expect(byHouse).toMatchObject({ paid: { amount: 1250 }, refunded: { amount: 1000 } })
    expect(await auditProblems(test.database, test.clock.now())).toEqual([])
  })

  it('is all of it when the house moves the showtime, and not for who exchanged into it when it had been moved', async () => {
    const { test, later, buy, exchange, cancel } = await stage(engine, 0, 1250)
    const [before, after] = [await buy('A1'), await buy('A2')]
    test.clock.advance(1000)
    await exchange(before, 'B1')
    test.clock.advance(1000)
    await test.database.write(({ query, nowMs }) =>
      query.updateTable('showtimes').set({ rescheduledAt: nowMs }).where('id', '=', later).execute(),
    )
    test.clock.advance(1000)
    await exchange(after, 'B2')
    expect(await cancel(after)).toMatchObject({ status: 'cancelled', refunded: { amount: 0 } })
    expect(await cancel(before)).toMatchObject({ status: 'cancelled', refunded: { amount: 1250 } })
  })
})
