import { Readable } from 'node:stream'
import { Socket } from 'node:net'
import type { FastifyInstance, FastifyReply, FastifyRequest, RouteShorthandOptions } from 'fastify'
import type { TObject } from 'typebox'
import type { Access, AnswerOf, OperationShape } from '../../contract/operation.ts'
import { assert } from '../platform/assert.ts'
import { isRefusal, refuse } from '../platform/refusal.ts'
import type { Refusal } from '../platform/refusal.ts'
import { performing } from './acts.ts'
import { Answer, Bytes, noneMatches, Pieces } from './answer.ts'
import type { Caller } from './caller.ts'
import { deprecationHeaders } from './deprecation.ts'
import { readKey } from './idempotency.ts'
import { placeOf, readerOf } from './location.ts'
import { ensureAcceptable, ensureMediaType } from './negotiate.ts'
import { noteFor } from './notes.ts'
import { sendRefusal } from './send.ts'
import type { RequestContext } from './context.ts'
import type { Approach, Request } from './request.ts'
import { coerceQuery, findBadText, holdsSurrogate, isGoodText, validatorOf } from './validate.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** What the operation is handed once the request has been let in. */
    admitted: Request<OperationShape, unknown> | null
  }
}

type Maybe<Value> = Value | Promise<Value>

export type Outcome<Shape extends OperationShape> = AnswerOf<Shape> | Answer<AnswerOf<Shape>> | Bytes | Pieces | Refusal

export interface Handler<Shape extends OperationShape, Subject> {
  /** Looks up what the path names and judges whose it is, before the body is read. */
  readonly find?: (approach: Approach<Shape>) => Maybe<Subject | Refusal>
  readonly handle: (request: Request<Shape, Subject>) => Maybe<Outcome<Shape>>
  /** It may take as long as it takes: a report over years. */
  readonly patient?: boolean
}

export interface Routes {
  /** Serves one operation of the contract. */
  add<const Shape extends OperationShape, Subject = undefined>(
    shape: Shape,
    handler: Handler<NoInfer<Shape>, Subject>,
  ): void
  /** Serves an operation whose answer writes to the socket itself (event streams). */
  addRaw<const Shape extends OperationShape, Subject = undefined>(
    shape: Shape,
    handler: {
      readonly find?: (approach: Approach<Shape>) => Maybe<Subject | Refusal>
      readonly handle: (request: Request<Shape, Subject>, reply: FastifyReply) => Maybe<Refusal | void>
    },
  ): void
  /** Every operation served so far. */
  readonly served: readonly OperationShape[]
}

const defaultBodyLimitBytes = 64 * 1024

