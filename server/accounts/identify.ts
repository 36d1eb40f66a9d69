import { guest } from '../http/caller.ts'
import type { AccountCaller, Caller, Credentials, Identify } from '../http/caller.ts'
import { refuse } from '../platform/refusal.ts'
import type { Refusal } from '../platform/refusal.ts'
import { createTokenMemory, keyIdOf, readAccessToken } from './access-tokens.ts'
import type { AccessClaims, TokenMemory } from './access-tokens.ts'
import { actingRole, isLive, isUsable } from './model.ts'
import type { AccountParts } from './parts.ts'
import { changesSomething, isSameOrigin, sessionCookieName } from './session-cookie.ts'
import { findCookieSession, touchSession } from './sessions.ts'
import { findAccount } from './store.ts'

/** How often it is noted that a session by cookie is in use, milliseconds. */
const touchAfterMs = 2 * 60_000

/**
 * Tells who is calling. A bearer token that was seen before costs two look-ups in memory and no query; one that is there
 * but not good is refused, also where anybody may call. A cookie that no longer opens anything makes a guest.
 */
export function createIdentify(parts: AccountParts, publicUrl: string | null): Identify {
  const memory = createTokenMemory()
  const cookieName = sessionCookieName(parts.rules.secureCookies)
  return (credentials) => {
    if (credentials.authorization !== undefined) return identifyBearer(parts, memory, credentials.authorization)
    const cookie = credentials.cookies[cookieName]
    return cookie === undefined ? guest : identifyCookie(parts, cookie, credentials, publicUrl)
  }
}

type Identified = Caller | Refusal<'unauthenticated' | 'forbidden'>

function identifyBearer(
  parts: AccountParts,
  memory: TokenMemory,
  authorization: string,
): Identified | Promise<Identified> {
  const token = /^bearer +(\S+)$/i.exec(authorization)?.[1]
  if (token === undefined) return refuse('unauthenticated')
  const nowMs = parts.clock.now()
  const claims = memory.get(token, nowMs) ?? verifyKnown(parts, memory, token, nowMs)
  if (claims === null) return identifyByNewKey(parts, memory, token, nowMs)
  const judged = parts.feed.judge(claims, nowMs)
  return judged instanceof Promise ? judged.then(callerOf) : callerOf(judged)
}

function verifyKnown(parts: AccountParts, memory: TokenMemory, token: string, nowMs: number): AccessClaims | null {
  const keyId = keyIdOf(token)
  const key = keyId === null ? undefined : parts.keys.known(keyId)
  const claims = key ? readAccessToken(token, key, nowMs) : null
  if (claims) memory.keep(token, claims)
  return claims
}

/** Another server may have made a key since this one looked. */
async function identifyByNewKey(
  parts: AccountParts,
  memory: TokenMemory,
  token: string,
  nowMs: number,
): Promise<Identified> {
  const keyId = keyIdOf(token)
  if (keyId === null || parts.keys.known(keyId)) return refuse('unauthenticated')
  await parts.keys.find(keyId, nowMs)
  const claims = verifyKnown(parts, memory, token, nowMs)
  return callerOf(claims && (await parts.feed.judge(claims, nowMs)))
}

function callerOf(claims: AccessClaims | null): AccountCaller | Refusal<'unauthenticated'> {
  if (!claims) return refuse('unauthenticated')
  return { kind: 'account', userId: claims.userId, role: claims.role, sessionId: claims.sessionId }
}

async function identifyCookie(
  parts: AccountParts,
  cookie: string,
  credentials: Credentials,
  publicUrl: string | null,
): Promise<Identified> {
  const { read } = parts.database
  const nowMs = parts.clock.now()
  const session = await findCookieSession(read, cookie)
  const account = session && (await findAccount(read, session.userId))
  if (!account || !isUsable(account) || !isLive(session, account.role, nowMs)) return guest
  if (changesSomething(credentials.method) && !isSameOrigin(credentials, publicUrl)) {
    return refuse('forbidden', 'A request by cookie must come from this site.')
  }
  if (nowMs - session.lastUsedAt >= touchAfterMs) {
    // In passing: who is calling does not depend on it, nor on whether anything can be written now.
    parts.database.write((tx) => touchSession(tx, session.id)).catch(() => undefined)
  }
  const role = actingRole(account, parts.rules.factorRequired)
  return { kind: 'account', userId: account.id, role, sessionId: session.id }
}
