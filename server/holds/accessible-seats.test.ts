import { expect, it } from 'vitest'
import { placeHold, readBestSeats } from '../../contract/holds.ts'
import { onBothEngines, startApp } from '../testing/harness.ts'
import { makeShowtime } from '../testing/showtimes.ts'

const hourMs = 3_600_000
const layout = {
  rows: [
    {
      label: 'A',
      seats: [
        { number: '1', kind: 'wheelchair' as const },
        { number: '2', kind: 'companion' as const },
        { number: '3', kind: 'companion' as const },
        { number: '4' },
      ],
    },
  ],
}

onBothEngines('a companion seat', (engine) => {
  it('goes with a wheelchair place until the theatre releases it to everybody', async () => {
    const test = await startApp(engine)
    const settings = { accessibleReleaseMinutes: 60 }
    const { showtimeId } = await makeShowtime(test, { layout, settings, startsInMs: 5 * hourMs })
    const hold = async (...seats: string[]) =>
      await test.call(placeHold, { params: { id: showtimeId }, body: { seats } })
    expect((await hold('A2')).problem.code).toBe('companion_needs_wheelchair')
    expect((await hold('A1', 'A2')).status).toBe(201)
    test.clock.advance(4 * hourMs - 1)
    expect((await hold('A3')).problem.code).toBe('companion_needs_wheelchair')
    test.clock.advance(1)
    expect((await hold('A3')).status).toBe(201)
    const best = await test.call(readBestSeats, { params: { id: showtimeId }, query: { count: 1 } })
    expect(best.body.seats).toEqual(['A4'])
  })

  it('is never released where the theatre says nothing', async () => {
    const test = await startApp(engine)
    const { showtimeId } = await makeShowtime(test, { layout, startsInMs: 60_000 })
    const body = { seats: ['A2'] }
    const refused = await test.call(placeHold, { params: { id: showtimeId }, body })
    expect(refused.problem.code).toBe('companion_needs_wheelchair')
  })
})
