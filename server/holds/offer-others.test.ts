import { expect, it } from 'vitest'
import * as contract from '../../contract/holds.ts'
import { must } from '../platform/assert.ts'
import { onBothEngines, startApp } from '../testing/harness.ts'
import { makeShowtime } from '../testing/showtimes.ts'
import { offerOthers } from './offer-others.ts'

onBothEngines('those who lose seats at once', (engine) => {
  it('share one look at the hall, some are offered others, and the next look sees what came since', async () => {
    const test = await startApp(engine, { environment: { MAX_HOLDS_PER_CLIENT: '0' } })
    const { showtimeId } = await makeShowtime(test)
    const { holds } = test.app.house
    const showtime = must(await holds.findShowtime(showtimeId), 'a showtime was made')
    let looks = 0
    const offer = offerOthers({
      async claims(id) {
        looks += 1
        return await holds.claims(id)
      },
    })
    const lose = () => offer(showtime, ['A1'], {}, test.clock.now())
    const offered = await Promise.all(Array.from({ length: 100 }, lose))
    expect(looks).toBe(1)
    expect(offered.filter((groups) => groups.length > 0)).toHaveLength(32)
    const [nearest = []] = offered[0]?.[0] ?? []
    const held = await test.call(contract.placeHold, { params: { id: showtimeId }, body: { seats: [nearest] } })
    expect(held.status).toBe(201)
    const again = await lose()
    expect(looks).toBe(2)
    expect(again.flat()).not.toContain(nearest)
    expect(again.length).toBeGreaterThan(0)
  })
})
