import type { Heard } from '../storm/client.ts'
import { bothEngines, ensure } from './fault.ts'
import type { Fault } from './fault.ts'
import { inHouse } from './house.ts'
import type { House } from './house.ts'
import { takeHostClock } from './preloaded.ts'

const hourMs = 3_600_000

export const clockJumps: Fault = {
  id: 'F8',
  holds:
    'When the clock of the host jumps, nothing that is sold is sold again. PostgreSQL: a hold ends by the database’s clock, as if nothing had happened. SQLite: by the host’s, which never runs backwards for us.',
  injection: 'a library that sets the host’s clock forward by two hours, back by one, and forward by ten days',
  engines: bothEngines,
  rounds: { test: 1, short: 6, long: 40 },
  needs: [],
  async run({ engine, rounds, breakGround }) {
    const location = await breakGround()
    const clock = takeHostClock()
    const goesByHost = engine === 'sqlite'
    /** As far as the clock has ever been ahead: SQLite's stays there until the host's has come so far. */
    let aheadMs = 0
    const jumpTo = async (shiftMs: number) => {
      await clock.shift(shiftMs)
      aheadMs = Math.max(aheadMs, shiftMs)
    }
    try {
      return await inHouse(
        location,
        async (house) => {
          for (let round = 0; round < rounds; round += 1) {
            const people = queueOf(house, `${round}`)
            const sold = await people.hold('sold')
            await people.pay(await people.book(sold, 201))
            // Back: for SQLite time stands still, so nothing ends before its time and nobody is younger than before.
            const patient = await people.hold('patient')
            await jumpTo(aheadMs - hourMs)
            await people.refused('patient')
            await people.book(patient, 201)
            await people.refused('sold')
            // Forward: on SQLite every hold has lapsed, and its seat is anybody's; for PostgreSQL nothing has happened.
            await jumpTo(aheadMs)
            const caught = await people.hold('caught')
            await jumpTo(aheadMs + (round % 2 === 0 ? 2 : 240) * hourMs)
            if (goesByHost) {
              await people.hold('caught', 'again')
              await people.book(caught, 410)
            } else {
              await people.refused('caught')
              await people.book(caught, 201)
            }
            await people.refused('sold')
          }
          return `${rounds * 3} jumps, in the end ${aheadMs / hourMs} hours ahead`
        },
        {
          environment: { ...clock.environment, HOLD_SECONDS: '60', PAYMENT_SECONDS: '60' },
          // What has lapsed by the server's clock is over; by ours it would come to life again.
          auditAt: () => Date.now() + (goesByHost ? aheadMs : 0),
        },
      )
    } finally {
      clock.drop()
    }
  },
}

/** Those who come one after the other and want the same seats. */
function queueOf({ client, shop, nextSeat }: House, round: string) {
  const path = `/showtimes/${shop.reserved[0]?.id}/holds`
  const seats = new Map<string, string>()
  const ask = async (name: string, how: string) => {
    const seat = seats.getOrInsertComputed(name, nextSeat)
    return await client.settle({ method: 'POST', path, body: { seats: [seat] }, key: `${round} ${name} ${how}` })
  }
  const expect = (heard: Heard, status: number, what: string) =>
    ensure(heard.status === status, `${what} was answered with ${heard.status} ${heard.text}, not ${status}`)
  return {
    async hold(name: string, how = 'hold') {
      const heard = await ask(name, how)
      expect(heard, 201, `A hold of the seat "${name}" (${how})`)
      return heard
    },
    async refused(name: string) {
      expect(await ask(name, `refused ${Math.random()}`), 409, `A second hold of the seat "${name}"`)
    },
    async book(hold: Heard, status: number) {
      const heard = await client.settle({
        method: 'POST',
        path: '/bookings',
        body: { holdId: hold.body['id'], customer: { name: 'Ada', email: 'ada@example.com' } },
        accessToken: String(hold.body['token']),
        key: `${round} book ${String(hold.body['id'])}`,
      })
      expect(heard, status, 'The booking of a hold')
      return heard
    },
    async pay(booking: Heard) {
      const accessToken = String(booking.body['accessToken'])
      const pay = async (to: string, body: object) =>
        await client.settle({ method: 'POST', path: to, body, accessToken, key: `${round} pay ${to}` })
      const begun = await pay('/payments', { bookingId: booking.body['id'], provider: 'test' })
      const paid = await pay(`/payments/${String(begun.body['id'])}/confirm`, { outcome: 'succeed' })
      expect(paid, 200, 'A payment')
    },
  }
}
