import { expect, it } from 'vitest'
import { must } from '../platform/assert.ts'
import { onBothEngines, startApp } from '../testing/harness.ts'
import { findMovie } from './store.ts'
import { upsertMovie, upsertMovies } from './upsert-movie.ts'

onBothEngines('importing movies', (engine) => {
  it('adds what is new, changes what differs and leaves alone what is equal', async () => {
    const { database, clock } = await startApp(engine)
    const line = {
      externalKey: 'a',
      movie: { title: 'Cléo de 5 à 7', runtimeMinutes: 90, genres: ['drama', 'Drama'], year: 1962 },
    }
    const created = await database.write((tx) => upsertMovie(tx, line))
    expect(created.outcome).toBe('created')
    const before = await findMovie(database.read, created.id)
    clock.advance(1_000)

    expect(await database.write((tx) => upsertMovie(tx, line))).toEqual({ id: created.id, outcome: 'unchanged' })
    expect(await findMovie(database.read, created.id)).toEqual(before)

    const longer = { externalKey: 'a', movie: { title: 'Cléo de 5 à 7', runtimeMinutes: 91 } }
    expect(await database.write((tx) => upsertMovie(tx, longer))).toEqual({ id: created.id, outcome: 'changed' })
    const after = must(await findMovie(database.read, created.id), 'The movie is there')
    expect(after).toMatchObject({ runtimeMinutes: 91, year: 1962, genres: '["drama"]', revision: 2 })
    expect(after.updatedAt).toBe(must(before, 'The movie was there').updatedAt + 1_000)
  })

  it('takes thousands in one transaction, in their order', async () => {
    const { database } = await startApp(engine)
    const lines = Array.from({ length: 3_000 }, (_, index) => ({
      externalKey: `m${index}`,
      movie: { title: `Film ${index}`, runtimeMinutes: 100, genres: ['drama', `g${index % 7}`] },
    }))
    const created = await database.write((tx) => upsertMovies(tx, lines))
    expect(new Set(created.map((each) => each.id)).size).toBe(3_000)
    const again = await database.write((tx) => upsertMovies(tx, lines))
    expect(again).toEqual(created.map(({ id }) => ({ id, outcome: 'unchanged' })))
    const row = await findMovie(database.read, must(again[2_999], 'There are 3,000').id)
    expect(row?.title).toBe('Film 2999')
  })
})
