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

  it('are refused when they are not what a movie is', async () => {
    const wrong: object[] = [
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
    ]
    const test = await startApp(engine)
    const admin = await signIn(test, 'admin')
    for (const body of wrong) {
      const { problem } = await test.call(contract.createMovie, { body }, admin)
      expect(problem, JSON.stringify(body)).toMatchObject({ status: 400, code: 'validation_failed' })
    }
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
})
