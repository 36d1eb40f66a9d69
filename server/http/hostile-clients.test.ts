import { connect } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readHealth } from '../../contract/platform.ts'
import { createMovie } from '../../contract/catalogue.ts'
import { bookSeats } from '../testing/buying.ts'
import { onBothEngines, startApp } from '../testing/harness.ts'
import type { TestApp } from '../testing/harness.ts'
import { makeShowtime } from '../testing/showtimes.ts'
import { signIn } from '../testing/sign-in.ts'
import { securityHeaders } from './headers.ts'

/** Sends bytes and answers all that comes back until the server hangs up, or says nothing more for a moment. */
async function sendRaw(port: number, bytes: string): Promise<string> {
  const { promise, resolve } = Promise.withResolvers<string>()
  let heard = ''
  const socket = connect(port, '127.0.0.1', () => socket.write(bytes, 'latin1'))
  const isWhole = () => /^HTTP\/1\.1 \d{3}[^]*\r\n\r\n/.test(heard)
  socket.on('data', (chunk: Buffer) => {
    heard += chunk.toString('latin1')
    if (isWhole()) socket.destroy()
  })
  socket.on('error', () => resolve(heard))
  socket.on('close', () => resolve(heard))
  // A request that is not whole gets no answer: its sender gives up.
  socket.setTimeout(5000, () => socket.destroy())
  return await promise
}

const line = 'GET /healthz HTTP/1.1\r\nHost: a\r\n'
const post = 'POST /api/v1/auth/login HTTP/1.1\r\nHost: a\r\n'
const json = 'Content-Type: application/json\r\n'

/** What no client of good will sends; each is refused or cut, and none is a 5xx. */
const rawRequests: readonly (readonly [what: string, bytes: string])[] = [
  ['no HTTP', 'hello\r\n\r\n'],
  ['HTTP/0.9', 'GET /\r\n\r\n'],
  ['another version', 'GET / HTTP/9.9\r\nHost: a\r\n\r\n'],
  ['TLS', '\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fc\u0003\u0003'],
  ['no host', 'GET /healthz HTTP/1.1\r\n\r\n'],
  ['two hosts', `${line}Host: b\r\n\r\n`.replace('/healthz', '/api/v1/nothing')],
  ['a method nobody knows', 'EVIL /healthz HTTP/1.1\r\nHost: a\r\n\r\n'],
  ['TRACE', 'TRACE /api/v1/movies HTTP/1.1\r\nHost: a\r\n\r\n'],
  ['CONNECT', 'CONNECT evil.example:443 HTTP/1.1\r\nHost: a\r\n\r\n'],
  ['an address elsewhere', 'GET http://evil.example/api/v1/nothing HTTP/1.1\r\nHost: a\r\n\r\n'],
  ['a very long address', `GET /${'a'.repeat(20_000)} HTTP/1.1\r\nHost: a\r\n\r\n`],
  ['a header of 100 KB', `${line}X-A: ${'a'.repeat(100_000)}\r\n\r\n`],
  ['many headers', `${line}${'X-A: b\r\n'.repeat(5000)}\r\n`],
  ['a folded header', `${line}X-A: a\r\n b\r\n\r\n`],
  ['a space before the colon', `${line}X-A : b\r\n\r\n`],
  ['a zero byte in a header', `${line}X-A: a\u0000b\r\n\r\n`],
  ['a bare line feed in a header', `${line}X-A: a\nX-B: c\r\n\r\n`.replace('/healthz', '/api/v1/nothing')],
  ['length and chunks at once', `${post}${json}Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`],
  ['two lengths', `${post}${json}Content-Length: 2\r\nContent-Length: 4\r\n\r\n{}{}`],
  ['a length below zero', `${post}${json}Content-Length: -1\r\n\r\n`],
  ['a length that is no number', `${post}${json}Content-Length: 2a\r\n\r\n{}`],
  ['a length beyond all limits', `${post}${json}Content-Length: 99999999999999999999\r\n\r\n{}`],
  ['a body larger than allowed', `${post}${json}Content-Length: 70000\r\n\r\n${'x'.repeat(70_000)}`],
  ['a chunk of bad size', `${post}${json}Transfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n`],
  ['chunks of another coding', `${post}${json}Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n`],
  ['chunked spelled badly', `${post}${json}Transfer-Encoding: xchunked\r\nContent-Length: 2\r\n\r\n{}`],
  ['a type with a tab', `${post}Content-Type: application/json\ta\r\nContent-Length: 2\r\n\r\n{}`],
  ['a type with a space before it', `${post}Content-Type:  text/plain\r\nContent-Length: 2\r\n\r\n{}`],
  ['a type with garbage behind it', `${post}Content-Type: application/jsonx\r\nContent-Length: 2\r\n\r\n{}`],
  ['a form', `${post}Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 3\r\n\r\na=b`],
  ['no type', `${post}Content-Length: 2\r\n\r\n{}`],
  ['a compressed body', `${post}${json}Content-Encoding: gzip\r\nContent-Length: 2\r\n\r\n{}`],
  ['an upgrade', `${line}Connection: Upgrade\r\nUpgrade: h2c\r\n\r\n`.replace('/healthz', '/api/v1/nothing')],
  ['an expectation', `${post}${json}Expect: a-miracle\r\nContent-Length: 2\r\n\r\n{}`],
  ['a method in a header', `${line}X-HTTP-Method-Override: DELETE\r\n\r\n`.replace('/healthz', '/api/v1/nothing')],
  ['broken percent signs', 'GET /api/v1/movies/%zz HTTP/1.1\r\nHost: a\r\n\r\n'],
  ['half a character', 'GET /api/v1/movies/%c3 HTTP/1.1\r\nHost: a\r\n\r\n'],
  ['a zero byte in an address', 'GET /api/v1/movies/a%00b HTTP/1.1\r\nHost: a\r\n\r\n'],
  ['two slashes', 'GET //api/v1/movies HTTP/1.1\r\nHost: a\r\n\r\n'],
  ['a slash at the end', 'GET /api/v1/movies/ HTTP/1.1\r\nHost: a\r\n\r\n'],
  ['capitals', 'GET /API/V1/MOVIES HTTP/1.1\r\nHost: a\r\n\r\n'],
  ['a bearer with a line in it', `${line}Authorization: Bearer a b\r\n\r\n`.replace('/healthz', '/api/v1/movies')],
]

