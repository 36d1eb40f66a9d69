import type { IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'
import cookie from '@fastify/cookie'
import compress from '@fastify/compress'
import cors from '@fastify/cors'
import Fastify, { LogController } from 'fastify'
import type { FastifyBaseLogger, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { isRefusal, refuse } from '../platform/refusal.ts'
import type { Log } from '../platform/log.ts'
import { answerInTime } from './deadlines.ts'
import { securityHeaders } from './headers.ts'
import { guardDoor } from './overload.ts'
import type { LoadGuard } from './overload.ts'
import { refusalOfError } from './problem.ts'
import { sendRefusal } from './send.ts'
import { cutSlowReaders } from './slow-readers.ts'
import { holdsSurrogate, isGoodText } from './validate.ts'

export interface HttpOptions {
  readonly log: Log
  readonly newRequestId: () => string
  readonly trustProxy: readonly string[]
  readonly corsOrigins: readonly string[]
  /** Behind TLS: `Strict-Transport-Security` is sent. */
  readonly secure: boolean
  readonly isDraining: () => boolean
  /** Better some are turned away at once than that all wait. */
  readonly guard: LoadGuard
}

/** Bodies that are passed on as they are. */
const rawMediaTypes = ['multipart/form-data', 'image/jpeg', 'image/png', 'image/webp', 'image/avif']

/** A Fastify with the settings that differ from its defaults; each has its reason in the reliability notes of the docs. */
export async function createHttpServer(options: HttpOptions): Promise<FastifyInstance> {
  const loggerInstance: FastifyBaseLogger = options.log
  const requestId = ({ headers }: IncomingMessage) => wellFormedId(headers['x-request-id']) ?? options.newRequestId()
  const app: FastifyInstance = Fastify({
    loggerInstance,
    // One line per request, written when it is answered (addHooks).
    logController: new LogController({ disableRequestLogging: true }),
    requestTimeout: 15_000,
    connectionTimeout: 30_000,
    keepAliveTimeout: 72_000,
    bodyLimit: 64 * 1024,
    trustProxy: options.trustProxy.length > 0 ? [...options.trustProxy] : false,
    genReqId: requestId,
    routerOptions: { maxParamLength: 100, caseSensitive: true, ignoreTrailingSlash: false },
    forceCloseConnections: 'idle',
    return503OnClosing: false,
    exposeHeadRoutes: true,
    frameworkErrors: (error, request, reply) => {
      void reply.headers(securityHeaders(options.secure)).header('x-request-id', request.id)
      // An id with a lone surrogate is one that nothing has, as one with U+0000 is.
      const [path = ''] = request.url.split('?')
      const refusal = holdsSurrogate(path) ? refuse('not_found') : refusalOfError(error)
      sendRefusal(reply, refusal, safePath(request.url))
    },
    clientErrorHandler: answerClientError,
  })
  // A field and no WeakMap: what that keeps beside a request outlives each small collection of garbage, for nobody.
  app.decorateRequest('admitted', null)
  app.decorateRequest('note', null)
  app.removeContentTypeParser(['text/plain', 'application/json'])
  addJsonParser(app)
  // Read whole, and only by the operations that say so (negotiate.ts).
  app.addContentTypeParser(rawMediaTypes, { parseAs: 'buffer' }, (_request, body, done) => done(null, body))
  // Bodies are checked by the contract's own validators (routes.ts); Fastify's are not used.
  app.setValidatorCompiler(() => () => true)
  app.setSerializerCompiler(() => JSON.stringify)
  await app.register(cookie)
  await app.register(compress, { global: true, threshold: 1024, encodings: ['br', 'gzip'] })
  if (options.corsOrigins.length > 0) {
    await app.register(cors, {
      origin: [...options.corsOrigins],
      credentials: true,
      methods: ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'],
      exposedHeaders: [
        'ETag',
        'Location',
        'Retry-After',
        'X-Request-Id',
        'Idempotency-Replayed',
        'RateLimit',
        'RateLimit-Policy',
        'Deprecation',
        'Sunset',
        'Link',
      ],
      maxAge: 600,
    })
  }
  answerInTime(app)
  addHooks(app, options)
  const headers = securityHeaders(options.secure)
  guardDoor(app.server, options.guard, (request) => ({
    ...headers,
    'x-request-id': requestId(request),
    ...(options.corsOrigins.includes(request.headers.origin ?? '') && {
      'access-control-allow-origin': request.headers.origin,
      vary: 'Origin',
    }),
  }))
  const endWatch = cutSlowReaders(app.server)
  app.addHook('onClose', async () => endWatch())
  app.setErrorHandler((error, request, reply) => answerError(error, request, reply))
  app.setNotFoundHandler((request, reply) => sendRefusal(reply, refuse('not_found'), safePath(request.url)))
  return app
}

/** JSON as Fastify reads it (a `__proto__` is an error), but for routes that want the text itself. */
function addJsonParser(app: FastifyInstance): void {
  const parse = app.getDefaultJsonParser('error', 'error')
  app.addContentTypeParser<string>('application/json', { parseAs: 'string' }, (request, body, done) => {
    if (request.routeOptions.config.rawBody) done(null, body)
    // Many clients name the type of a body that they do not send: the contract judges whether one is needed.
    else if (body === '') done(null, undefined)
    else void parse(request, body, done)
  })
  // Only for routes that want the text: the contract lets no other operation have a form.
  app.addContentTypeParser<string>('application/x-www-form-urlencoded', { parseAs: 'string' }, (_request, body, done) =>
    done(null, body),
  )
}

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The handler gets the body's text as it came. */
    rawBody?: boolean
    /** It may take as long as it takes (`deadlines.ts`). */
    patient?: boolean
  }
}

