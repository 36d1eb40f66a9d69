import { shot } from './load.ts'
import type { Shot } from './load.ts'
import { hallOf, pairs } from './stage.ts'

/** The hall of 2,000 seats. */
export const wideHall = hallOf(40, 50)

/** Showtimes that nobody has bought anything in: of 200 seats, and of 2,000. */
export interface Stage {
  readonly showtimes: readonly string[]
  readonly wide: readonly string[]
}

/** What is measured, by its name: the next request, or null where the stage is sold out. */
export type Work = Readonly<Record<string, () => Shot | null>>

/** Every kind of request, on seats that none of the others has taken. */
export function workOn({ showtimes, wide }: Stage): Work {
  let sold = 0
  let soldWide = 0
  const nextHold = () => {
    const showtime = showtimes[sold % showtimes.length]
    const pair = pairs[Math.floor(sold / showtimes.length)]
    sold += 1
    return showtime !== undefined && pair ? { showtime, pair } : null
  }
  const noop = shot('POST', `/api/v1/noop/${showtimes[0]}`, { seats: ['A1', 'A2'] })
  const anyOf = (list: readonly string[]) => list[Math.floor(Math.random() * 20)]
  return {
    'do nothing (POST)': () => noop,
    'POST hold, two seats': () => {
      const hold = nextHold()
      return hold && shot('POST', `/api/v1/showtimes/${hold.showtime}/holds`, { seats: hold.pair })
    },
    'hold, booking, paid (each request)': () => {
      const hold = nextHold()
      return hold && purchase(hold.showtime, hold.pair)
    },
    'constant bytes (GET)': () => shot('GET', `/api/v1/constant/${showtimes[0]}`),
    'GET seat map, 200 seats': () => shot('GET', `/api/v1/showtimes/${anyOf(showtimes)}/seats`),
    'GET availability': () => shot('GET', `/api/v1/showtimes/${anyOf(showtimes)}/availability`),
    'POST hold, in 2,000 seats': () => {
      const pair = wideHall.pairs[Math.floor(soldWide / wide.length)]
      soldWide += 1
      return pair ? shot('POST', `/api/v1/showtimes/${wide[soldWide % wide.length]}/holds`, { seats: pair }) : null
    },
    'GET availability, 2,000 seats': () => shot('GET', `/api/v1/showtimes/${anyOf(wide)}/availability`),
  }
}

/** A guest buys two seats: hold, booking, payment, confirmation. */
function purchase(showtime: string, pair: readonly [string, string]): Shot {
  return shot('POST', `/api/v1/showtimes/${showtime}/holds`, { seats: pair }, {}, (held) => {
    const hold: { id?: string; token?: string } = JSON.parse(held)
    const key = { 'X-Access-Token': hold.token ?? '' }
    const buyer = { holdId: hold.id, customer: { email: 'buyer@example.com', name: 'A Buyer' } }
    return shot('POST', '/api/v1/bookings', buyer, key, (booked) => {
      const booking: { id?: string } = JSON.parse(booked)
      return shot('POST', '/api/v1/payments', { bookingId: booking.id, provider: 'test' }, key, (begun) => {
        const payment: { id?: string } = JSON.parse(begun)
        return shot('POST', `/api/v1/payments/${payment.id}/confirm`, { outcome: 'succeed' }, key)
      })
    })
  })
}
