import { sign, verify } from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import { Type } from 'typebox'
import { Value } from 'typebox/value'
import { roles } from '../../contract/operation.ts'
import type { Role } from '../../contract/operation.ts'

/** What an access token says: who, in which session, in which role, and which generation of the account it belongs to. */
export interface AccessClaims {
  readonly userId: string
  readonly sessionId: string
  /** Raised when every token of the account must end (ban, demotion, new password). */
  readonly generation: number
  readonly role: Role
  readonly issuedAtMs: number
  readonly expiresAtMs: number
}

export interface AccessSigner {
  readonly keyId: string
  readonly privateKey: KeyObject
}

const issuer = 'matinee'
const audience = 'matinee'

const Header = Type.Object({
  alg: Type.Literal('EdDSA'),
  typ: Type.Literal('at+jwt'),
  kid: Type.String(),
  crit: Type.Optional(Type.Never()),
})

const Payload = Type.Object({
  iss: Type.Literal(issuer),
  aud: Type.Literal(audience),
  sub: Type.String(),
  sid: Type.String(),
  gen: Type.Integer(),
  role: Type.Enum([...roles]),
  iat: Type.Integer(),
  exp: Type.Integer(),
})

/** A JWT of type `at+jwt` (RFC 9068), signed with Ed25519 (RFC 8037). */
export function signAccessToken(signer: AccessSigner, claims: AccessClaims): string {
  const header = encode({ alg: 'EdDSA', typ: 'at+jwt', kid: signer.keyId })
  const payload = encode({
    iss: issuer,
    aud: audience,
    sub: claims.userId,
    sid: claims.sessionId,
    gen: claims.generation,
    role: claims.role,
    iat: Math.floor(claims.issuedAtMs / 1000),
    exp: Math.floor(claims.expiresAtMs / 1000),
  })
  const signed = `${header}.${payload}`
  return `${signed}.${sign(null, Buffer.from(signed), signer.privateKey).toString('base64url')}`
}

/** The id of the key that a token names, or null when its head is not one of ours. It proves nothing yet. */
export function keyIdOf(token: string): string | null {
  const header = decode(token.slice(0, token.indexOf('.')))
  return Value.Check(Header, header) ? header.kid : null
}

/**
 * The claims of a token that this key signed and that has not expired; null for everything else.
 * Only our one algorithm and type are known (RFC 8725), and only the canonical spelling of a signature, so that no
 * changed token is ever taken. It asks no library: the usual one verifies on the thread pool, behind every password hash.
 */
export function readAccessToken(token: string, publicKey: KeyObject, nowMs: number): AccessClaims | null {
  const parts = token.split('.')
  const [header = '', payload = '', signature = ''] = parts
  if (parts.length !== 3) return null
  const bytes = Buffer.from(signature, 'base64url')
  if (bytes.toString('base64url') !== signature) return null
  if (!verify(null, Buffer.from(`${header}.${payload}`), publicKey, bytes)) return null
  const claims = decode(payload)
  if (!Value.Check(Header, decode(header)) || !Value.Check(Payload, claims)) return null
  if (claims.exp * 1000 <= nowMs) return null
  return {
    userId: claims.sub,
    sessionId: claims.sid,
    generation: claims.gen,
    role: claims.role,
    issuedAtMs: claims.iat * 1000,
    expiresAtMs: claims.exp * 1000,
  }
}

/** Remembers tokens that were verified, so that the next request with one costs a look-up. Bounded; the oldest goes first. */
export interface TokenMemory {
  get(token: string, nowMs: number): AccessClaims | null
  keep(token: string, claims: AccessClaims): void
}

export function createTokenMemory(limit = 10_000): TokenMemory {
  const known = new Map<string, AccessClaims>()
  return {
    get(token, nowMs) {
      const claims = known.get(token)
      if (claims === undefined) return null
      if (claims.expiresAtMs > nowMs) return claims
      known.delete(token)
      return null
    },
    keep(token, claims) {
      known.set(token, claims)
      const [oldest] = known.keys()
      if (known.size > limit && oldest !== undefined) known.delete(oldest)
    },
  }
}

function encode(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url')
}

function decode(part: string): unknown {
  try {
    return JSON.parse(Buffer.from(part, 'base64url').toString('utf8'))
  } catch {
    return null
  }
}
