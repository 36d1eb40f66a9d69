import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Fastify from 'fastify'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { securityHeaders } from './headers.ts'
import { serveWebApp } from './web-app.ts'

const navigation = { accept: 'text/html,application/xhtml+xml' }
let folder: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'matinee-web-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

function build(): void {
  mkdirSync(join(folder, 'assets'))
  writeFileSync(join(folder, 'index.html'), '<!doctype html><title>the app</title>')
  writeFileSync(join(folder, '.stamp'), 'secret of the build')
  writeFileSync(join(folder, 'theme.js'), '/* theme */')
  writeFileSync(join(folder, 'assets', 'index-abc123.js'), '/* app */')
}

async function open() {
  const app = Fastify()
  await serveWebApp(app, folder)
  return app
}

describe('the web app', () => {
  test('a browser that navigates gets the page, wherever the page itself can lead', async () => {
    build()
    const app = await open()
    for (const url of ['/', '/films/mov_1', '/showtimes/sho_1?party=2', '/bookings/bkg_1']) {
      const answer = await app.inject({ url, headers: navigation })
      expect([answer.statusCode, answer.headers['cache-control']]).toEqual([200, 'no-cache'])
      expect(answer.body).toContain('the app')
    }
  })

  test.each(['/api/v1/nothing', '/media/posters/none.jpg', '/assets/gone.js', '/films/1.map', '/.stamp', '/.env'])(
    '%s is not a page, whatever the browser accepts',
    async (url) => {
      build()
      const app = await open()
      const answer = await app.inject({ url, headers: navigation })
      expect(answer.statusCode).toBe(404)
      expect(answer.json()).toMatchObject({ code: 'not_found' })
    },
  )

  test('a program that asks for JSON is told that there is nothing', async () => {
    build()
    const app = await open()
    const answer = await app.inject({ url: '/films/mov_1', headers: { accept: 'application/json' } })
    expect(answer.statusCode).toBe(404)
  })

  test('files with a hash in their name are kept for ever, others are asked for again', async () => {
    build()
    const app = await open()
    const hashed = await app.inject({ url: '/assets/index-abc123.js' })
    expect(hashed.headers['cache-control']).toBe('public, max-age=31536000, immutable')
    const plain = await app.inject({ url: '/theme.js' })
    expect(plain.headers['cache-control']).toBe('no-cache')
  })

  test('without a build the page says how to build it', async () => {
    const app = await open()
    const answer = await app.inject({ url: '/', headers: navigation })
    expect(answer.body).toContain('npm start')
  })

  test('only the door may use the camera', async () => {
    build()
    const app = await open()
    const door = await app.inject({ url: '/door' })
    expect(door.headers['permissions-policy']).toContain('camera=(self)')
    expect(securityHeaders(false)['permissions-policy']).toContain('camera=()')
  })

  test('only the two reference pages may style themselves', async () => {
    build()
    const app = await open()
    for (const url of ['/docs', '/redoc']) {
      const answer = await app.inject({ url, headers: navigation })
      expect(answer.headers['content-security-policy']).toContain("script-src 'self';")
      expect(answer.headers['content-security-policy']).toContain("style-src 'self' 'unsafe-inline'")
    }
    const home = await app.inject({ url: '/', headers: navigation })
    expect(home.headers['content-security-policy']).toBeUndefined()
  })
})
