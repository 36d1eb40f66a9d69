import { expect, it } from 'vitest'
import * as programme from '../../contract/programme.ts'
import * as contract from '../../contract/showtimes.ts'
import { onBothEngines } from '../testing/harness.ts'
import { stageHouse } from '../testing/houses.ts'
import { signIn } from '../testing/sign-in.ts'

const price = { amount: 1200, currency: 'EUR' }
type Scene = Awaited<ReturnType<typeof stageHouse>>

async function onDay(scene: Scene, date: string) {
  const query = { theatreId: scene.house.theatreId, date }
  return (await scene.test.call(contract.listShowtimes, { query }, scene.owner)).body.data
}

onBothEngines('many showtimes in one call', (engine) => {
  const inputs = (scene: Scene, starts: readonly string[]) =>
    starts.map((startsAt) => ({
      movieId: scene.house.films[0],
      auditoriumId: scene.house.halls[0],
      basePrice: price,
      startsAt,
    }))

  it('are all made', async () => {
    const scene = await stageHouse(engine)
    const showtimes = inputs(scene, ['2026-12-24T14:00', '2026-12-24T17:00', '2026-12-24T20:00'])
    const made = await scene.test.call(programme.createShowtimes, { body: { showtimes } }, scene.owner)
    expect(made.body.showtimes.map((each) => each.localStartsAt)).toEqual(showtimes.map((each) => each.startsAt))
    expect(await onDay(scene, '2026-12-24')).toHaveLength(3)
  })

  it('or none, and every conflict is named with its index', async () => {
    const scene = await stageHouse(engine)
    const there = (await scene.make({ startsAt: '2026-12-24T20:00' })).body.id
    const showtimes = inputs(scene, ['2026-12-24T14:00', '2026-12-24T21:00', '2026-12-25T20:00', '2026-12-25T20:30'])
    const { problem } = await scene.test.call(programme.createShowtimes, { body: { showtimes } }, scene.owner)
    expect(problem).toMatchObject({
      code: 'showtime_overlap',
      conflicts: [
        { index: 1, showtimeId: there },
        { index: 2, withIndex: 3 },
        { index: 3, withIndex: 2 },
      ],
    })
    expect(await onDay(scene, '2026-12-24')).toHaveLength(1)
  })

  it('name every problem by its place, and are five hundred at most', async () => {
    const scene = await stageHouse(engine)
    const showtimes = inputs(scene, ['2026-12-24T14:00', '2027-03-28T02:30', 'soon'])
    const call = async (body: object) => await scene.test.call(programme.createShowtimes, { body }, scene.owner)
    expect((await call({ showtimes })).problem).toMatchObject({
      code: 'validation_failed',
      errors: [{ path: '/showtimes/1/startsAt' }, { path: '/showtimes/2/startsAt' }],
    })
    const foreign = [...inputs(scene, ['2026-12-24T14:00']), { ...showtimes[0], auditoriumId: 'aud_none' }]
    expect((await call({ showtimes: foreign })).problem).toMatchObject({ code: 'not_found', status: 404 })
    const starts = Array.from({ length: 501 }, (_start, index) =>
      new Date(Date.UTC(2027, 0, 1, index * 3)).toISOString(),
    )
    expect((await call({ showtimes: inputs(scene, starts) })).problem.code).toBe('validation_failed')
    expect((await call({ showtimes: inputs(scene, starts.slice(1)) })).status).toBe(201)
  })
})

