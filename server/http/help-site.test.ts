import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openApiDocument } from '../openapi.ts'
import { startApp } from '../testing/harness.ts'
import type { TestApp } from '../testing/harness.ts'
import { renderHelp } from './help-render.ts'

const docs = join(import.meta.dirname, '..', '..', 'docs')
let app: TestApp
beforeAll(async () => {
  app = await startApp('sqlite')
})
afterAll(async () => await app.close())

const read = async (url: string) => await app.inject({ url, headers: { accept: 'text/html,*/*;q=0.8' } })
const attributes = (html: string, name: string) =>
  [...html.matchAll(new RegExp(` ${name}="([^"]*)"`, 'g'))].map((match) => match[1] ?? '')

/** Every address of the site, from the links of its first page. */
async function allPages(): Promise<Map<string, string>> {
  const pages = new Map<string, string>()
  const waiting = ['/help']
  for (let url = waiting.pop(); url !== undefined; url = waiting.pop()) {
    if (pages.has(url)) continue
    const answer = await read(url)
    expect(answer.statusCode, url).toBe(200)
    pages.set(url, answer.body)
    const links = attributes(answer.body, 'href').map((href) => href.split('#')[0] ?? '')
    waiting.push(...links.filter((href) => /^\/help(\/(?!style)|$)/.test(href)))
  }
  return pages
}

describe('the help pages', () => {
  test('are all of docs/, reached from the first one, and no link of theirs leads nowhere', async () => {
    const pages = await allPages()
    const files = readdirSync(docs, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.md'))
    expect(pages.size).toBe(files.length)
    for (const [url, html] of pages) {
      for (const href of attributes(html, 'href').filter((target) => !/^https?:/.test(target))) {
        const [path = '', anchor] = href.split('#')
        const target = pages.get(path === '' ? url : path)
        if (target === undefined) expect((await read(path)).statusCode, `${href} in ${url}`).toBe(200)
        else if (anchor !== undefined) expect(attributes(target, 'id'), `${href} in ${url}`).toContain(anchor)
      }
    }
  })

  test('need no script, no picture, no other host and no style of their own', async () => {
    const answer = await read('/help/operations')
    expect(answer.headers['content-security-policy']).toBe(
      "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'",
    )
    for (const [url, html] of await allPages()) {
      expect(html, url).not.toMatch(/<(script|img|iframe|form|style)\b| (style|src|on\w+)="/)
      expect(attributes(html, 'href').filter((href) => href.endsWith('.css'))).toEqual(['/help/style.css'])
    }
    const style = await app.inject({ url: '/help/style.css' })
    expect(style.headers['content-type']).toBe('text/css; charset=utf-8')
    expect(style.body).not.toMatch(/url\(|@import/)
  })

  test('say which page one is on, and what is not there is not found', async () => {
    const { body } = await read('/help/api-policy')
    expect(body).toContain('<a href="/help/api-policy" aria-current="page">What may change in the API</a>')
    for (const url of ['/help/none', '/help/../server/app.ts', '/help/decisions']) {
      const missing = await app.inject({ url })
      expect(missing.statusCode).toBe(404)
      expect(missing.headers['content-type']).toContain('application/problem+json')
    }
  })

  test('show what is written in them as text, never as markup', () => {
    const [page] = renderHelp(join(import.meta.dirname, '..', 'testing', 'help-page'))
    expect(page?.title).toBe('A & B')
    expect(page?.html).not.toMatch(/<(script|img)/)
    expect(page?.html).toContain('&lt;script&gt;')
  })

  test('are named by the contract, which the reference shows', () => {
    expect(openApiDocument([])).toMatchObject({ externalDocs: { url: '/help' } })
  })
})
