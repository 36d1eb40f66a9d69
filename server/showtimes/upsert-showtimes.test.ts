import { expect, it } from 'vitest'
import { buySeats } from '../testing/buying.ts'
import { onBothEngines } from '../testing/harness.ts'
import { makeHouse, stageHouse } from '../testing/houses.ts'
import { plainLayout } from '../testing/showtimes.ts'
import { upsertShowtimes } from './upsert-showtimes.ts'
import type { KeyedShowtime } from './upsert-showtimes.ts'

type Scene = Awaited<ReturnType<typeof stageHouse>>

function line({ house }: Scene, externalKey: string | null, startsAt: string, more: object = {}): KeyedShowtime {
  const usual = { movieId: house.films[0], auditoriumId: house.halls[0], basePrice: { amount: 900, currency: 'EUR' } }
  return { externalKey, showtime: { ...usual, startsAt, ...more } }
}

const outcomes = (upserted: { readonly results: readonly { readonly outcome: string }[] }) =>
  upserted.results.map((result) => result.outcome)

onBothEngines('showtimes of another system', (engine) => {
  const upsert = async ({ test }: Scene, lines: readonly KeyedShowtime[]) =>
    await test.database.write((tx) => upsertShowtimes(tx, lines))
  const rows = async ({ test }: Scene) =>
    await test.database.read.selectFrom('showtimes').selectAll().orderBy('startsAt').execute()

  it('are added once: the same again changes nothing, not even a time stamp', async () => {
    const scene = await stageHouse(engine)
    // The past is accepted; the second one is known by its auditorium and start.
    const lines = [line(scene, 'one', '2025-01-24T20:00'), line(scene, null, '2025-01-25T19:00Z')]
    expect(await upsert(scene, lines)).toMatchObject({
      problems: [],
      results: [{ outcome: 'created' }, { outcome: 'created' }],
    })
    const before = await rows(scene)
    scene.test.clock.advance(60_000)
    expect(outcomes(await upsert(scene, lines))).toEqual(['unchanged', 'unchanged'])
    expect(await rows(scene)).toEqual(before)
  })

  it('that say something else are changed; what is not given stays', async () => {
    const scene = await stageHouse(engine)
    await upsert(scene, [
      line(scene, 'one', '2027-01-24T20:00', { language: 'de' }),
      line(scene, 'two', '2027-01-25T20:00'),
    ])
    const again = [line(scene, 'one', '2027-01-24T20:30', { format: '3d' }), line(scene, 'two', '2027-01-25T20:00')]
    expect(outcomes(await upsert(scene, again))).toEqual(['changed', 'unchanged'])
    const [changed] = await rows(scene)
    expect(changed).toMatchObject({
      language: 'de',
      format: '3d',
      revision: 2,
      startsAt: Date.UTC(2027, 0, 24, 19, 30),
    })
  })

  it('may all move along at once, each into the place that the next one leaves', async () => {
    const scene = await stageHouse(engine)
    const evening = (hour: number) => `2027-01-24T${hour}:00`
    const keys = ['one', 'two', 'three']
    await upsert(
      scene,
      keys.map((key, index) => line(scene, key, evening(12 + index * 3))),
    )
    const later = keys.map((key, index) => line(scene, key, evening(14 + index * 3)))
    expect(outcomes(await upsert(scene, later))).toEqual(['changed', 'changed', 'changed'])
  })

  it('with any problem are not taken at all, and every problem is named', async () => {
    const scene = await stageHouse(engine)
    const foreign = await makeHouse(scene.test)
    await upsert(scene, [line(scene, 'there', '2027-01-24T20:00')])
    const wrong = [
      line(scene, 'fine', '2027-02-01T20:00'),
      line(scene, 'gap', '2027-03-28T02:30'),
      line(scene, 'hall', '2027-02-02T20:00', { auditoriumId: 'aud_none' }),
      line(scene, 'theatre', '2027-02-03T20:00', { theatreId: foreign.theatreId }),
      line(scene, 'fine', '2027-02-04T20:00'),
      line(scene, 'money', '2027-02-05T20:00', { basePrice: { amount: 1, currency: 'GBP' } }),
    ]
    const refused = await upsert(scene, wrong)
    expect(refused.results).toEqual([])
    expect(refused.problems).toMatchObject([
      { index: 1, path: '/startsAt' },
      { index: 2, path: '', message: 'There is no such auditorium.' },
      { index: 3, path: '/theatreId' },
      { index: 4, path: '/id', withIndex: 0 },
      { index: 5, path: '/basePrice/currency' },
    ])
    const clashes = [
      line(scene, 'late', '2027-01-24T21:00'),
      line(scene, 'a', '2027-02-01T20:00'),
      line(scene, 'b', '2027-02-01T21:00'),
    ]
    expect((await upsert(scene, clashes)).problems).toMatchObject([
      { index: 0, message: expect.stringContaining('from 2027-01-24T20:00 to 2027-01-24T22:15') },
      { index: 1, withIndex: 2 },
      { index: 2, withIndex: 1 },
    ])
    expect(await rows(scene)).toHaveLength(1)
  })

  it('leave alone what is sold or cancelled here', async () => {
    const scene = await stageHouse(engine)
    const made = await upsert(scene, [line(scene, 'sold', '2027-01-24T20:00'), line(scene, 'off', '2027-01-25T20:00')])
    await buySeats(scene.test, made.results[0]?.id ?? '', ['A1'])
    await scene.test.database.write(async (tx) => {
      const off = { status: 'cancelled' as const, cancelledAt: 1 }
      await tx.query.updateTable('showtimes').set(off).where('externalKey', '=', 'off').execute()
    })
    const moved = await upsert(scene, [line(scene, 'sold', '2027-01-26T20:00')])
    expect(moved.problems).toMatchObject([{ index: 0, message: expect.stringContaining('has bookings') }])
    const same = [line(scene, 'sold', '2027-01-24T20:00'), line(scene, 'off', '2027-01-29T20:00')]
    expect(outcomes(await upsert(scene, same))).toEqual(['unchanged', 'unchanged'])
  })

  it('come by thousands', async () => {
    const scene = await stageHouse(engine, { layouts: Array.from({ length: 10 }, () => plainLayout(2, 2)) })
    const lines = scene.house.halls.flatMap((auditoriumId, hall) =>
      Array.from({ length: 300 }, (_line, index) => {
        const startsAt = new Date(Date.UTC(2027, 0, 1, index * 4)).toISOString()
        return line(scene, `${hall} ${index}`, startsAt, { auditoriumId })
      }),
    )
    expect(outcomes(await upsert(scene, lines)).filter((outcome) => outcome === 'created')).toHaveLength(3000)
    expect(outcomes(await upsert(scene, lines)).filter((outcome) => outcome === 'unchanged')).toHaveLength(3000)
  })
})
