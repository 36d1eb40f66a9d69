import { expect, it } from 'vitest'
import { deleteAuditorium, setLayout } from '../../contract/auditoriums.ts'
import * as contract from '../../contract/catalogue.ts'
import { deleteTheatre, updateTheatre } from '../../contract/venues.ts'
import { bookSeats, holdSeats } from '../testing/buying.ts'
import { onBothEngines, startApp } from '../testing/harness.ts'
import type { TestApp } from '../testing/harness.ts'
import { makeShowtime } from '../testing/showtimes.ts'
import { signIn } from '../testing/sign-in.ts'

const dayMs = 24 * 3600_000

async function shown(test: TestApp, query: Record<string, unknown>) {
  const { body } = await test.call(contract.listMovies, { query })
  return body.data.map((movie) => movie.id)
}

onBothEngines('what is shown', (engine) => {
  it('is found by city while it is sold, and by business day, among public showtimes alone', async () => {
    const test = await startApp(engine)
    const tomorrow = await makeShowtime(test, { startsInMs: dayMs, change: { businessDate: '2026-11-22' } })
    const late = await makeShowtime(test, { startsInMs: 2 * dayMs, change: { businessDate: '2026-11-22' } })
    for (const change of [{ visibility: 'private' }, { status: 'draft' }, { visibility: 'unlisted' }] as const) {
      await makeShowtime(test, { change: { businessDate: '2026-11-22', ...change } })
    }
    await test.database.write(async (tx) => {
      await tx.query.updateTable('theatres').set({ cityFolded: 'york' }).where('id', '=', late.theatreId).execute()
    })
    expect(await shown(test, { city: 'LEEDS' })).toEqual([tomorrow.movieId])
    expect(await shown(test, { city: 'York' })).toEqual([late.movieId])
    expect(await shown(test, { date: '2026-11-22' })).toEqual([tomorrow.movieId, late.movieId].toSorted())
    expect(await shown(test, { date: '2026-11-22', city: 'york' })).toEqual([late.movieId])
    expect(await shown(test, { date: '2026-11-23' })).toEqual([])
    test.clock.advance(dayMs + 3600_000)
    expect(await shown(test, { city: 'Leeds' })).toEqual([])
    expect(await shown(test, { city: 'Leeds', date: '2026-11-22' })).toEqual([tomorrow.movieId])
  })

  it('goes with its showtimes while nobody has booked or holds a seat', async () => {
    const test = await startApp(engine)
    // Signed in anew each time: the clock moves on beyond a token's life.
    const remove = async (id: string) =>
      (await test.call(contract.deleteMovie, { params: { id } }, await signIn(test, 'admin'))).raw
    const unsold = await makeShowtime(test)
    expect((await remove(unsold.movieId)).statusCode).toBe(204)
    expect(await test.database.read.selectFrom('showtimes').select('id').execute()).toEqual([])

    const held = await makeShowtime(test)
    await holdSeats(test, held.showtimeId, ['A1'])
    expect((await remove(held.movieId)).json()).toMatchObject({ status: 409, code: 'movie_in_use' })
    test.clock.advance(dayMs)
    expect((await remove(held.movieId)).statusCode).toBe(204)

    const booked = await makeShowtime(test)
    await bookSeats(test, booked.showtimeId, ['A1'])
    expect((await remove(booked.movieId)).json()).toMatchObject({ status: 409, code: 'movie_in_use' })
    test.clock.advance(dayMs)
    expect((await remove(booked.movieId)).json()).toMatchObject({ code: 'movie_in_use' })
  })

  it('keeps its hall, its theatre, their currency and their zone', async () => {
    const test = await startApp(engine)
    const admin = await signIn(test, 'admin')
    const { theatreId, auditoriumId } = await makeShowtime(test)
    const hall = await test.call(deleteAuditorium, { params: { id: auditoriumId } }, admin)
    expect(hall.problem.code).toBe('auditorium_in_use')
    const theatre = await test.call(deleteTheatre, { params: { id: theatreId } }, admin)
    expect(theatre.problem.code).toBe('theatre_in_use')
    for (const body of [{ currency: 'EUR' }, { timeZone: 'Europe/Paris' }]) {
      const answer = await test.call(updateTheatre, { params: { id: theatreId }, body }, admin)
      expect(answer.problem.code).toBe('theatre_in_use')
    }
    const body = { currency: 'GBP', timeZone: 'europe/london', name: 'Rialto 2' }
    const { body: renamed } = await test.call(updateTheatre, { params: { id: theatreId }, body }, admin)
    expect(renamed).toMatchObject({ name: 'Rialto 2', timeZone: 'Europe/London' })
  })

  it('keeps the layout that it was sold with', async () => {
    const test = await startApp(engine)
    const admin = await signIn(test, 'admin')
    const { auditoriumId, showtimeId } = await makeShowtime(test)
    await bookSeats(test, showtimeId, ['A8'])
    const body = { rows: [{ label: 'A', seats: [{ number: '1' }] }] }
    expect((await test.call(setLayout, { params: { id: auditoriumId }, body }, admin)).body.layoutVersion).toBe(2)
    const kept = await test.database.read.selectFrom('showtimes').select(['layoutVersion', 'capacity']).execute()
    expect(kept).toEqual([{ layoutVersion: 1, capacity: 40 }])
    await bookSeats(test, showtimeId, ['E8'])
  })
})
