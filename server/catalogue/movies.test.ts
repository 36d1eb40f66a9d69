import { describe, expect, it } from 'vitest'
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

onBothEngines('movies', (engine) => {
  it('are added by owners and administrators with title and runtime alone, and read by anybody', async () => {
    const test = await startApp(engine)
    const owner = await signIn(test, 'owner')
    const { body: movie } = await test.call(contract.createMovie, { body: { title: 'Up', runtimeMinutes: 96 } }, owner)
    expect(movie).toEqual({
      id: expect.stringMatching(/^mov_/),
      title: 'Up',
      runtimeMinutes: 96,
      originalTitle: null,
      year: null,
      overview: null,
      genres: [],
      certification: null,
      certifications: [],
      releaseDate: null,
      originalLanguage: null,
      directors: [],
      cast: [],
      distributor: null,
      posterUrl: expect.stringMatching(/^\/media\/posters\/drawn\/mov_.*\.svg$/),
      trailerUrl: null,
      status: 'now_showing',
      createdAt: '2026-11-21T12:00:00Z',
      updatedAt: '2026-11-21T12:00:00Z',
    })
    const { body: read } = await test.call(contract.getMovie, { params: { id: movie.id } })
    expect(read).toEqual(movie)
    expect((await test.call(contract.getMovie, { params: { id: 'mov_nothing' } })).problem.code).toBe('not_found')

    const body = { title: 'Up', runtimeMinutes: 96 }
    expect((await test.call(contract.createMovie, { body })).status).toBe(401)
    for (const role of ['customer', 'staff'] as const) {
      expect((await test.call(contract.createMovie, { body }, await signIn(test, role))).status).toBe(403)
    }
  })

  it('keep every fact as it was sent', async () => {
    const test = await startApp(engine)
    const facts = {
      title: 'Cléo from 5 to 7',
      originalTitle: 'Cléo de 5 à 7',
      year: 1962,
      overview: 'Two hours.\n\nIn Paris.',
      runtimeMinutes: 90,
      genres: ['Drama', 'comedy'],
      certification: 'PG',
      certifications: [{ country: 'GB', label: 'PG', minimumAge: null }],
      releaseDate: '1962-04-11',
      originalLanguage: 'fr',
      directors: ['Agnès Varda'],
      cast: ['Corinne Marchand', 'Antoine Bourseiller'],
      distributor: 'Ciné-Tamaris',
      posterUrl: 'https://example.com/cleo.jpg',
      trailerUrl: 'https://example.com/cleo',
      status: 'coming_soon',
    }
    const { body } = await test.call(contract.createMovie, { body: facts }, await signIn(test, 'admin'))
    expect(body).toMatchObject(facts)
  })

  it.each([
    {},
    { title: 'Up' },
    { title: '', runtimeMinutes: 90 },
    { title: '  ', runtimeMinutes: 90 },
    { title: 'Up', runtimeMinutes: 0 },
    { title: 'Up', runtimeMinutes: 1_001 },
    { title: 'Up', runtimeMinutes: 90.5 },
    { title: 'Up', runtimeMinutes: '90' },
    { title: 'Up\u0000', runtimeMinutes: 90 },
    { title: 'Up', runtimeMinutes: 90, id: 'mov_mine' },
    { title: 'Up', runtimeMinutes: 90, rating: 5 },
    { title: 'Up', runtimeMinutes: 90, releaseDate: '2026-02-30' },
    { title: 'Up', runtimeMinutes: 90, status: 'gone' },
    { title: 'Up', runtimeMinutes: 90, genres: 'drama' },
    { title: 'Up', runtimeMinutes: 90, trailerUrl: 'javascript:alert(1)' },
    { title: 'Up', runtimeMinutes: 90, certifications: [{ country: 'GB' }] },
  ])('are refused as %j', async (body) => {
    const test = await startApp(engine)
    const { problem } = await test.call(contract.createMovie, { body }, await signIn(test, 'admin'))
    expect(problem).toMatchObject({ status: 400, code: 'validation_failed' })
    expect(await titles(test, {})).toEqual([])
  })

  it('change in what is sent, by whoever made them or an administrator', async () => {
    const test = await startApp(engine)
    const owner = await signIn(test, 'owner')
    const [id = ''] = await make(test, owner, { title: 'Up', year: 2009, genres: ['animation'] })
    test.clock.advance(60_000)
    const params = { id }
    const { body } = await test.call(
      contract.updateMovie,
      { params, body: { title: 'Up!', genres: ['family'] } },
      owner,
    )
    expect(body).toMatchObject({ title: 'Up!', year: 2009, genres: ['family'], updatedAt: '2026-11-21T12:01:00.001Z' })
    const put = await test.call(contract.replaceMovie, { params, body: { year: null } }, await signIn(test, 'admin'))
    expect(put.body).toMatchObject({ title: 'Up!', year: null })
    const another = await signIn(test, 'owner')
    expect((await test.call(contract.updateMovie, { params, body: { title: 'Mine' } }, another)).problem.code).toBe(
      'forbidden',
    )
    expect((await test.call(contract.deleteMovie, { params }, another)).problem.code).toBe('forbidden')
    const nothing = { id: 'mov_nothing' }
    expect((await test.call(contract.updateMovie, { params: nothing, body: {} }, another)).problem.code).toBe(
      'not_found',
    )
    expect((await test.call(contract.updateMovie, { params, body: { runtimeMinutes: null } }, owner)).status).toBe(400)
  })

  it('answer 304 to whoever has them, and 412 to whoever changes what somebody else has changed', async () => {
    const test = await startApp(engine)
    const owner = await signIn(test, 'owner')
    const [id = ''] = await make(test, owner, { title: 'Up' })
    const first = await test.call(contract.getMovie, { params: { id } })
    const etag = String(first.headers['etag'])
    expect(
      (await test.call(contract.getMovie, { params: { id } }, { headers: { 'if-none-match': etag } })).status,
    ).toBe(304)
    const guarded = { token: owner.token, headers: { 'if-match': etag } }
    const edits = ['A', 'B'].map((title) =>
      test.call(contract.updateMovie, { params: { id }, body: { title } }, guarded),
    )
    const statuses = (await Promise.all(edits)).map((answer) => String(answer.status))
    expect(statuses.toSorted()).toEqual(['200', '412'])
    const changed = await test.call(contract.getMovie, { params: { id } }, { headers: { 'if-none-match': etag } })
    expect(changed.status).toBe(200)
    const now = { token: owner.token, headers: { 'if-match': String(changed.headers['etag']) } }
    expect((await test.call(contract.updateMovie, { params: { id }, body: { title: 'C' } }, now)).status).toBe(200)
  })

  it('are made once when a request is repeated with its key', async () => {
    const test = await startApp(engine)
    const owner = await signIn(test, 'owner')
    const as = { token: owner.token, headers: { 'idempotency-key': 'once' } }
    const body = { title: 'Up', runtimeMinutes: 96 }
    const first = await test.call(contract.createMovie, { body }, as)
    const second = await test.call(contract.createMovie, { body }, as)
    expect(second.body).toEqual(first.body)
    expect(second.headers['idempotency-replayed']).toBe('true')
    expect(await titles(test, {})).toEqual(['Up'])
  })

  it('go when nobody needs them', async () => {
    const test = await startApp(engine)
    const owner = await signIn(test, 'owner')
    const [id = ''] = await make(test, owner, { title: 'Up', genres: ['animation'] })
    expect((await test.call(contract.deleteMovie, { params: { id } }, owner)).status).toBe(204)
    expect((await test.call(contract.getMovie, { params: { id } })).status).toBe(404)
    expect((await test.call(contract.deleteMovie, { params: { id } }, owner)).status).toBe(404)
    expect((await test.call(contract.listGenres)).body.data).toEqual([])
  })

  describe('in a list', () => {
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

    it.each([
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
    ])('refuse %j', async (query) => {
      const test = await startApp(engine)
      expect((await test.call(contract.listMovies, { query })).problem.code).toBe('validation_failed')
    })
  })
})
