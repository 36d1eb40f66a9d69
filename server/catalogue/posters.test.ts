import sharp from 'sharp'
import { expect, it } from 'vitest'
import * as contract from '../../contract/catalogue.ts'
import { onBothEngines, startApp } from '../testing/harness.ts'
import type { TestApp } from '../testing/harness.ts'
import { signIn } from '../testing/sign-in.ts'
import type { SignedIn } from '../testing/sign-in.ts'

const picture = (width: number, height: number) =>
  sharp({ create: { width, height, channels: 3, background: '#7a1f2b' } })

interface Sent {
  readonly method?: 'PUT' | 'POST'
  readonly type: string
  readonly bytes: Buffer
  readonly key?: string
}

async function send(test: TestApp, as: SignedIn | undefined, id: string, { method = 'PUT', type, bytes, key }: Sent) {
  return await test.inject({
    method,
    url: `/api/v1/movies/${id}/poster`,
    headers: {
      'content-type': type,
      ...(as && { authorization: `Bearer ${as.token}` }),
      ...(key !== undefined && { 'idempotency-key': key }),
    },
    payload: bytes,
  })
}

async function form(field: string, type: string, bytes: Buffer): Promise<Sent> {
  const data = new FormData()
  data.append('title', 'not a file')
  data.append(field, new Blob([new Uint8Array(bytes)], { type }), '../../etc/passwd')
  const request = new Request('http://test', { method: 'POST', body: data })
  return {
    method: 'POST',
    type: request.headers.get('content-type') ?? '',
    bytes: Buffer.from(await request.arrayBuffer()),
  }
}

async function movie(test: TestApp, as: SignedIn, title = 'Metropolis & <Co>') {
  return (await test.call(contract.createMovie, { body: { title, runtimeMinutes: 153, year: 1927 } }, as)).body
}