const outside = ['etc/passwd', 'package.json', 'server/main.ts', 'index.html', '.env', 'data/matinee.db']
const ups = ['../', '..%2f', '%2e%2e/', '%2e%2e%2f', '..%5c', '..\\', '....//', '%252e%252e%252f', '..;/', '.%00./']
const folders = [
  '/',
  '/assets/',
  '/media/',
  '/media/posters/',
  '/media/posters/x/',
  '/media/logos/x/',
  '/help/',
  '/reference/',
]

describe('a client of ill will', () => {
  let test: TestApp
  let port: number
  beforeAll(async () => {
    test = await startApp('sqlite')
    await test.app.http.listen({ host: '127.0.0.1', port: 0 })
    const address = test.app.http.server.address()
    port = typeof address === 'object' && address !== null ? address.port : 0
  })
  afterAll(async () => await test.close())

  it('that bends HTTP is refused or cut off, never served, and nobody else notices', async () => {
    for (const [what, bytes] of rawRequests) {
      const heard = await sendRaw(port, bytes)
      const status = Number(/^HTTP\/1\.1 (\d{3})/.exec(heard)?.[1] ?? 0)
      expect.soft(status === 0 || (status >= 400 && status < 500), `${what}: ${heard.slice(0, 200)}`).toBe(true)
      expect.soft(heard, what).not.toMatch(/node_modules|\.ts:\d|at \w+ \(/)
    }
    expect((await test.call(readHealth)).status).toBe(200)
  })

  it('cannot smuggle a second request in the body of a first', async () => {
    const inner = 'GET /api/v1/nothing HTTP/1.1\r\nHost: a\r\n\r\n'
    const bytes = `${post}${json}Content-Length: ${inner.length}\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n${inner}`
    const heard = await sendRaw(port, bytes)
    expect(heard.match(/HTTP\/1\.1 \d{3}/g)).toEqual(['HTTP/1.1 400'])
  })

  it('walks out of no folder, however it spells the way up', async () => {
    for (const folder of folders) {
      for (const up of ups) {
        for (const file of outside) {
          const target = `${folder}${up.repeat(6)}${file}`
          const heard = await sendRaw(port, `GET ${target} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`)
          expect.soft(heard, target).toMatch(/^HTTP\/1\.1 40[04] /)
          expect.soft(heard, target).not.toMatch(/root:|"dependencies"|startServer|SQLite format/)
        }
      }
    }
  }, 60_000)

  it('is counted by its address, whatever it says of where it comes from', async () => {
    const limited = await startApp('sqlite', { environment: { RATE_LIMIT: 'on' } })
    let left = Infinity
    for (let request = 0; request < 100; request += 1) {
      const headers = {
        'x-forwarded-for': `10.0.${request}.1, 192.0.2.${request}`,
        forwarded: `for=192.0.2.${request}`,
        'x-real-ip': `192.0.2.${request}`,
      }
      const answer = await limited.inject({ url: '/api/v1/movies', headers })
      const now = Number(/r=(\d+)/.exec(String(answer.headers['ratelimit']))?.[1])
      expect(now).toBeLessThan(left)
      left = now
    }
    expect(left).toBe(500)
  })
})

onBothEngines('every answer', (engine) => {
  it('carries the headers that keep a browser safe, whatever it is', async () => {
    const test = await startApp(engine, { environment: { PUBLIC_URL: 'https://tickets.example' } })
    const headers = securityHeaders(true)
    expect(headers['content-security-policy']).toBe(
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; manifest-src 'self'; worker-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    )
    expect(headers['strict-transport-security']).toMatch(/max-age=31536000/)
    for (const [method, url] of [
      ['GET', '/healthz'],
      ['GET', '/api/v1/movies'],
      ['GET', '/api/v1/auth/me'],
      ['GET', '/api/v1/nothing'],
      ['DELETE', '/api/v1/movies'],
      ['GET', '/api/v1/movies/%ff'],
      ['POST', '/api/v1/auth/login'],
      ['GET', '/nothing.js'],
      ['GET', '/openapi.json'],
    ] as const) {
      const answer = await test.inject({ method, url, headers: { 'content-type': 'text/plain' } })
      expect(answer.headers, `${method} ${url}`).toMatchObject(headers)
      expect(answer.headers).not.toHaveProperty('x-powered-by')
      expect(answer.headers).not.toHaveProperty('server')
    }
  })

  it('to somebody who shows who they are is stored nowhere, and a tag of theirs opens nothing to others', async () => {
    const test = await startApp(engine)
    const { showtimeId } = await makeShowtime(test)
    const [ada, eve] = [await signIn(test), await signIn(test)]
    const booking = await bookSeats(test, showtimeId, ['A1'], { as: ada })
    for (const url of [`/api/v1/bookings/${booking.id}`, '/api/v1/bookings', '/api/v1/auth/me', '/api/v1/movies']) {
      const answer = await test.inject({ url, headers: { authorization: `Bearer ${ada.token}` } })
      expect([answer.statusCode, answer.headers['cache-control']], url).toEqual([
        200,
        expect.stringMatching(/no-(store|cache)/),
      ])
    }
    const key = await test.inject({
      url: `/api/v1/bookings/${booking.id}`,
      headers: { 'x-access-token': booking.accessToken },
    })
    expect([key.statusCode, key.headers['cache-control']]).toEqual([200, 'no-store'])
    const linked = await test.inject({ url: `/api/v1/bookings/${booking.id}?accessToken=${booking.accessToken}` })
    expect([linked.statusCode, linked.headers['cache-control']]).toEqual([200, 'no-store'])
    const headers = { authorization: `Bearer ${eve.token}`, 'if-none-match': '*' }
    expect((await test.inject({ url: `/api/v1/bookings/${booking.id}`, headers })).statusCode).toBe(404)
  })

  it('says what somebody wrote as data, never as markup', async () => {
    const test = await startApp(engine)
    const owner = await signIn(test, 'owner')
    const titles = [
      '<script>alert(1)</script>',
      '"><img src=x onerror=alert(1)>',
      'javascript:alert(1)',
      '</title><svg/onload=alert(1)>',
    ]
    for (const title of titles) {
      const made = await test.call(createMovie, { body: { title, runtimeMinutes: 90 } }, owner)
      expect(made.body.title).toBe(title)
      expect(made.headers['content-type']).toContain('application/json')
      const drawn = await test.inject({ url: made.body.posterUrl })
      expect(drawn.headers['content-type']).toContain('image/svg+xml')
      expect(drawn.body).not.toMatch(/<script|<img|<svg\/|<\/title><svg/)
      const page = await test.inject({ url: `/movies/${made.body.id}`, headers: { accept: 'text/html' } })
      expect(page.body).not.toContain('alert(1)</script>')
      expect(page.body).not.toMatch(/<img src=x|<svg\/onload/)
    }
  })
})
