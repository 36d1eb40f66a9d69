import { escapeMarkup } from '../platform/escape-markup.ts'
import { ticketLocales } from '../tickets/model.ts'
import type { TicketLocale } from '../tickets/model.ts'
import { absolute } from './model.ts'
import type { Head } from './model.ts'
import { writeLook } from './write-look.ts'

/** For whom a page is written. */
export interface Reader {
  readonly locale: TicketLocale
  /** The language is part of the address (`?lang=de`), not the browser's wish. */
  readonly asked: boolean
  /** `https://tickets.example.com` */
  readonly origin: string
  /** The address that was asked for, without its query. */
  readonly path: string
  /** What the browser shall fetch at once, beside the first files. */
  readonly files: readonly string[]
}

/** What stands in `index.html` where the head of a page is put. */
const place = /<!--head-->[\s\S]*?<!--\/head-->/

/**
 * Puts a head into the web app's page. Everything in it is escaped: a film's title is text, whatever it looks like. Facts are
 * a data block, which no browser runs, so the content security policy needs no exception.
 */
export function writeHead(html: string, head: Head, reader: Reader): string {
  const lines = [
    ...reader.files.map((file) => `<link rel="modulepreload" crossorigin href="${escapeMarkup(file)}">`),
    ...head.reads.map((address) => `<link rel="preload" as="fetch" crossorigin href="${escapeMarkup(address)}">`),
    ...(head.look === null ? [] : [meta('name', 'look', reader.path)]),
    `<title>${escapeMarkup(head.title)}</title>`,
    meta('name', 'description', head.description),
    ...(head.path === null ? [meta('name', 'robots', 'noindex')] : addressOf(head.path, reader)),
    ...previewOf(head, reader.origin),
    ...factsOf(head, reader.origin),
  ]
  // Replaced by functions: a dollar sign in a title is no pattern.
  const written = html
    .replace(/<html lang="[^"]*"/, () => `<html lang="${reader.locale}"`)
    .replace(place, () => lines.join('\n    '))
  if (head.look === null) return written.replace('<!--look-->', '')
  const { look } = head
  return afterFirstPaint(written).replace('<!--look-->', () => writeLook(look))
}

/** Scripts, and what they read, shall not stand in the way of a heading: `theme.js` asks for them once it is painted. */
function afterFirstPaint(html: string): string {
  return html
    .replaceAll(/<link rel="(modulepreload|preload)"/g, '<link rel="$1-later"')
    .replaceAll('<script type="module"', '<script type="module-later"')
}

function meta(kind: 'name' | 'property', name: string, content: string): string {
  return `<meta ${kind}="${name}" content="${escapeMarkup(content)}">`
}

/** The one address of the page in this language, and those of the others. */
function addressOf(path: string, { origin, locale, asked }: Reader): string[] {
  const plain = escapeMarkup(origin + path)
  const own = asked ? `${plain}?lang=${locale}` : plain
  return [
    `<link rel="canonical" href="${own}">`,
    ...ticketLocales.map((each) => `<link rel="alternate" hreflang="${each}" href="${plain}?lang=${each}">`),
    `<link rel="alternate" hreflang="x-default" href="${plain}">`,
    meta('property', 'og:url', own),
  ]
}

/** Open Graph, and the one thing that X does not take from it. */
function previewOf({ title, description, image }: Head, origin: string): string[] {
  return [
    meta('property', 'og:site_name', 'Matinee'),
    meta('property', 'og:type', 'website'),
    meta('property', 'og:title', title),
    meta('property', 'og:description', description),
    ...(image === null ? [] : [meta('property', 'og:image', absolute(origin, image))]),
    meta('name', 'twitter:card', image === null ? 'summary' : 'summary_large_image'),
  ]
}

/** Within a script only `<` could end it or begin something else; the two separators are for old readers of JSON. */
function factsOf({ facts }: Head, origin: string): string[] {
  if (facts.length === 0) return []
  const graph = { '@context': 'https://schema.org', '@graph': facts }
  const json = JSON.stringify(graph, (name, value: unknown) =>
    typeof value === 'string' && addresses.has(name) ? absolute(origin, value) : value,
  )
  const safe = json.replaceAll('<', '\\u003c').replaceAll('\u2028', '\\u2028').replaceAll('\u2029', '\\u2029')
  return [`<script type="application/ld+json">${safe}</script>`]
}

/** Properties of facts that hold addresses. */
const addresses = new Set(['@id', 'url', 'image', 'logo'])