onBothEngines('posters', (engine) => {
  it('are encoded anew at fixed sizes and formats, without what else was in the file, and kept for ever', async () => {
    const test = await startApp(engine)
    const owner = await signIn(test, 'owner')
    const { id } = await movie(test, owner)
    const secret = 'GPS of the photographer'
    const jpeg = await picture(1_000, 1_400)
      .withExif({ IFD0: { ImageDescription: secret } })
      .jpeg()
      .toBuffer()
    expect(jpeg.includes(secret)).toBe(true)
    const polyglot = Buffer.concat([jpeg, Buffer.from('<script>alert(1)</script>')])
    const answer = await send(test, owner, id, { type: 'image/jpeg', bytes: polyglot })
    expect(answer.statusCode, answer.body).toBe(200)
    const { posterUrl } = answer.json()
    expect(posterUrl).toMatch(/^\/media\/posters\/[0-9a-f]{32}\/720\.jpg$/)
    expect((await test.call(contract.getMovie, { params: { id } })).body.posterUrl).toBe(posterUrl)
    for (const [extension, format, mediaType] of [
      ['jpg', 'jpeg', 'image/jpeg'],
      ['webp', 'webp', 'image/webp'],
      ['avif', 'heif', 'image/avif'],
    ] as const) {
      for (const width of [180, 360, 720]) {
        const file = await test.inject({
          url: posterUrl.replace('720.jpg', `${width}.${extension}`),
          headers: { accept: 'image/avif,image/webp,*/*;q=0.8' },
        })
        expect(file.statusCode).toBe(200)
        expect(file.headers).toMatchObject({
          'content-type': mediaType,
          'cache-control': 'public, max-age=31536000, immutable',
          'x-content-type-options': 'nosniff',
        })
        const shown = await sharp(file.rawPayload).metadata()
        expect(shown).toMatchObject({ width, height: width * 1.5, format })
        expect(shown.exif).toBeUndefined()
        expect(file.rawPayload.includes('script')).toBe(false)
        expect(file.rawPayload.includes(secret)).toBe(false)
      }
    }
  })

  it('come as a form or as the picture itself, in four formats, by PUT or POST', async () => {
    const test = await startApp(engine)
    const owner = await signIn(test, 'owner')
    const { id } = await movie(test, owner)
    const source = picture(200, 300)
    const sent = [
      { type: 'image/png', bytes: await source.clone().png().toBuffer() },
      { type: 'image/webp', bytes: await source.clone().webp().toBuffer(), method: 'POST' as const },
      { type: 'image/avif', bytes: await source.clone().avif().toBuffer() },
      await form('poster', 'image/jpeg', await source.clone().jpeg().toBuffer()),
      await form('poster', 'application/octet-stream', await source.clone().png().toBuffer()),
    ]
    for (const each of sent) {
      const answer = await send(test, owner, id, each)
      expect(answer.statusCode, answer.body).toBe(200)
    }
  })

  it('are the same request when the same form comes again with another boundary, and another picture is another', async () => {
    const test = await startApp(engine)
    const owner = await signIn(test, 'owner')
    const { id } = await movie(test, owner)
    const [one, two] = [await picture(200, 300).jpeg().toBuffer(), await picture(300, 200).jpeg().toBuffer()]
    const [first, again] = [await form('poster', 'image/jpeg', one), await form('poster', 'image/jpeg', one)]
    expect(first.type).not.toBe(again.type)
    const sent = await send(test, owner, id, { ...first, key: 'once' })
    const repeated = await send(test, owner, id, { ...again, key: 'once' })
    expect([repeated.statusCode, repeated.body]).toEqual([200, sent.body])
    expect(repeated.headers['idempotency-replayed']).toBe('true')
    const other = await send(test, owner, id, { ...(await form('poster', 'image/jpeg', two)), key: 'once' })
    expect(other.json()).toMatchObject({ status: 422, code: 'idempotency_key_reused' })
  })

  it('are refused with 415 when they are no picture of those, 413 when too large, 400 when they are not there', async () => {
    const test = await startApp(engine)
    const owner = await signIn(test, 'owner')
    const { id, posterUrl } = await movie(test, owner)
    const jpeg = await picture(200, 300).jpeg().toBuffer()
    const svg = Buffer.from(
      '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><script>alert(1)</script></svg>',
    )
    const bomb = await picture(9_000, 9_000).png({ compressionLevel: 9 }).toBuffer()
    const refused: [number, Sent][] = [
      [415, { type: 'image/svg+xml', bytes: svg }],
      [415, { type: 'image/png', bytes: svg }],
      [415, { type: 'image/gif', bytes: await picture(9, 9).gif().toBuffer() }],
      [415, { type: 'image/png', bytes: await picture(9, 9).tiff().toBuffer() }],
      [415, { type: 'image/jpeg', bytes: jpeg.subarray(0, jpeg.length / 2) }],
      [415, { type: 'image/jpeg', bytes: Buffer.from('no picture') }],
      [415, { type: 'application/json', bytes: Buffer.from('{}') }],
      [415, { type: 'text/plain', bytes: jpeg }],
      [415, await form('poster', 'image/svg+xml', svg)],
      [413, { type: 'image/png', bytes: bomb }],
      [413, { type: 'image/jpeg', bytes: Buffer.concat([jpeg, Buffer.alloc(10 * 1024 * 1024)]) }],
      [413, { type: 'image/jpeg', bytes: Buffer.alloc(11 * 1024 * 1024) }],
      [400, await form('picture', 'image/jpeg', jpeg)],
      [400, { type: 'multipart/form-data; boundary=x', bytes: Buffer.from('--y\r\n') }],
    ]
    for (const [status, sent] of refused) {
      const answer = await send(test, owner, id, sent)
      expect(answer.statusCode, `${sent.type} ${answer.body}`).toBe(status)
      expect(answer.headers['content-type']).toContain('application/problem+json')
    }
    expect((await test.call(contract.getMovie, { params: { id } })).body.posterUrl).toBe(posterUrl)
  })

  it('are refused with 400 in a form of more parts than it can have, before anything reads it', async () => {
    const test = await startApp(engine)
    const owner = await signIn(test, 'owner')
    const { id } = await movie(test, owner)
    const part = '--b\r\ncontent-disposition: form-data; name="poster"; filename="a"\r\n\r\n\r\n'
    const bytes = Buffer.from(`${part.repeat(100_000)}--b--\r\n`)
    const beganAt = process.cpuUsage()
    const answer = await send(test, owner, id, { type: 'multipart/form-data; boundary=b', bytes })
    expect(answer.json()).toMatchObject({ status: 400, code: 'malformed_request' })
    // The parser alone takes more than a second.
    expect(process.cpuUsage(beganAt).user).toBeLessThan(700_000)
  })

  it('are set by whoever may change the movie, judged before the picture is looked at', async () => {
    const test = await startApp(engine)
    const owner = await signIn(test, 'owner')
    const { id } = await movie(test, owner)
    const sent = { type: 'text/plain', bytes: Buffer.alloc(12 * 1024 * 1024) }
    expect((await send(test, undefined, id, sent)).statusCode).toBe(401)
    expect((await send(test, await signIn(test), id, sent)).statusCode).toBe(403)
    expect((await send(test, await signIn(test, 'owner'), id, sent)).statusCode).toBe(403)
    expect((await send(test, owner, 'mov_nothing', sent)).statusCode).toBe(404)
    expect((await send(test, owner, id, sent)).statusCode).toBe(415)
  })

  it('are drawn for a movie without one, at another address for another title', async () => {
    const test = await startApp(engine)
    const owner = await signIn(test, 'owner')
    const { id, posterUrl } = await movie(test, owner)
    const drawn = await test.inject({ url: posterUrl })
    expect(drawn.headers).toMatchObject({
      'content-type': 'image/svg+xml; charset=utf-8',
      'cache-control': expect.stringContaining('immutable'),
    })
    expect(drawn.headers['content-security-policy']).toContain('sandbox')
    expect(drawn.body).toContain('Metropolis &amp;')
    expect(drawn.body).toContain('&lt;Co&gt;')
    expect(drawn.body).toContain('1927')
    const { body } = await test.call(
      contract.updateMovie,
      { params: { id }, body: { title: 'Die Frau im Mond' } },
      owner,
    )
    expect(body.posterUrl).not.toBe(posterUrl)
    expect((await test.inject({ url: posterUrl })).statusCode).toBe(404)
    expect((await test.inject({ url: body.posterUrl })).statusCode).toBe(200)
  })

  it.each([
    '/media/posters/drawn/x.svg',
    '/media/posters/00/720.jpg',
    '/media/posters/..%2f..%2fsecret/720.jpg',
    `/media/posters/${'0'.repeat(32)}/720.jpg`,
    `/media/posters/${'0'.repeat(32)}/..%2f720.jpg`,
  ])('there is nothing at %s', async (url) => {
    const test = await startApp(engine)
    const answer = await test.inject({ url })
    expect(answer.statusCode).toBe(404)
    expect(answer.headers['content-type']).toContain('application/problem+json')
  })

  it('that no movie has any more are removed an hour later, and those that another movie has are not', async () => {
    const test = await startApp(engine, { environment: { ACCESS_TOKEN_SECONDS: '86400' } })
    const owner = await signIn(test, 'owner')
    const [one, other, third] = [
      await movie(test, owner, 'One'),
      await movie(test, owner, 'Other'),
      await movie(test, owner),
    ]
    const red = { type: 'image/jpeg', bytes: await picture(300, 450).jpeg().toBuffer() }
    const wide = { type: 'image/jpeg', bytes: await picture(450, 300).jpeg().toBuffer() }
    const put = async (id: string, sent: Sent): Promise<string> => (await send(test, owner, id, sent)).json().posterUrl
    const first = await put(one.id, red)
    expect(await put(other.id, red)).toBe(first)
    const second = await put(one.id, wide)
    const later = async () => {
      test.clock.advance(3600_000)
      await test.app.house.outbox.runOnce()
    }
    const isThere = async (url: string) => (await test.inject({ url })).statusCode === 200
    await later()
    expect([await isThere(first), await isThere(second)]).toEqual([true, true])
    await test.call(contract.deleteMovie, { params: { id: other.id } }, owner)
    expect(await isThere(first)).toBe(true)
    await later()
    expect([await isThere(first), await isThere(second)]).toEqual([false, true])
    for (const width of [180, 360, 720]) {
      for (const format of ['avif', 'webp', 'jpg']) {
        expect(await isThere(first.replace('720.jpg', `${width}.${format}`))).toBe(false)
      }
    }
    expect(await put(third.id, red)).toBe(first)
    expect(await isThere(first)).toBe(true)
    await test.call(contract.updateMovie, { params: { id: one.id }, body: { posterUrl: null } }, owner)
    await later()
    expect(await isThere(second)).toBe(false)
  })
})
