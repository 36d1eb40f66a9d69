import { gunzipSync } from 'node:zlib'
import { expect, it } from 'vitest'
import { operations } from '../../contract/api.ts'
import { createAuditorium, getAuditorium } from '../../contract/auditoriums.ts'
import { createMovie, getMovie, listMovies } from '../../contract/catalogue.ts'
import { placeHold, readAvailability, readSeatMap } from '../../contract/holds.ts'
import type { OperationShape } from '../../contract/operation.ts'
import { createTicketType } from '../../contract/prices.ts'
import { listMovieShowtimes, getShowtime } from '../../contract/showtimes.ts'
import { getTheatre } from '../../contract/venues.ts'
import { onBothEngines, startApp } from '../testing/harness.ts'
import { makeShowtime } from '../testing/showtimes.ts'
import { signIn } from '../testing/sign-in.ts'

const elsewhere = 'https://films.example'
const preflight = (origin: string) =>
  ({
    method: 'OPTIONS',
    url: '/api/v1/movies',
    headers: { origin, 'access-control-request-method': 'POST', 'access-control-request-headers': 'idempotency-key' },
  }) as const

onBothEngines('every answer', (engine) => {
  it('is for pages of this house alone, unless CORS_ORIGINS names others', async () => {
    const closed = await startApp(engine)
    const asked = await closed.inject({ url: '/api/v1/movies', headers: { origin: elsewhere } })
    const before = await closed.inject(preflight(elsewhere))
    for (const answer of [asked, before]) {
      expect(Object.keys(answer.headers).filter((name) => name.startsWith('access-control'))).toEqual([])
    }
    const open = await startApp(engine, { environment: { CORS_ORIGINS: elsewhere } })
    const told = await open.inject({ url: '/api/v1/movies', headers: { origin: elsewhere } })
    expect(told.headers['access-control-allow-origin']).toBe(elsewhere)
    expect(told.headers['access-control-expose-headers']).toContain('Idempotency-Replayed')
    expect((await open.inject(preflight(elsewhere))).headers['access-control-allow-methods']).toContain('POST')
    const stranger = await open.inject(preflight('https://evil.example'))
    expect(stranger.headers['access-control-allow-origin']).not.toBe('https://evil.example')
    expect(stranger.headers['access-control-allow-origin']).not.toBe('*')
  })

  it('is compressed when asked, and worth it', async () => {
    const test = await startApp(engine)
    const { showtimeId } = await makeShowtime(test)
    const url = `/api/v1/showtimes/${showtimeId}/seats`
    const plain = await test.inject({ url })
    expect(plain.headers['content-encoding']).toBeUndefined()
    const packed = await test.inject({ url, headers: { 'accept-encoding': 'gzip' } })
    expect(packed.headers).toMatchObject({
      'content-encoding': 'gzip',
      vary: expect.stringMatching(/accept-encoding/i),
    })
    expect(gunzipSync(packed.rawPayload).toString()).toBe(plain.body)
  })

  it('carries the request id of its caller when that is well formed, else one of ours', async () => {
    const test = await startApp(engine)
    const idOf = async (id: string) =>
      (await test.inject({ url: '/api/v1/movies', headers: { 'x-request-id': id } })).headers['x-request-id']
    expect(await idOf('order-2026-11-21:0001')).toBe('order-2026-11-21:0001')
    for (const id of ['short', 'x'.repeat(129), 'has a space in it', 'quote"quote"', '<script>script']) {
      expect(await idOf(id)).toMatch(/^req_[0-9a-z]+$/)
    }
  })

  it('names in a refusal the path alone, and says the same each time', async () => {
    const test = await startApp(engine)
    const ask = async () => await test.inject({ url: '/api/v1/movies?limit=0&q=secret' })
    const [first, second] = [await ask(), await ask()]
    expect(first.json()).toMatchObject({ status: 400, code: 'validation_failed', instance: '/api/v1/movies' })
    expect(first.json().errors).toEqual([{ path: '/limit', message: expect.any(String) }])
    expect(second.body).toBe(first.body)
  })

  it('has a tag where the contract promises one, which costs nothing to ask again', async () => {
    const test = await startApp(engine)
    const { showtimeId, theatreId, auditoriumId, movieId } = await makeShowtime(test)
    const tagged = [
      [getMovie, movieId],
      [getTheatre, theatreId],
      [getAuditorium, auditoriumId],
      [getShowtime, showtimeId],
      [readSeatMap, showtimeId],
      [readAvailability, showtimeId],
    ] as const
    for (const [shape, id] of tagged) {
      const read = await test.call(shape, { params: { id } })
      const etag = String(read.headers['etag'])
      expect(etag, shape.id).toMatch(/^(W\/)?".+"$/)
      const again = await test.call(shape, { params: { id } }, { headers: { 'if-none-match': etag } })
      expect([again.status, again.raw.body], shape.id).toEqual([304, ''])
      expect((await test.call(shape, { params: { id } }, { headers: { 'if-none-match': '"x"' } })).status).toBe(200)
    }
  })

  it('to what was made names where it is read, and again when it is repeated', async () => {
    const test = await startApp(engine)
    const admin = await signIn(test, 'admin')
    const { showtimeId, theatreId } = await makeShowtime(test)
    const once = { ...admin, headers: { 'idempotency-key': 'once' } }
    const general = { seating: 'general', capacity: 9 }
    const made = [
      [createMovie, { body: { title: 'Film', runtimeMinutes: 90 } }, 'movies'],
      [createAuditorium, { params: { id: theatreId }, body: { name: 'Two', layout: general } }, 'auditoriums'],
      [
        createTicketType,
        { params: { id: theatreId }, body: { key: 'pensioner', name: 'Pensioner' } },
        `theatres/${theatreId}/ticket-types`,
      ],
      [placeHold, { params: { id: showtimeId }, body: { best: { count: 1 } } }, 'holds'],
    ] as const
    for (const [shape, input, list] of made) {
      const first = await test.call<OperationShape>(shape, input, once)
      const { id } = first.raw.json() as { id: string }
      expect(first.headers['location'], shape.id).toBe(`/api/v1/${list}/${id}`)
      const read = await test.inject({
        url: String(first.headers['location']),
        headers: { authorization: `Bearer ${admin.token}` },
      })
      expect([read.statusCode, read.json().id], shape.id).toEqual([200, id])
      const again = await test.call<OperationShape>(shape, input, once)
      expect(again.headers, shape.id).toMatchObject({
        'idempotency-replayed': 'true',
        location: first.headers['location'],
      })
    }
  })

  it('to HEAD has the head that GET has, also where GET is a stream', async () => {
    const test = await startApp(engine)
    const { showtimeId } = await makeShowtime(test)
    const url = `/api/v1/showtimes/${showtimeId}/seats/events`
    const head = await test.inject({ method: 'HEAD', url })
    expect([head.statusCode, head.headers['content-type'], head.body]).toEqual([
      200,
      'text/event-stream; charset=utf-8',
      '',
    ])
    expect((await test.inject({ method: 'HEAD', url: '/api/v1/showtimes/x/seats/events' })).statusCode).toBe(404)
  })

  it('of a list has twenty things unless another number up to a hundred is asked for', async () => {
    const test = await startApp(engine)
    const admin = await signIn(test, 'admin')
    for (let index = 0; index < 21; index += 1) {
      await test.call(createMovie, { body: { title: `Film ${index}`, runtimeMinutes: 90 } }, admin)
    }
    const first = (await test.call(listMovies, {})).body
    expect(first.data).toHaveLength(20)
    const rest = (await test.call(listMovies, { query: { cursor: first.nextCursor } })).body
    expect([rest.data.length, rest.nextCursor]).toEqual([1, null])
    expect((await test.call(listMovies, { query: { limit: 100 } })).body.data).toHaveLength(21)
    for (const limit of [0, 101, 1.5, 'x']) {
      expect((await test.call(listMovies, { query: { limit } })).problem.code).toBe('validation_failed')
    }
    const nothing = await test.call(listMovieShowtimes, { params: { id: first.data[0]?.id } })
    expect(nothing.body).toEqual({ data: [], nextCursor: null })
  })
})

it('bodies may have 64 KiB; layouts and bulk 1 MiB, posters 10 MB', () => {
  const limits = new Map(operations.map(({ id, bodyLimit }) => [id, bodyLimit]))
  const large = ['createAuditorium', 'updateAuditorium', 'setLayout', 'convertLayout', 'createShowtimes'] as const
  for (const id of large) expect(limits.get(id), id).toBe(1024 * 1024)
  // The form around the picture comes on top.
  for (const id of ['setPoster', 'uploadPoster']) expect(limits.get(id), id).toBeGreaterThanOrEqual(10_000_000)
  for (const id of ['createBooking', 'createPayment', 'register', 'createMovie'])
    expect(limits.get(id), id).toBeUndefined()
})