onBothEngines('copying a programme', (engine) => {
  it('repeats a week at the same times on the clock, across a change of the clocks', async () => {
    const scene = await stageHouse(engine)
    await scene.make({ startsAt: '2027-03-22T20:00', salesCloseAt: '2027-03-22T20:05', language: 'de' })
    await scene.make({ startsAt: '2027-03-23T00:30', status: 'draft', auditoriumId: scene.house.halls[1] })
    await scene.make({ startsAt: '2027-03-23T20:00' })
    const body = { theatreId: scene.house.theatreId, from: '2027-03-22', to: '2027-03-22', days: 7 }
    const copied = await scene.test.call(programme.copyShowtimes, { body }, scene.owner)
    expect(copied.status).toBe(201)
    expect(copied.body.showtimes).toMatchObject([
      {
        localStartsAt: '2027-03-29T20:00',
        startsAt: '2027-03-29T18:00:00Z',
        endsAt: '2027-03-29T20:00:00Z',
        salesCloseAt: '2027-03-29T18:05:00Z',
        businessDate: '2027-03-29',
        status: 'scheduled',
        language: 'de',
        prices: [{ price }],
      },
      { localStartsAt: '2027-03-30T00:30', businessDate: '2027-03-29', status: 'draft' },
    ])
    const again = await scene.test.call(programme.copyShowtimes, { body }, scene.owner)
    expect(again.problem).toMatchObject({ code: 'showtime_overlap', conflicts: [{}, {}] })
    const drafts = { ...body, days: 14, status: 'draft' }
    const later = await scene.test.call(programme.copyShowtimes, { body: drafts }, scene.owner)
    expect(later.body.showtimes.map((each) => each.status)).toEqual(['draft', 'draft'])
  })

  it('is refused where the clocks have no such time, and copies nothing then', async () => {
    const scene = await stageHouse(engine)
    await scene.make({ startsAt: '2027-03-21T02:30' })
    await scene.make({ startsAt: '2027-03-20T20:00' })
    const body = { theatreId: scene.house.theatreId, from: '2027-03-20', to: '2027-03-21', days: 7 }
    const { problem } = await scene.test.call(programme.copyShowtimes, { body }, scene.owner)
    expect(problem).toMatchObject({
      code: 'validation_failed',
      errors: [{ path: '/days', message: expect.stringContaining('2027-03-28T02:30 does not exist') }],
    })
    expect(await onDay(scene, '2027-03-27')).toEqual([])
  })

  it('is for the theatre’s own, and for days of the calendar in their order', async () => {
    const scene = await stageHouse(engine)
    const body = { theatreId: scene.house.theatreId, from: '2027-03-20', to: '2027-03-21', days: 7 }
    const other = await signIn(scene.test, 'owner')
    expect((await scene.test.call(programme.copyShowtimes, { body }, other)).problem.code).toBe('forbidden')
    for (const wrong of [{ to: '2027-03-19' }, { from: '2027-02-30' }, { days: 0 }]) {
      const answer = await scene.test.call(programme.copyShowtimes, { body: { ...body, ...wrong } }, scene.owner)
      expect(answer.problem.code).toBe('validation_failed')
    }
  })
})

onBothEngines('publishing drafts', (engine) => {
  it('schedules them together and names those with missing or zero prices', async () => {
    const layouts = [{ rows: [{ label: 'A', seats: [{ number: '1' }, { number: '2', category: 'premium' }] }] }]
    const scene = await stageHouse(engine, { layouts })
    const draft = async (startsAt: string, more: object = {}) =>
      (await scene.make({ startsAt, status: 'draft', ...more })).body.id
    const ready = await draft('2026-12-24T20:00')
    const onlyStandard = [{ category: 'standard', ticketType: 'adult', price }]
    const unpriced = await draft('2026-12-25T14:00', { basePrice: undefined, prices: onlyStandard })
    const free = await draft('2026-12-25T20:00', { basePrice: { amount: 0, currency: 'EUR' } })
    await draft('2026-12-26T20:00')
    const body = { theatreId: scene.house.theatreId, from: '2026-12-24', to: '2026-12-25' }
    const published = await scene.test.call(programme.publishShowtimes, { body }, scene.owner)
    expect(published.body).toEqual({
      published: [ready],
      problems: [
        { showtimeId: unpriced, category: 'premium', ticketType: 'adult', problem: 'missing' },
        { showtimeId: free, category: 'premium', ticketType: 'adult', problem: 'zero' },
        { showtimeId: free, category: 'standard', ticketType: 'adult', problem: 'zero' },
      ],
    })
    expect((await scene.test.call(contract.getShowtime, { params: { id: free } })).problem.code).toBe('not_found')
    const meant = { ...body, allowFree: true }
    const again = await scene.test.call(programme.publishShowtimes, { body: meant }, scene.owner)
    expect(again.body).toMatchObject({ published: [free], problems: [{ showtimeId: unpriced }] })
    expect((await scene.test.call(contract.getShowtime, { params: { id: free } })).body.status).toBe('scheduled')
  })
})
