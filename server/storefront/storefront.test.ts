import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Fastify from 'fastify'
import type { FastifyInstance } from 'fastify'
import { afterAll, expect, it } from 'vitest'
import { updateMovie } from '../../contract/catalogue.ts'
import { updateSettings } from '../../contract/venues.ts'
import type { Engine } from '../database/database.ts'
import { serveWebApp } from '../http/web-app.ts'
import { countTakenPlaces } from '../showtimes/claims.ts'
import { onBothEngines } from '../testing/harness.ts'
import { stageHouse } from '../testing/houses.ts'
import { signIn } from '../testing/sign-in.ts'
import { privatePages } from './model.ts'
import { addStorefront } from './routes.ts'

const folders: string[] = []
afterAll(() => folders.forEach((folder) => rmSync(folder, { recursive: true, force: true })))

const index =
  '<!doctype html><html lang="en" data-theme="dark"><head><!--head--><title>Matinee</title><!--/head--><script type="module" crossorigin src="/assets/index-1.js"></script></head><body><!--look--><div id="app"></div></body></html>'

/** A house with a built web app, which is one page. */
async function stage(engine: Engine, publicUrl: string | null = 'https://tickets.example.com') {
  const scene = await stageHouse(engine)
  const folder = mkdtempSync(join(tmpdir(), 'matinee-storefront-'))
  folders.push(folder)
  writeFileSync(join(folder, 'index.html'), index)
  const files = {
    words: { en: '/assets/en-1.js', de: '/assets/de-2.js' },
    pages: { theatres: ['/assets/theatre-3.js'] },
  }
  writeFileSync(join(folder, 'preload.json'), JSON.stringify(files))
  const http: FastifyInstance = Fastify()
  const { database, clock } = scene.test
  await serveWebApp(http, folder, addStorefront(http, { database, clock, countTaken: countTakenPlaces, publicUrl }))
  const open = async (url: string, headers: Record<string, string> = {}) => {
    const answer = await http.inject({ url, headers: { accept: 'text/html', ...headers } })
    return { status: answer.statusCode, html: answer.body, headers: answer.headers }
  }
  return { ...scene, open }
}

/** What a page says as schema.org has it, by type. */
function factsIn(html: string): Record<string, unknown>[] {
  const json = /<script type="application\/ld\+json">(.*?)<\/script>/s.exec(html)?.[1]
  return json === undefined ? [] : JSON.parse(json)['@graph']
}
const titleIn = (html: string) => /<title>(.*?)<\/title>/s.exec(html)?.[1]