/** The one place where the contract meets Fastify. `contextOf` is what the server knows of each request. */
export function createRoutes(
  app: FastifyInstance,
  basePath: string,
  makeContext: (request: FastifyRequest, reply: FastifyReply) => RequestContext,
): Routes {
  const served: OperationShape[] = []

  function mount(
    shape: OperationShape,
    find: ((approach: Approach) => Maybe<unknown>) | undefined,
    handle: (request: Request<OperationShape, unknown>, reply: FastifyReply) => Promise<unknown>,
    isPatient: boolean,
  ): void {
    served.push(shape)
    const check = validators(shape)
    const notice = deprecationHeaders(shape)
    const options: RouteShorthandOptions = {
      bodyLimit: shape.bodyLimit ?? defaultBodyLimitBytes,
      config: { rawBody: shape.rawBody ?? false, patient: isPatient },
      // Everything that is judged before the body is read, in the order of the contract.
      onRequest: async (raw, reply) => {
        void reply.headers(notice)
        const context = makeContext(raw, reply)
        const subject = await judge(shape, context, raw, find)
        const refused = isRefusal(subject)
          ? subject
          : (ensureAcceptable(shape, raw.headers.accept) ?? ensureMediaType(shape, raw.headers['content-type']))
        if (refused) {
          noteCaller(raw, context.approach(shape))
          return sendRefusal(reply, refused, raw.url)
        }
        raw.admitted = context.request(shape, subject)
        return undefined
      },
    }
    app.route({
      ...options,
      method: shape.method,
      url: basePath + shape.path.replaceAll(/\{(\w+)\}/g, ':$1'),
      handler: async (raw, reply) => {
        const request = raw.admitted
        assert(request, 'The request was not let in')
        const refused = check(raw, request) ?? judgeKey(shape, raw)
        if (refused) {
          noteCaller(raw, request)
          return sendRefusal(reply, refused, raw.url)
        }
        return await performing(shape, request, () => handle(request, reply))
      },
    })
  }

  return {
    served,
    add(shape, { find, handle, patient: isPatient = false }) {
      // Known once everything is served.
      let reader: string | null | undefined
      const locate = (params: unknown, id: string) => {
        if (reader === undefined) reader = readerOf(shape, served)
        return reader === null ? null : basePath + placeOf(reader, params as Record<string, string>, id)
      }
      mount(shape, find, (request, reply) => answerWith(shape, handle, request, reply, locate), isPatient)
    },
    addRaw(shape, { find, handle }) {
      const answer = async (request: Request<OperationShape, unknown>, reply: FastifyReply) => {
        const outcome = await handle(request as never, reply)
        return isRefusal(outcome) ? sendRefusal(reply, outcome, reply.request.url) : reply
      }
      mount(shape, find, answer, true)
    },
  }
}

/** Who was refused; its line in the log tells. */
function noteCaller(raw: FastifyRequest, { caller }: Approach): void {
  if (caller.kind === 'account') noteFor(raw, { userId: caller.userId })
}

async function answerWith(
  shape: OperationShape,
  handle: (request: never) => unknown,
  request: Request<OperationShape, unknown>,
  reply: FastifyReply,
  locate: Locate,
): Promise<unknown> {
  // A connection may be silent for half a minute; whoever works for longer has said so.
  if (reply.request.routeOptions.config.patient && reply.raw.socket instanceof Socket) reply.raw.setTimeout(0)
  const outcome = await handle(request as never)
  if (isRefusal(outcome)) noteCaller(reply.request, request)
  if (shape.answer.status === 201) tellLocation(reply, outcome, locate)
  return outcome instanceof Pieces ? await sendPieces(shape, reply, outcome) : send(shape, reply, outcome)
}

type Locate = (params: unknown, id: string) => string | null

/** Where what was made is read from now on, as every 201 should say. */
function tellLocation(reply: FastifyReply, outcome: unknown, locate: Locate): void {
  const made = outcome instanceof Answer ? outcome.body : outcome
  if (isRefusal(made) || typeof made !== 'object' || made === null || !('id' in made)) return
  const place = typeof made.id === 'string' ? locate(reply.request.params, made.id) : null
  if (place !== null) void reply.header('location', place)
}

/** Who is calling, whether that role may do this at all, and whose the thing is: answers the subject or a refusal. */
async function judge(
  shape: OperationShape,
  context: RequestContext,
  raw: FastifyRequest,
  find: ((approach: Approach) => Maybe<unknown>) | undefined,
): Promise<unknown> {
  const caller = await context.identify()
  if (isRefusal(caller)) return caller
  const refused = judgeAccess(shape.access, caller) ?? (await context.admit(shape, caller))
  if (refused) return refused
  if (findBadText(raw.params, '') !== null) return refuse('not_found')
  return find ? await find(context.approach(shape)) : undefined
}

function judgeAccess(access: Access, caller: Caller): Refusal<'unauthenticated' | 'forbidden'> | null {
  if (access === 'anyone') return null
  if (caller.kind === 'guest') return refuse('unauthenticated')
  if (access === 'account' || access.includes(caller.role)) return null
  return refuse('forbidden')
}

