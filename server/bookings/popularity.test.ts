import { expect, it } from 'vitest'
import { buySeats, bookSeats } from '../testing/buying.ts'
import { onBothEngines, startApp } from '../testing/harness.ts'
import { makeShowtime } from '../testing/showtimes.ts'
import { countPopularity } from './popularity.ts'

onBothEngines('popularity', (engine) => {
  it('counts the tickets that a film sold in the last week, and forgets them after it', async () => {
    const test = await startApp(engine)
    const { showtimeId, movieId } = await makeShowtime(test)
    await buySeats(test, showtimeId, ['A1', 'A2', 'A3'])
    await bookSeats(test, showtimeId, ['B1'])
    const count = async () => {
      await countPopularity(test.database, test.clock.now())
      const query = test.database.read.selectFrom('movies').select('popularity').where('id', '=', movieId)
      return (await query.executeTakeFirstOrThrow()).popularity
    }
    expect(await count()).toBe(3)
    test.clock.advance(8 * 24 * 3600_000)
    expect(await count()).toBe(0)
  })
})