onBothEngines('what the server writes into the page', (engine) => {
  it('tells of a film, its screenings and what the cheapest full ticket comes to, fee and tax in it', async () => {
    const { open, make, house, test, owner } = await stage(engine)
    const settings = { ticketFee: 100, taxRatePercent: 10, pricesIncludeTax: false }
    await test.call(updateSettings, { params: { id: house.theatreId }, body: settings }, owner)
    const { id } = (await make({ startsAt: '2026-11-25T20:00', format: '3d' })).body
    await make({ startsAt: '2026-11-26T20:00', status: 'draft' })
    await make({ startsAt: '2026-11-27T20:00', visibility: 'unlisted' })
    const { status, html } = await open(`/films/${house.films[0]}`)
    expect([status, titleIn(html)]).toEqual([200, 'Film 1: times and tickets'])
    expect(html).toContain(`<link rel="canonical" href="https://tickets.example.com/films/${house.films[0]}">`)
    expect(html).toContain('<meta property="og:title" content="Film 1: times and tickets">')
    const [film, ...screenings] = factsIn(html)
    expect(film).toMatchObject({ '@type': 'Movie', name: 'Film 1', duration: 'PT100M' })
    expect(screenings).toMatchObject([
      {
        '@type': 'ScreeningEvent',
        url: `https://tickets.example.com/showtimes/${id}`,
        startDate: '2026-11-25T20:00:00+01:00',
        videoFormat: '3D',
        location: { '@type': 'MovieTheater', address: { addressLocality: 'Berlin' } },
        offers: { price: '14.30', priceCurrency: 'EUR', availability: 'https://schema.org/InStock' },
      },
    ])
  })

  it('tells of a theatre, of a showtime and of the programme', async () => {
    const { open, make, house } = await stage(engine)
    const { id } = (await make({ startsAt: '2026-11-25T20:00' })).body
    const types = async (path: string) => factsIn((await open(path)).html).map((fact) => fact['@type'])
    expect(await types(`/theatres/${house.theatreId}`)).toEqual(['MovieTheater', 'ScreeningEvent'])
    expect(await types(`/showtimes/${id}`)).toEqual(['ScreeningEvent', 'Movie'])
    expect(await types('/')).toEqual(['MovieTheater', 'Movie'])
    const { html } = await open(`/showtimes/${id}`)
    expect(titleIn(html)).toMatch(/^Film 1, Wednesday 25 November 2026, 20:00, house-\d+$/)
    expect(html).toMatch(/content="Choose your seats: .*Screen 1, Berlin\. Tickets from €12\.00\."/)
  })

  it('runs nothing that a film’s title or text holds', async () => {
    const { open, house, make, test } = await stage(engine)
    const attack = `</script></title><script>alert(1)</script>"'><img onerror=x> $& $1 \u2028<!--`
    const admin = await signIn(test, 'admin')
    const body = { title: attack.replace('\u2028', ''), overview: attack, directors: ['</script><b>'] }
    const changed = await test.call(updateMovie, { params: { id: house.films[0] }, body }, admin)
    expect(changed.status).toBe(200)
    const { id } = (await make({ startsAt: '2026-11-25T20:00' })).body
    for (const path of [`/films/${house.films[0]}`, `/showtimes/${id}`, '/']) {
      const { html } = await open(path)
      expect(html.match(/<script|<img|<b>|<\/script/g)).toEqual(['<script', '</script', '<script', '</script'])
      expect(html).not.toMatch(/content="[^"]*<|content="[^"]*" [^>]*onerror/)
      expect(factsIn(html).some((fact) => fact['name'] === body.title)).toBe(true)
      expect(html).toContain('<div id="app"></div></body></html>')
    }
  })

  it('says 404 where there is nothing for the public, and hides what is one visitor’s own', async () => {
    const { open, make } = await stage(engine)
    const draft = (await make({ startsAt: '2026-11-25T20:00', status: 'draft' })).body.id
    const closed = (await make({ startsAt: '2026-11-26T20:00', visibility: 'private' })).body.id
    const missing = ['/films/mov_none', '/theatres/thr_none', '/nothing-here', '/films', '//', `/showtimes/${draft}`]
    for (const path of [...missing, `/showtimes/${closed}`]) {
      const { status, html } = await open(path)
      expect([path, status]).toEqual([path, 404])
      expect(html).toContain('<meta name="robots" content="noindex">')
      expect(html).not.toContain('canonical')
      expect(html).toContain('<div id="app">')
    }
    const unlisted = (await make({ startsAt: '2026-11-27T20:00', visibility: 'unlisted' })).body.id
    for (const path of ['/account', '/bookings/bkg_1', '/manage/films', '/door', `/showtimes/${unlisted}`]) {
      const { status, html } = await open(path)
      expect([path, status]).toEqual([path, 200])
      expect(html).toContain('<meta name="robots" content="noindex">')
    }
  })

  it('names what the page reads first, for the day that is asked for or that is running', async () => {
    const { open, house, make } = await stage(engine)
    const readsIn = (html: string) =>
      [...html.matchAll(/<link rel="preload-later" as="fetch" crossorigin href="([^"]*)">/g)].map(([, url = '']) =>
        url.replaceAll('&amp;', '&'),
      )
    const { id } = (await make({ startsAt: '2026-11-25T20:00' })).body
    const day = (date: string) => `/api/v1/showtimes?date=${date}&expand=movie%2Ctheatre%2Cauditorium&limit=100`
    expect(readsIn((await open('/?date=2026-11-25')).html)).toEqual([day('2026-11-25')])
    expect(readsIn((await open('/?date=%3Cscript%3E')).html)).toEqual([day('2026-11-21')])
    expect(readsIn((await open(`/theatres/${house.theatreId}`)).html)).toContain(`/api/v1/theatres/${house.theatreId}`)
    expect(readsIn((await open(`/films/${house.films[0]}`)).html)).toContain(`/api/v1/movies/${house.films[0]}`)
    expect(readsIn((await open(`/showtimes/${id}`)).html)).toEqual([
      `/api/v1/showtimes/${id}?expand=movie%2Ctheatre%2Cauditorium`,
      `/api/v1/showtimes/${id}/seats`,
    ])
    expect(readsIn((await open('/account')).html)).toEqual([])
  })

  it('shows the heading of a page before the web app does, and nothing where there is none', async () => {
    const { open, house, test } = await stage(engine)
    const admin = await signIn(test, 'admin')
    const title = '<i>Up & $& down</i>'
    await test.call(updateMovie, { params: { id: house.films[0] }, body: { title } }, admin)
    const film = (await open(`/films/${house.films[0]}`)).html
    expect(film).toContain('&lt;i&gt;Up &amp; $&amp; down&lt;/i&gt;</h1>')
    expect(film).toContain(`<meta name="look" content="/films/${house.films[0]}">`)
    const german = (await open('/?date=2026-11-25', { 'accept-language': 'de' })).html
    expect(german).toContain('<span>Mittwoch </span><span><span class="text-accent">25</span>. November</span></h1>')
    for (const path of ['/account', '/films/mov_missing']) expect((await open(path)).html).not.toContain('first-look')
  })

  it('lets scripts wait for a heading that is painted without them, and for nothing else', async () => {
    const { open } = await stage(engine)
    const programme = (await open('/?date=2026-11-25')).html
    expect(programme).toContain('<script type="module-later" crossorigin src="/assets/index-1.js">')
    expect(programme).toContain('<link rel="modulepreload-later" crossorigin href="/assets/en-1.js">')
    expect(programme).not.toMatch(/rel="(modulepreload|preload)"|type="module"/)
    const account = (await open('/account')).html
    expect(account).toContain('<script type="module" crossorigin src="/assets/index-1.js">')
    expect(account).toContain('<link rel="modulepreload" crossorigin href="/assets/en-1.js">')
  })

  it('speaks the language that the address asks for, else the browser’s', async () => {
    const { open, house } = await stage(engine)
    const preloaded = '<link rel="modulepreload-later" crossorigin href="/assets/theatre-3.js">'
    expect((await open(`/theatres/${house.theatreId}`)).html).toContain(preloaded)
    const german = await open('/', { 'accept-language': 'de-CH, en;q=0.8' })
    expect(titleIn(german.html)).toMatch(/^house-\d+, Berlin: Programm und Tickets$/)
    expect(german.html).toContain('<html lang="de"')
    expect(german.html).toContain('<link rel="modulepreload-later" crossorigin href="/assets/de-2.js">')
    expect(german.html).toContain('<link rel="canonical" href="https://tickets.example.com/">')
    expect(german.html).not.toContain(preloaded)
    expect(german.headers['vary']).toContain('Accept-Language')
    const asked = await open('/?lang=en', { 'accept-language': 'de-CH' })
    expect(titleIn(asked.html)).toMatch(/programme and tickets$/)
    expect(asked.html).toContain('<link rel="canonical" href="https://tickets.example.com/?lang=en">')
    expect((await open('/?lang=%22%3E')).html).toContain('<html lang="en"')
  })

  it('lists what is worth finding, where whoever asks has found the house', async () => {
    const { open, house } = await stage(engine, null)
    const sitemap = (await open('/sitemap.xml', { host: 'kino.example:8080' })).html
    for (const path of ['/', `/films/${house.films[0]}`, `/theatres/${house.theatreId}`]) {
      expect(sitemap).toContain(`<loc>http://kino.example:8080${path}</loc>`)
    }
    const robots = (await open('/robots.txt', { host: 'kino.example:8080' })).html
    expect(robots).toContain('Sitemap: http://kino.example:8080/sitemap.xml')
    expect(robots).toContain('Disallow: /manage\n')
    expect(robots).not.toContain('/api')
    expect((await open('/', { host: '"><b>' })).html).not.toContain('<b>')
  })
})

it('knows every page that the web app has', () => {
  const source = readFileSync(join(import.meta.dirname, '..', '..', 'web', 'routes.tsx'), 'utf8')
  const first = [...source.matchAll(/\/\^\\\/([a-z-]+)/g)].map(([, name]) => `/${name}`)
  const found = ['/films', '/theatres', '/showtimes']
  expect([...new Set(first)].filter((path) => !found.includes(path)).toSorted()).toEqual([...privatePages].toSorted())
})