function judgeKey(shape: OperationShape, raw: FastifyRequest): Refusal<'malformed_request'> | null {
  const key = readKey(shape, raw.headers)
  return isRefusal(key) ? key : null
}

/** Reads query and body as the contract says, and puts them where the handler finds them. */
function validators(shape: OperationShape): (raw: FastifyRequest, request: object) => Refusal | null {
  const query = shape.query ?? null
  const checkQuery = query && validatorOf(query, 'The query')
  const checkBody = shape.body && !shape.bodyMediaTypes ? validatorOf(shape.body, '') : null
  return (raw, request) => {
    const given = readQuery(raw, query)
    if (query === null) {
      const [unknown] = Object.keys(given)
      if (unknown !== undefined && shape.method !== 'GET') return unknownParameter(unknown)
    }
    if (query !== null && holdsSurrogate(raw.url.slice(raw.url.indexOf('?')))) {
      return refuse('validation_failed', 'The query holds a character that is not text.')
    }
    const refused = checkQuery?.check(given)
    if (refused) return refused
    // Without a body schema, an empty object is as good as nothing.
    if (!shape.body && hasContent(raw.body)) return refuse('validation_failed', 'This call takes no body.')
    // No body at all is as good as an empty object; a body that says `null` is not.
    const sent = raw.body === undefined ? {} : raw.body
    const badBody = checkBody?.check(sent)
    if (badBody) return badBody
    Object.assign(request, { query: given, body: shape.body ? sent : undefined })
    return null
  }
}

function readQuery(raw: FastifyRequest, schema: TObject | null): Record<string, unknown> {
  const given: Record<string, unknown> = { ...(raw.query as object) }
  // The key of a link: read by the platform, never a parameter of an operation.
  if (raw.method === 'GET') delete given['accessToken']
  return schema ? coerceQuery(schema, given) : given
}

function unknownParameter(name: string): Refusal<'validation_failed'> {
  const shown = isGoodText(name) ? name.slice(0, 50) : 'a parameter'
  return refuse('validation_failed', `${shown} is not known here.`, {
    extra: { errors: [{ path: `/${shown}`, message: 'is not known here' }] },
  })
}

function hasContent(body: unknown): boolean {
  if (body === undefined || body === null) return false
  return typeof body !== 'object' || Object.keys(body).length > 0
}

function send(shape: OperationShape, reply: FastifyReply, outcome: unknown): unknown {
  if (isRefusal(outcome)) return sendRefusal(reply, outcome, reply.request.url)
  if (outcome instanceof Bytes || outcome instanceof Answer) {
    void reply.headers(outcome.headers)
    const etag = outcome.headers['etag']
    if (etag !== undefined && shape.method === 'GET' && noneMatches(reply.request.headers['if-none-match'], etag)) {
      return reply.code(304).send()
    }
    if (outcome instanceof Bytes) return reply.code(shape.answer.status).send(outcome.bytes)
    return sendBody(shape, reply, outcome.body)
  }
  return sendBody(shape, reply, outcome)
}

/** The first piece is waited for: what goes wrong before it is a problem document, not half an answer. */
async function sendPieces(shape: OperationShape, reply: FastifyReply, { pieces, headers }: Pieces): Promise<unknown> {
  const first = await pieces.next()
  async function* all(): AsyncGenerator<Uint8Array> {
    try {
      if (!first.done) yield first.value
      yield* pieces
    } finally {
      await pieces.return(undefined)
    }
  }
  return reply
    .code(shape.answer.status)
    .headers(headers)
    .send(Readable.from(all(), { objectMode: false }))
}

function sendBody(shape: OperationShape, reply: FastifyReply, body: unknown): unknown {
  void reply.code(shape.answer.status)
  if (shape.answer.schema === null) return reply.send()
  return reply.type('application/json; charset=utf-8').send(JSON.stringify(body))
}
