import { expect, it } from 'vitest'
import * as bookings from '../../contract/bookings.ts'
import * as holds from '../../contract/holds.ts'
import * as showtimes from '../../contract/showtimes.ts'
import { bookSeats, buySeats, guestCustomer, holdSeats, readBooking } from '../testing/buying.ts'
import { beats, crowd, tally } from '../testing/crowd.ts'
import { onBothEngines, startApp } from '../testing/harness.ts'
import { ledgerProblems } from '../testing/ledger-check.ts'
import { makeScreening } from '../testing/screening.ts'
import { signIn } from '../testing/sign-in.ts'

const hourMs = 3600_000

onBothEngines('a showtime that moves to another hall', (engine) => {
  it('meets others that want the same hall: one of eight moves, the others hear of the overlap', async () => {
    const test = await startApp(engine)
    const admin = await signIn(test, 'admin')
    const startsAt = test.clock.now() + 24 * hourMs
    const hall = await makeScreening(test, { startsAt: startsAt + 48 * hourMs })
    const shows: string[] = []
    for (let count = 0; count < 8; count += 1) {
      shows.push((await makeScreening(test, { startsAt: startsAt + count, beside: hall })).showtimeId)
    }
    const answers = await crowd(8, (index) =>
      test.call(
        showtimes.moveShowtime,
        { params: { id: shows[index] }, body: { auditoriumId: hall.auditoriumId } },
        admin,
      ),
    )
    expect(tally(answers)).toEqual({ '200': 1, '409 showtime_overlap': 7 })
  })

  it('moves under people who hold and book: whoever has a booking has a seat in the new hall', async () => {
    const test = await startApp(engine, { environment: { MAX_HOLDS_PER_CLIENT: '0' } })
    const admin = await signIn(test, 'admin')
    for (let round = 0; round < 4; round += 1) {
      const startsAt = test.clock.now() + (24 + round * 72) * hourMs
      const from = await makeScreening(test, { startsAt })
      const to = await makeScreening(test, { startsAt: startsAt + 48 * hourMs, beside: from })
      const params = { id: from.showtimeId }
      const paid = await buySeats(test, from.showtimeId, ['A1', 'A2'])
      const pending = await bookSeats(test, from.showtimeId, ['B1'])
      const held = await holdSeats(test, from.showtimeId, ['C1'])
      const move = async () => {
        await beats(test, round * 2)
        const input = { params, body: { auditoriumId: to.auditoriumId } }
        return await test.call(showtimes.moveShowtime, input, admin)
      }
      const answers = await Promise.all([
        move(),
        test.call(
          bookings.createBooking,
          { body: { holdId: held.id, customer: guestCustomer } },
          { accessToken: held.token },
        ),
        ...Array.from({ length: 12 }, (_buyer, index) =>
          test.call(holds.placeHold, { params, body: { seats: [`D${(index % 6) + 1}`] } }),
        ),
      ])
      tally(answers)
      expect(answers[0].status).toBe(200)
      expect([201, 404]).toContain(answers[1].status)
      expect((await readBooking(test, paid)).tickets.map(({ seat }) => seat)).toEqual(['A1', 'A2'])
      expect((await readBooking(test, pending)).status).toBe('pending')
      expect(await ledgerProblems(test.database, test.clock.now())).toEqual([])
    }
  })
})
