import { endBy } from '../storm/weather.ts'
import { createClient } from '../storm/client.ts'
import { spawnServer } from '../server/testing/spawned-server.ts'
import { ensure } from './fault.ts'
import type { Fault } from './fault.ts'
import { inHouse } from './house.ts'
import { takeHostClock } from './preloaded.ts'

const apartMs = 30_000
const holdSeconds = 2
/** What the way to the database and a busy machine may add. */
const toleranceMs = 1000

export const clocksApart: Fault = {
  id: 'F9',
  holds: 'Two servers whose hosts’ clocks are 30 s apart end a hold at the same moment, that of the database’s clock.',
  injection: 'a second server whose host’s clock is 30 s ahead, or 30 s behind',
  // Two servers on one SQLite file there are never (F20).
  engines: ['postgres'],
  rounds: { test: 2, short: 4, long: 20 },
  needs: [],
  async run({ rounds, breakGround }) {
    const location = await breakGround()
    let mostApartMs = 0
    await inHouse(
      location,
      async ({ client, shop, nextSeat }) => {
        for (let round = 0; round < rounds; round += 1) {
          const clock = takeHostClock(round % 2 === 0 ? apartMs : -apartMs)
          const environment = { ...clock.environment, HOLD_SECONDS: String(holdSeconds) }
          const second = spawnServer(location, { environment })
          try {
            const url = await second.url
            const other = createClient(() => url)
            const path = `/showtimes/${shop.reserved[0]?.id}/holds`
            for (const [first, then] of [
              [client, other],
              [other, client],
            ] as const) {
              const wish = { method: 'POST', path, body: { seats: [nextSeat()] } } as const
              const key = `${round} ${first === client}`
              const hold = await first.settle({ ...wish, key: `${key} first` })
              ensure(hold.status === 201, `The first heard ${hold.status} ${hold.text}`)
              const endsAt = Date.parse(String(hold.body['expiresAt']))
              mostApartMs = Math.max(mostApartMs, Math.abs(endsAt - Date.now() - holdSeconds * 1000))
              for (let tries = 0; ; tries += 1) {
                const heard = await then.settle({ ...wish, key: `${key} then ${tries}` })
                const nowMs = Date.now()
                if (heard.status === 201) {
                  ensure(nowMs >= endsAt - 50, `The other server gave the seat away ${endsAt - nowMs} ms too early`)
                  break
                }
                ensure(nowMs < endsAt + toleranceMs, `The other server still keeps the seat ${nowMs - endsAt} ms later`)
              }
            }
            const { code, errors } = await endBy(second, 'SIGTERM')
            ensure(code === 0, `The second server ended with ${code}: ${errors}`)
          } finally {
            await endBy(second, 'SIGKILL')
            clock.drop()
          }
        }
      },
      { environment: { HOLD_SECONDS: String(holdSeconds) } },
    )
    ensure(mostApartMs < toleranceMs, `A hold ended ${mostApartMs} ms from when it should`)
    return `${rounds * 2} holds, each over on both servers at once`
  },
}