function addHooks(app: FastifyInstance, options: HttpOptions): void {
  const headers = securityHeaders(options.secure)
  app.addHook('onRequest', async (request, reply) => {
    // Who has gone already has no address any more, by which limits and keys could know them: nothing is done for nobody.
    if (request.socket.remoteAddress === undefined) {
      return sendRefusal(reply, refuse('malformed_request', 'The connection has ended.'), safePath(request.url))
    }
    void reply.headers(headers).header('x-request-id', request.id)
    // Node still reads HTTP/0.9, which has no headers and so none of what is judged here.
    if (request.raw.httpVersionMajor < 1) return sendRefusal(reply, refuse('malformed_request'), safePath(request.url))
    if (showsWhoAsks(request)) {
      void reply.header('cache-control', 'no-store')
    }
    if (options.isDraining() && !request.url.startsWith('/healthz')) {
      void reply.header('connection', 'close')
      return sendRefusal(reply, refuse('draining', undefined, { retryAfterSeconds: 2 }), request.url)
    }
    return undefined
  })
  app.addHook('onSend', async (_request, reply) => {
    // A request that was running when the drain began: its connection is not to be used for another one.
    if (options.isDraining()) void reply.header('connection', 'close')
  })
  app.addHook('onResponse', async (request, reply) => {
    request.log.info(
      {
        method: request.method,
        route: request.routeOptions.url ?? 'unknown',
        status: reply.statusCode,
        ms: Math.round(reply.elapsedTime * 10) / 10,
        ...request.note,
      },
      'request',
    )
  })
}

/** Whether an answer may be meant for one person: an account's, or whoever has the key of a thing. */
function showsWhoAsks({ headers, url }: FastifyRequest): boolean {
  const { authorization, 'x-access-token': key } = headers
  return (
    authorization !== undefined || headers.cookie !== undefined || key !== undefined || url.includes('accessToken=')
  )
}

function answerError(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const refusal = isRefusal(error) ? error : refusalOfError(error, request.raw.complete)
  if (refusal.status === 500) request.log.error({ err: error }, 'a bug')
  else if (refusal.status >= 500) request.log.warn({ err: error }, 'refused for now')
  // Fastify would hang up on who is still sending, who then hears of a broken connection and never why. What comes is read and
  // thrown away, for as long as any request may take.
  if (refusal.status === 413) void reply.removeHeader('connection')
  return sendRefusal(reply, refusal, request.url)
}

/** What cannot even be parsed as HTTP: answered by hand on the socket. */
function answerClientError(error: Error & { code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) return
  const refusal =
    error.code === 'HPE_HEADER_OVERFLOW'
      ? refuse('header_fields_too_large')
      : error.code === 'ERR_HTTP_REQUEST_TIMEOUT'
        ? refuse('request_timeout')
        : refuse('malformed_request', 'This is not HTTP as it should be.')
  const body = JSON.stringify({
    type: `https://matinee.dev/problems/${refusal.code.replaceAll('_', '-')}`,
    title: refusal.title,
    status: refusal.status,
    detail: refusal.detail,
    code: refusal.code,
    instance: '/',
  })
  socket.end(
    `HTTP/1.1 ${refusal.status} Refused\r\nContent-Type: application/problem+json\r\nContent-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
  )
}

/** An id that a caller may choose: it goes into every log line, so only plain characters. */
function wellFormedId(header: string | string[] | undefined): string | null {
  return typeof header === 'string' && /^[\w.:-]{8,128}$/.test(header) ? header : null
}

function safePath(url: string): string {
  return isGoodText(url) ? url : '/'
}

/** Answers 405 with `Allow` wherever a path is known but not for this method. */
export function refuseOtherMethods(app: FastifyInstance, paths: ReadonlyMap<string, ReadonlySet<string>>): void {
  for (const [url, methods] of paths) {
    const known = new Set([...methods, ...(methods.has('GET') ? ['HEAD'] : [])])
    const allow = [...known, 'OPTIONS'].toSorted().join(', ')
    const others = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'].filter((method) => !known.has(method))
    if (!app.hasRoute({ method: 'OPTIONS', url })) {
      app.route({
        method: 'OPTIONS',
        url,
        handler: async (_request, reply) => reply.code(204).header('allow', allow).send(),
      })
    }
    if (others.length === 0) continue
    app.route({
      method: others,
      url,
      exposeHeadRoute: false,
      // Before the body is read: its size or shape does not matter here.
      onRequest: async (request, reply) =>
        sendRefusal(reply.header('allow', allow), refuse('method_not_allowed'), request.url),
      handler: async (_request, reply) => reply.send(),
    })
  }
}
