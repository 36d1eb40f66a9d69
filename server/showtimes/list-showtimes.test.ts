import { expect, it } from 'vitest'
import * as contract from '../../contract/showtimes.ts'
import { holdSeats } from '../testing/buying.ts'
import { onBothEngines } from '../testing/harness.ts'
import type { As } from '../testing/harness.ts'
import { makeHouse, stageHouse } from '../testing/houses.ts'
import { signIn } from '../testing/sign-in.ts'

type Scene = Awaited<ReturnType<typeof stageHouse>>

async function starts({ test }: Scene, query: object, as?: As) {
  const { body } = await test.call(contract.listShowtimes, { query }, as)
  return body.data.map((each) => each.localStartsAt)
}

onBothEngines('the list of showtimes', (engine) => {
  it('without dates has the public ones still on sale, by start', async () => {
    // Tests take place on 21 November 2026 at 13:00 in Berlin.
    const scene = await stageHouse(engine)
    await scene.make({ startsAt: '2026-11-25T20:00' })
    await scene.make({ startsAt: '2026-11-21T12:50', endsAt: '2026-11-21T14:00' })
    await scene.make({ startsAt: '2026-11-20T20:00' })
    await scene.make({ startsAt: '2026-11-22T20:00', status: 'draft' })
    await scene.make({ startsAt: '2026-11-23T20:00', visibility: 'unlisted' })
    await scene.make({ startsAt: '2026-11-24T20:00', visibility: 'private' })
    await scene.make({ startsAt: '2026-11-26T20:00', salesOpenAt: '2026-11-25T20:00', salesPaused: true })
    const expected = ['2026-11-21T12:50', '2026-11-25T20:00', '2026-11-26T20:00']
    expect(await starts(scene, {})).toEqual(expected)
    scene.test.clock.advance(5 * 60_000)
    expect(await starts(scene, {}, scene.owner)).toEqual(expected.slice(1))
  })

  it('shows drafts and private screenings of a span to their own house alone', async () => {
    const scene = await stageHouse(engine)
    await scene.make({ startsAt: '2026-11-22T14:00', status: 'draft' })
    await scene.make({ startsAt: '2026-11-22T17:00', visibility: 'private' })
    await scene.make({ startsAt: '2026-11-22T20:00' })
    const staff = await signIn(scene.test, 'staff')
    const stranger = await signIn(scene.test, 'owner')
    await scene.test.database.write(async (tx) => {
      const member = { theatreId: scene.house.theatreId, userId: staff.userId, createdAt: 1 }
      await tx.query.insertInto('theatreStaff').values(member).execute()
    })
    const query = { date: '2026-11-22' }
    const all = ['2026-11-22T14:00', '2026-11-22T17:00', '2026-11-22T20:00']
    for (const as of [undefined, stranger, await signIn(scene.test)]) {
      expect(await starts(scene, query, as)).toEqual(['2026-11-22T20:00'])
    }
    for (const as of [scene.owner, staff, await signIn(scene.test, 'admin')]) {
      expect(await starts(scene, query, as)).toEqual(all)
    }
  })

  it('knows drafts and private screenings by their id to their own house alone', async () => {
    const scene = await stageHouse(engine)
    const read = async (body: object, as?: As) => {
      const { id } = (await scene.make(body)).body
      return (await scene.test.call(contract.getShowtime, { params: { id } }, as)).status
    }
    expect(await read({ startsAt: '2026-11-22T14:00', status: 'draft' })).toBe(404)
    expect(await read({ startsAt: '2026-11-22T17:00', visibility: 'private' })).toBe(404)
    expect(await read({ startsAt: '2026-11-22T20:00', visibility: 'unlisted' })).toBe(200)
    expect(await read({ startsAt: '2026-11-23T14:00', status: 'draft' }, scene.owner)).toBe(200)
  })

  it('is filtered by business day, span, city, theatre, film and format', async () => {
    const scene = await stageHouse(engine, { runtimes: [100, 90], city: 'Köln' })
    await scene.make({ startsAt: '2026-11-22T20:00', format: '3D' })
    await scene.make({ startsAt: '2026-11-23T00:30' })
    await scene.make({ startsAt: '2026-11-23T20:00', movieId: scene.house.films[1] })
    const elsewhere = await makeHouse(scene.test, {
      ownerId: scene.owner.userId,
      city: 'London',
      timeZone: 'Europe/London',
    })
    await scene.make({ startsAt: '2026-11-23T20:00', auditoriumId: elsewhere.halls[0] })
    const days = async (query: object) => await starts(scene, query)
    expect(await days({ date: '2026-11-22' })).toEqual(['2026-11-22T20:00', '2026-11-23T00:30'])
    expect(await days({ format: '3d' })).toEqual(['2026-11-22T20:00'])
    expect(await days({ city: 'koln', from: '2026-11-23' })).toEqual(['2026-11-23T20:00'])
    expect(await days({ movieId: scene.house.films[1] })).toEqual(['2026-11-23T20:00'])
    expect(await days({ theatreId: elsewhere.theatreId })).toEqual(['2026-11-23T20:00'])
    expect(await days({ from: '2026-11-22T23:30Z', to: '2026-11-23T20:00Z' })).toEqual([
      '2026-11-23T00:30',
      '2026-11-23T20:00',
    ])
    const own = { theatreId: scene.house.theatreId, from: '2026-11-23T00:30', to: '2026-11-23T20:00' }
    expect(await days(own)).toEqual(['2026-11-23T00:30'])
    expect(await days({ to: '2026-11-22', from: '2026-11-01' })).toEqual(['2026-11-22T20:00', '2026-11-23T00:30'])
    expect(await days({ city: 'Nowhere' })).toEqual([])
    const film = { params: { id: scene.house.films[0] }, query: { city: 'Köln', date: '2026-11-22' } }
    expect((await scene.test.call(contract.listMovieShowtimes, film)).body.data).toHaveLength(2)
    const missing = { params: { id: 'mov_none' } }
    expect((await scene.test.call(contract.listMovieShowtimes, missing)).problem.code).toBe('not_found')
    for (const wrong of [
      { date: '2026-02-30' },
      { from: 'soon' },
      { from: '2026-11-23T00:30' },
      { expand: 'seats' },
      { cursor: 'x' },
    ]) {
      const answer = await scene.test.call(contract.listShowtimes, { query: wrong })
      expect(answer.problem.code, JSON.stringify(wrong)).toBe('validation_failed')
    }
  })

  it('is read page by page without a gap, whatever starts at the same time', async () => {
    const scene = await stageHouse(engine)
    const [first, second] = scene.house.halls
    const made: string[] = []
    for (const day of ['22', '23', '24']) {
      for (const auditoriumId of [first, second]) {
        made.push((await scene.make({ startsAt: `2026-11-${day}T20:00`, auditoriumId })).body.id)
      }
    }
    const page = async (cursor?: string) =>
      (await scene.test.call(contract.listShowtimes, { query: { limit: 4, cursor } })).body
    const first4 = await page()
    const rest = await page(first4.nextCursor ?? undefined)
    expect([...first4.data, ...rest.data].map((each) => each.id)).toEqual(made)
    expect([first4.data.length, rest.nextCursor]).toEqual([4, null])
  })

  it('tells the free seats, and film, theatre and auditorium when asked', async () => {
    const scene = await stageHouse(engine)
    const { id } = (await scene.make({ startsAt: '2026-11-22T20:00' })).body
    await holdSeats(scene.test, id, ['A1', 'A2'])
    const query = { expand: 'movie,theatre,auditorium' }
    const { body } = await scene.test.call(contract.listShowtimes, { query })
    expect(body.data).toMatchObject([
      {
        availableSeats: 10,
        movie: { id: scene.house.films[0], title: 'Film 1' },
        theatre: { id: scene.house.theatreId, city: 'Berlin' },
        auditorium: { id: scene.house.halls[0], name: 'Screen 1', capacity: 12 },
      },
    ])
    scene.test.clock.advance(301_000)
    const one = await scene.test.call(contract.getShowtime, { params: { id }, query: { expand: 'movie' } })
    expect(one.body).toMatchObject({ availableSeats: 12, movie: { title: 'Film 1' } })
    expect(one.body.theatre).toBeUndefined()
  })
})
