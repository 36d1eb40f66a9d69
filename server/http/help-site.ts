import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { FastifyInstance, FastifyReply } from 'fastify'
import { refuse } from '../platform/refusal.ts'
import type { HelpPage } from './help-render.ts'
import { sendRefusal } from './send.ts'

/** Text and one style sheet of our own: no script, no form, no other host. */
const policy = [
  "default-src 'none'",
  "style-src 'self'",
  "img-src 'self'",
  "form-action 'none'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ')

type Render = (page: HelpPage) => string

/** The handbook at `/help`: the pages of `folder`, rendered when somebody first asks, and kept. */
export function serveHelp(app: FastifyInstance, folder: string): void {
  let pages: Promise<ReadonlyMap<string, string>> | null = null
  const style = readFileSync(join(import.meta.dirname, 'help.css'), 'utf8')

  async function load(): Promise<ReadonlyMap<string, string>> {
    // The renderer is loaded for the first reader, not with the server.
    const { renderHelp, escape } = await import('./help-render.ts')
    const all = renderHelp(folder)
    const render = pageWriter(all, escape)
    return new Map(all.map((page) => [page.path, render(page)]))
  }

  async function send(reply: FastifyReply, path: string): Promise<FastifyReply> {
    const html = (await (pages ??= load())).get(path)
    if (html === undefined) return sendRefusal(reply, refuse('not_found'), reply.request.url)
    return reply
      .header('content-security-policy', policy)
      .header('cache-control', 'no-cache')
      .type('text/html; charset=utf-8')
      .send(html)
  }
  app.get('/help', async (_request, reply) => await send(reply, ''))
  app.get('/help/style.css', async (_request, reply) =>
    reply.header('cache-control', 'no-cache').type('text/css; charset=utf-8').send(style),
  )
  app.get<{ Params: { '*': string } }>('/help/*', async (request, reply) => await send(reply, request.params['*']))
}

function pageWriter(all: readonly HelpPage[], escape: (text: string) => string): Render {
  const groups = [...new Set(all.map(({ group }) => group))]
  const urlOf = ({ path }: HelpPage) => (path === '' ? '/help' : `/help/${path}`)
  const linkTo = (page: HelpPage, current: HelpPage) =>
    `<li><a href="${urlOf(page)}"${page === current ? ' aria-current="page"' : ''}>${escape(page.title)}</a></li>`
  const groupOf = (group: string, current: HelpPage) =>
    `<h2>${escape(group)}</h2><ul>${all
      .filter((page) => page.group === group)
      .map((page) => linkTo(page, current))
      .join('')}</ul>`
  const contentsOf = ({ headings }: HelpPage) =>
    headings.length < 3
      ? ''
      : `<nav class="contents" aria-label="On this page"><ul>${headings
          .map(({ id, text }) => `<li><a href="#${id}">${escape(text)}</a></li>`)
          .join('')}</ul></nav>`
  return (page) =>
    `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark"><title>${escape(page.title)} · Matinee</title><link rel="stylesheet" href="/help/style.css"></head><body><a class="skip" href="#main">Skip to the text</a><header><a href="/">Matinee</a><span>Help</span><a href="/docs">Try the API</a><a href="/redoc">Reference</a></header><div class="columns"><details class="pages"><summary>All pages</summary><nav aria-label="Pages">${groups
      .map((group) => groupOf(group, page))
      .join('')}</nav></details><nav class="pages wide" aria-label="Pages">${groups
      .map((group) => groupOf(group, page))
      .join('')}</nav><main id="main">${contentsOf(page)}${page.html}</main></div></body></html>`
}
