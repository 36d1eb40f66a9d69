import { setTimeout as pause } from 'node:timers/promises'
import { bothEngines, ensure } from './fault.ts'
import type { Fault } from './fault.ts'
import { inHouse } from './house.ts'

const holdSeconds = 2

export const longPause: Fault = {
  id: 'F22',
  holds: 'A server that was frozen for longer than a hold honours none that lapsed meanwhile; the seat is anybody’s.',
  injection: 'SIGSTOP for longer than HOLD_SECONDS, then SIGCONT',
  engines: bothEngines,
  rounds: { test: 1, short: 3, long: 20 },
  needs: ['shell'],
  async run({ rounds, breakGround }) {
    const location = await breakGround()
    return await inHouse(
      location,
      async ({ client, server, shop, nextSeat }) => {
        const path = `/showtimes/${shop.reserved[0]?.id}/holds`
        for (let round = 0; round < rounds; round += 1) {
          const body = { seats: [nextSeat()] }
          const first = await client.settle({ method: 'POST', path, body, key: `first ${round}` })
          server.child.kill('SIGSTOP')
          await pause((holdSeconds + 0.5) * 1000)
          const booking = client.settle({
            method: 'POST',
            path: '/bookings',
            body: { holdId: first.body['id'], customer: { name: 'Ada', email: 'ada@example.com' } },
            accessToken: String(first.body['token']),
            key: `book ${round}`,
          })
          server.child.kill('SIGCONT')
          const late = await booking
          ensure(late.status === 410, `A lapsed hold was answered with ${late.status} ${late.text}`)
          const second = await client.settle({ method: 'POST', path, body, key: `second ${round}` })
          ensure(second.status === 201, `The seat is not free: ${second.status} ${second.text}`)
        }
        return `${rounds} pauses of ${holdSeconds + 0.5} s with holds of ${holdSeconds} s`
      },
      { environment: { HOLD_SECONDS: String(holdSeconds) } },
    )
  },
}
