import { expect, it } from 'vitest'
import * as contract from '../../contract/catalogue.ts'
import type { MovieInput } from '../../contract/catalogue.ts'
import { onBothEngines, startApp } from '../testing/harness.ts'
import type { TestApp } from '../testing/harness.ts'
import { signIn } from '../testing/sign-in.ts'
import type { SignedIn } from '../testing/sign-in.ts'

async function make(test: TestApp, as: SignedIn, ...movies: (Partial<MovieInput> & { title: string })[]) {
  const ids: string[] = []
  for (const movie of movies) {
    test.clock.advance(1)
    const { body } = await test.call(contract.createMovie, { body: { runtimeMinutes: 90, ...movie } }, as)
    ids.push(body.id)
  }
  return ids
}

async function titles(test: TestApp, query: Record<string, unknown>) {
  const { body } = await test.call(contract.listMovies, { query })
  return body.data.map((movie) => movie.title)
}

onBothEngines('lists of movies', (engine) => {
  it('are sorted by folded title, newest release or popularity, page by page, the archived left out', async () => {
    const test = await startApp(engine)
    const owner = await signIn(test, 'owner')
    const ids = await make(
      test,
      owner,
      { title: 'émile', releaseDate: '2020-01-01' },
      { title: 'Zorro' },
      { title: 'Eagle', releaseDate: '2024-05-05' },
      { title: 'Éagle', releaseDate: '2024-05-05' },
      { title: 'abel', status: 'coming_soon' },
      { title: 'Gone', status: 'archived' },
    )
    await test.database.write(async (tx) => {
      await tx.query
        .updateTable('movies')
        .set({ popularity: 7 })
        .where('id', '=', ids[1] ?? '')
        .execute()
      await tx.query
        .updateTable('movies')
        .set({ popularity: 9 })
        .where('id', '=', ids[4] ?? '')
        .execute()
    })
    const orders = {
      title: ['abel', 'Eagle', 'Éagle', 'émile', 'Zorro'],
      '-releaseDate': ['Eagle', 'Éagle', 'émile', 'Zorro', 'abel'],
      popularity: ['abel', 'Zorro', 'émile', 'Eagle', 'Éagle'],
    }
    for (const [sort, expected] of Object.entries(orders)) {
      expect(await titles(test, { sort })).toEqual(expected)
      const paged: string[] = []
      let cursor: string | null = ''
      while (cursor !== null) {
        const page: { data: { title: string }[]; nextCursor: string | null } = (
          await test.call(contract.listMovies, { query: { sort, limit: 2, ...(cursor && { cursor }) } })
        ).body
        paged.push(...page.data.map((movie) => movie.title))
        cursor = page.nextCursor
      }
      expect(paged).toEqual(expected)
    }
    expect(await titles(test, {})).toEqual(orders.title)
    expect(await titles(test, { status: 'archived' })).toEqual(['Gone'])
    expect(await titles(test, { status: 'coming_soon' })).toEqual(['abel'])
  })

  it('are found by words and parts of words of title and people, whatever the case, the accents and the signs', async () => {
    const test = await startApp(engine)
    await make(
      test,
      await signIn(test, 'owner'),
      { title: 'Spider-Man: No Way Home', cast: ['Zendaya'] },
      { title: "Schindler's List", directors: ['Steven Spielberg'] },
      { title: 'The Amélie 100% Story_', originalTitle: 'Le Fabuleux Destin' },
      { title: '千と千尋の神隠し', originalTitle: 'Spirited Away' },
      { title: '1917', distributor: 'Universal' },
    )
    const found = {
      'spider man': ['Spider-Man: No Way Home'],
      SPIDERMAN: ['Spider-Man: No Way Home'],
      'home way': ['Spider-Man: No Way Home'],
      zend: ['Spider-Man: No Way Home'],
      schindlers: ["Schindler's List"],
      'Schindler’s li': ["Schindler's List"],
      spielberg: ["Schindler's List"],
      amelie: ['The Amélie 100% Story_'],
      AMÉL: ['The Amélie 100% Story_'],
      千尋: ['千と千尋の神隠し'],
      'spirited away': ['千と千尋の神隠し'],
      '191': ['1917'],
      universal: ['1917'],
      'spider 1917': [],
      '%': ['1917', "Schindler's List", 'Spider-Man: No Way Home', 'The Amélie 100% Story_', '千と千尋の神隠し'],
      "'; DROP TABLE movies --": [],
    }
    for (const [q, expected] of Object.entries(found)) expect(await titles(test, { q }), q).toEqual(expected)
  })

  it('are filtered by genre, and genres are listed as they are written', async () => {
    const test = await startApp(engine)
    await make(
      test,
      await signIn(test, 'owner'),
      { title: 'A', genres: ['Drama', 'Science fiction'] },
      { title: 'B', genres: ['drama'] },
      { title: 'C', genres: ['Horror'], status: 'archived' },
    )
    expect(await titles(test, { genre: 'DRAMA' })).toEqual(['A', 'B'])
    expect(await titles(test, { genre: 'science-fiction' })).toEqual(['A'])
    expect(await titles(test, { genre: 'horror' })).toEqual([])
    expect((await test.call(contract.listGenres)).body).toEqual({
      data: ['Drama', 'Science fiction'],
      nextCursor: null,
    })
  })

  it('refuse questions that make no sense', async () => {
    const wrong: Record<string, unknown>[] = [
      { limit: 0 },
      { limit: 101 },
      { limit: 'x' },
      { cursor: 'x' },
      { cursor: Buffer.from('["title",1,"a"]').toString('base64url') },
      { cursor: Buffer.from('["popularity",1,"a"]').toString('base64url') },
      { sort: 'runtime' },
      { status: 'gone' },
      { date: '2026-13-01' },
      { colour: 'red' },
    ]
    const test = await startApp(engine)
    for (const query of wrong) {
      const { problem } = await test.call(contract.listMovies, { query })
      expect(problem.code, JSON.stringify(query)).toBe('validation_failed')
    }
  })
})
