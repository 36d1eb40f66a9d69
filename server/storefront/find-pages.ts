import type { Database } from '../database/database.ts'
import { escapeMarkup } from '../platform/escape-markup.ts'
import { formatInstant } from '../platform/time.ts'
import { privatePages } from './model.ts'

/** A sitemap may name 50,000 pages. */
const mostFilms = 40_000
const mostTheatres = 9_000

/** What crawlers may read: all but the pages of one visitor or of the house. The API stays open: the pages are drawn from it. */
export function robotsText(origin: string): string {
  const closed = privatePages.map((path) => `Disallow: ${path}`)
  return ['User-agent: *', ...closed, '', `Sitemap: ${origin}/sitemap.xml`, ''].join('\n')
}

/** Every page that is worth finding, the newest films first. Source: https://www.sitemaps.org/protocol.html */
export async function writeSitemap(database: Database, origin: string): Promise<string> {
  const films = await database.read
    .selectFrom('movies')
    .select(['id', 'updatedAt'])
    .where('status', '!=', 'archived')
    .orderBy('updatedAt', 'desc')
    .limit(mostFilms)
    .execute()
  const theatres = await database.read.selectFrom('theatres').select(['id', 'updatedAt']).limit(mostTheatres).execute()
  const entries = [
    entry(`${origin}/`),
    ...theatres.map(({ id, updatedAt }) => entry(`${origin}/theatres/${id}`, updatedAt)),
    ...films.map(({ id, updatedAt }) => entry(`${origin}/films/${id}`, updatedAt)),
  ]
  const head = '<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">'
  return `${head}\n${entries.join('\n')}\n</urlset>\n`
}

function entry(url: string, changedAt?: number): string {
  const changed = changedAt === undefined ? '' : `<lastmod>${formatInstant(changedAt)}</lastmod>`
  return `<url><loc>${escapeMarkup(url)}</loc>${changed}</url>`
}
