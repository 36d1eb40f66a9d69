import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import serveFiles from '@fastify/static'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { refuse } from '../platform/refusal.ts'
import { doorPermissions } from './headers.ts'
import { sendRefusal } from './send.ts'

/** Swagger UI and Redoc write styles of their own while they run; they alone may. */
const referencePolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "font-src 'self' data:",
  "connect-src 'self'",
  'worker-src blob:',
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ')

const unbuilt = page(
  'The web app is not built',
  '<h1>The web app is not built</h1><p>The API works. <code>npm start</code> builds the web app, or: <code>npx vite build web</code>, then start again.</p>',
)
const swagger = page(
  'Matinee API',
  '<link rel="stylesheet" href="/reference/swagger-ui.css"><div id="docs"></div><script src="/reference/swagger-ui-bundle.js"></script><script src="/reference/docs.js"></script>',
)
const redoc = page(
  'Matinee API',
  '<div id="redoc"></div><script src="/reference/redoc.standalone.js"></script><script src="/reference/redoc.js"></script>',
)

/** What a page needs beside the first files, as the build lists it: by language, and by the first part of its address. */
export interface PreloadFiles {
  readonly words: Readonly<Record<string, string>>
  readonly pages: Readonly<Record<string, readonly string[]>>
}

/** Writes the web app's page for whoever asks: with what is known of it, and whether there is such a page at all. */
export type DressPage = (
  html: string,
  files: PreloadFiles,
  request: FastifyRequest,
) => Promise<{ readonly status: number; readonly html: string }>

const asItIs: DressPage = async (html) => ({ status: 200, html })

/**
 * Serves the built web app from `folder`: its files, and its one page wherever a browser navigates to. `dress` writes what
 * the server knows into that page.
 */
export async function serveWebApp(app: FastifyInstance, folder: string, dress: DressPage = asItIs): Promise<void> {
  const index = join(folder, 'index.html')
  const isBuilt = existsSync(index)
  const html = isBuilt ? readFileSync(index, 'utf8') : unbuilt
  if (isBuilt) {
    await app.register(serveFiles, {
      root: folder,
      // One route for each file there is: nothing else of the disk can be asked for.
      wildcard: false,
      index: false,
      decorateReply: false,
      cacheControl: false,
      globIgnore: ['index.html', '.stamp', 'preload.json'],
      setHeaders: (reply, path) => {
        const hashed = path.startsWith(join(folder, 'assets'))
        void reply.header('cache-control', hashed ? 'public, max-age=31536000, immutable' : 'no-cache')
      },
    })
  }
  for (const [url, document] of Object.entries({ '/docs': swagger, '/redoc': redoc })) {
    app.get(url, async (_request, reply) =>
      sendPage(reply.header('content-security-policy', referencePolicy), isBuilt ? document : unbuilt),
    )
  }
  const files = readPreloadFiles(join(folder, 'preload.json'))
  const send = async (request: FastifyRequest, reply: FastifyReply) => {
    const dressed = isBuilt ? await dress(html, files, request) : { status: 200, html }
    return sendPage(reply.code(dressed.status).header('vary', 'Accept-Language'), dressed.html)
  }
  app.get('/', send)
  app.get('/door', async (request, reply) => await send(request, reply.header('permissions-policy', doorPermissions)))
  app.get('/*', async (request, reply) =>
    isNavigation(request) ? await send(request, reply) : sendRefusal(reply, refuse('not_found'), request.url),
  )
}

function readPreloadFiles(path: string): PreloadFiles {
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : { words: {}, pages: {} }
}

/** Addresses that are no pages, whatever a browser asks for. */
const noPages = /^\/(api|media|assets|reference|docs|redoc|help|\.well-known)(\/|$)/

function isNavigation(request: FastifyRequest): boolean {
  const [path = '/'] = request.url.split('?', 1)
  const wantsPage = request.headers.accept?.includes('text/html') ?? false
  return wantsPage && !noPages.test(path) && !/\.\w+$/.test(path)
}

function sendPage(reply: FastifyReply, html: string): FastifyReply {
  return reply.header('content-type', 'text/html; charset=utf-8').header('cache-control', 'no-cache').send(html)
}

function page(title: string, body: string): string {
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${title}</title></head><body>${body}</body></html>`
}
