import type { FastifyInstance, FastifyRequest } from 'fastify'
import { preferredLocale } from '../accounts/model.ts'
import type { DressPage } from '../http/web-app.ts'
import type { Clock } from '../platform/clock.ts'
import { ticketLocaleOf, ticketLocales } from '../tickets/model.ts'
import { describePage, missingPage } from './describe-page.ts'
import type { StorefrontParts } from './describe-page.ts'
import { pageOf } from './model.ts'
import { robotsText, writeSitemap } from './find-pages.ts'
import { writeHead } from './write-head.ts'

interface Parts extends StorefrontParts {
  readonly clock: Clock
  readonly publicUrl: string | null
}

/** Where the house is reached: as its settings say, else as whoever asks has found it. */
function originOf(publicUrl: string | null, request: FastifyRequest): string {
  if (publicUrl !== null) return publicUrl
  const host = /^[\w.:[\]-]{1,255}$/.test(request.host) ? request.host : 'localhost'
  return `${request.protocol}://${host}`
}

function dayIn(query: URLSearchParams): string | null {
  const date = query.get('date')
  return date !== null && /^\d{4}-\d\d-\d\d$/.test(date) ? date : null
}

/** `/robots.txt` and `/sitemap.xml`; answers how the web app's page is written for whoever asks. */
export function addStorefront(http: FastifyInstance, parts: Parts): DressPage {
  const { database, clock, publicUrl } = parts
  http.get('/robots.txt', async (request, reply) =>
    reply.type('text/plain; charset=utf-8').send(robotsText(originOf(publicUrl, request))),
  )
  http.get('/sitemap.xml', async (request, reply) =>
    reply.type('application/xml; charset=utf-8').send(await writeSitemap(database, originOf(publicUrl, request))),
  )
  return async (html, { words, pages }, request) => {
    const [path = '/', query] = request.url.split('?', 2)
    const asked = new URLSearchParams(query)
    const wish = asked.get('lang')
    const chosen = ticketLocales.find((each) => each === wish)
    const locale = chosen ?? ticketLocaleOf(preferredLocale(request.headers['accept-language']))
    const head = await describePage(parts, path, { locale, nowMs: clock.now(), date: dayIn(asked) })
    const files = [words[locale] ?? [], (head && pages[pageOf(path)?.kind ?? '']) ?? []].flat()
    const reader = { locale, path, asked: chosen !== undefined, origin: originOf(publicUrl, request), files }
    return { status: head ? 200 : 404, html: writeHead(html, head ?? missingPage(locale), reader) }
  }
}
