import { createHash } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import type {} from '@fastify/cookie'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { OperationShape } from '../../contract/operation.ts'
import type { Company, Database, Transaction } from '../database/database.ts'
import type { Clock } from '../platform/clock.ts'
import { randomText } from '../platform/ids.ts'
import { isRefusal } from '../platform/refusal.ts'
import type { Refusal } from '../platform/refusal.ts'
import type { Secrets } from '../platform/secrets.ts'
import { Answer } from './answer.ts'
import { clientAddress } from './address.ts'
import { guest } from './caller.ts'
import type { Caller, Identify } from './caller.ts'
import { commitOnce, hashOfBody, readKey, Replay } from './idempotency.ts'
import type { IdempotencyRequest } from './idempotency.ts'
import type { Approach, Request } from './request.ts'

export interface ContextParts {
  readonly clock: Clock
  readonly database: Database
  readonly secrets: Secrets
  readonly identify: Identify
  /** Rate limits: a refusal, or null to go on. A promise only where other servers must be asked. */
  readonly admit: (
    shape: OperationShape,
    caller: Caller,
    client: string,
    address: string,
    reply: FastifyReply,
  ) => Refusal | null | Promise<Refusal | null>
  readonly secureCookies: boolean
}

/** What the server knows of one request; the caller is known only after `identify`. */
export interface RequestContext {
  identify(): Promise<Caller | Refusal>
  admit(shape: OperationShape, caller: Caller): Refusal | null | Promise<Refusal | null>
  approach(shape: OperationShape): Approach
  request(shape: OperationShape, subject: unknown): Request<OperationShape, unknown>
}

/** `__Host-` binds it to this host: a page of a neighbouring one cannot put somebody else's in its place. */
const guestCookie = (secure: boolean) => (secure ? '__Host-matinee_guest' : 'matinee_guest')
const guestCookieSeconds = 90 * 24 * 3600

export function contextMaker(parts: ContextParts): (raw: FastifyRequest, reply: FastifyReply) => RequestContext {
  return (raw, reply) => createContext(parts, raw, reply)
}

function createContext(parts: ContextParts, raw: FastifyRequest, reply: FastifyReply): RequestContext {
  const { clock, database, secrets } = parts
  const address = clientAddress(raw.ip)
  const guestId = readGuest(secrets, raw.cookies[guestCookie(parts.secureCookies)])
  const now = clock.now()
  let caller: Caller = guest

  const client = () => {
    if (caller.kind === 'account') return caller.userId
    return guestId === null ? `address:${address}` : `guest:${guestId}`
  }
  const approach = (): Approach => ({
    params: raw.params as Approach['params'],
    caller,
    accessToken: readAccessToken(raw),
    client: client(),
    guest: guestId === null ? null : `guest:${guestId}`,
    address,
    now,
    headers: raw.headers,
    log: raw.log as Approach['log'],
  })

  return {
    async identify() {
      const identified = await parts.identify({
        authorization: raw.headers.authorization,
        cookies: raw.cookies,
        method: raw.method,
        origin: raw.headers.origin,
        host: raw.headers.host,
        fetchSite: readFetchSite(raw.headers),
      })
      if (isRefusal(identified)) return identified
      caller = identified
      return caller
    },
    admit: (shape, identified) => parts.admit(shape, identified, client(), address, reply),
    approach,
    request(shape, subject) {
      const known = approach()
      let key: IdempotencyRequest | null | undefined
      let newGuest: string | undefined
      const readOnce = () => (key ??= idempotencyOf(shape, raw, known, guestId))
      return {
        ...known,
        query: {},
        body: undefined,
        subject,
        idempotency: readOnce,
        commit: (work, finish) => commitUnderKey(database, readOnce(), shape.answer.status, work, finish) as never,
        commitAbout: (about, work, finish) => {
          const company = about === null ? undefined : { kind: shape.id, about }
          return commitUnderKey(database, readOnce(), shape.answer.status, work, finish, company) as never
        },
        rememberGuest() {
          if (caller.kind === 'account' || guestId !== null) return known.client
          return (newGuest ??= setGuestCookie(parts, reply))
        },
      }
    },
  }
}

/** `Database.write`, under the request's key where it has one. */
async function commitUnderKey(
  database: Database,
  key: IdempotencyRequest | null,
  status: number,
  work: (tx: Transaction) => Promise<unknown>,
  finish: (result: never) => unknown = (result) => result,
  company?: Company,
): Promise<unknown> {
  const result = key ? await commitOnce(database, key, status, work, company) : await database.write(work, company)
  if (isRefusal(result)) return result
  if (!(result instanceof Replay)) return finish(result as never)
  return new Answer(finish(result.body as never), { 'idempotency-replayed': 'true' })
}

function setGuestCookie({ secrets, secureCookies }: ContextParts, reply: FastifyReply): string {
  const id = randomText(12)
  void reply.setCookie(guestCookie(secureCookies), `${id}.${secrets.sign('guest', id)}`, {
    path: '/',
    httpOnly: true,
    sameSite: 'lax',
    secure: secureCookies,
    maxAge: guestCookieSeconds,
  })
  return `guest:${id}`
}

/** Browsers send it once; anything else is not from a browser. */
export function readFetchSite({ 'sec-fetch-site': site }: IncomingHttpHeaders): string | undefined {
  return Array.isArray(site) ? site[0] : site
}

function readGuest(secrets: Secrets, cookie: string | undefined): string | null {
  const [id, signature] = cookie?.split('.') ?? []
  if (!id || !signature || !secrets.verify('guest', id, signature)) return null
  return id
}

function readAccessToken(raw: FastifyRequest): string | undefined {
  const header = raw.headers['x-access-token']
  if (typeof header === 'string' && header !== '') return header
  const query = raw.query
  if (raw.method !== 'GET' || typeof query !== 'object' || query === null || !('accessToken' in query)) return undefined
  return typeof query.accessToken === 'string' ? query.accessToken : undefined
}

/** Whose key it is, for what, with which body; the key itself has been judged. */
function idempotencyOf(
  shape: OperationShape,
  raw: FastifyRequest,
  approach: Approach,
  guestId: string | null,
): IdempotencyRequest | null {
  const key = readKey(shape, raw.headers)
  if (key === null || isRefusal(key)) return null
  return {
    caller: keyHolder(approach, guestId),
    route: `${shape.method} ${raw.url.split('?', 1)[0]}`,
    key,
    bodyHash: hashOfBody(raw.body, raw.headers['content-type']),
  }
}

function keyHolder(approach: Approach, guestId: string | null): string {
  if (approach.caller.kind === 'account') return approach.caller.userId
  if (approach.accessToken !== undefined) {
    return `token:${createHash('sha256').update(approach.accessToken).digest('base64url')}`
  }
  return guestId === null ? `address:${approach.address}` : `guest:${guestId}`
}
