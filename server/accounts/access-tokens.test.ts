import { createHmac, generateKeyPairSync, sign } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { createTokenMemory, keyIdOf, readAccessToken, signAccessToken } from './access-tokens.ts'
import type { AccessClaims } from './access-tokens.ts'

const { privateKey, publicKey } = generateKeyPairSync('ed25519')
const nowMs = Date.UTC(2026, 11, 24, 19, 30)
const claims: AccessClaims = {
  userId: 'usr_1',
  sessionId: 'ses_1',
  generation: 3,
  role: 'owner',
  issuedAtMs: nowMs,
  expiresAtMs: nowMs + 900_000,
}
const token = signAccessToken({ keyId: 'k1', privateKey }, claims)
const base64url = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')

function forge(header: object, payload: object): string {
  const signed = `${base64url(header)}.${base64url(payload)}`
  return `${signed}.${sign(null, Buffer.from(signed), privateKey).toString('base64url')}`
}

const goodHeader = { alg: 'EdDSA', typ: 'at+jwt', kid: 'k1' }
const goodPayload = {
  iss: 'matinee',
  aud: 'matinee',
  sub: 'usr_1',
  sid: 'ses_1',
  gen: 3,
  role: 'owner',
  iat: nowMs / 1000,
  exp: nowMs / 1000 + 900,
}

describe('an access token', () => {
  it('says who it was given to until the second it expires', () => {
    expect(keyIdOf(token)).toBe('k1')
    expect(readAccessToken(token, publicKey, nowMs)).toEqual(claims)
    expect(readAccessToken(token, publicKey, nowMs + 899_999)).toEqual(claims)
    expect(readAccessToken(token, publicKey, nowMs + 900_000)).toBeNull()
    expect(readAccessToken(forge(goodHeader, goodPayload), publicKey, nowMs)).toEqual(claims)
  })

  it('is nothing once any character of it is changed, dropped or doubled', () => {
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.'
    let tried = 0
    for (let at = 0; at < token.length; at += 1) {
      const others = [...alphabet].filter((letter) => letter !== token[at])
      const picked = [0, 7, 21, 33, 40].map((offset) => others[(at + offset) % others.length])
      const changed = picked.map((letter) => token.slice(0, at) + letter + token.slice(at + 1))
      changed.push(
        token.slice(0, at) + token.slice(at + 1),
        token.slice(0, at) + token.slice(at, at + 1) + token.slice(at),
      )
      for (const mutant of changed) {
        tried += 1
        if (mutant === token) continue
        expect(readAccessToken(mutant, publicKey, nowMs), mutant).toBeNull()
      }
    }
    expect(tried).toBeGreaterThan(2000)
  })

  it('is not taken with another algorithm, type, issuer, audience or missing claim, however well signed', () => {
    for (const header of [
      { ...goodHeader, alg: 'none' },
      { ...goodHeader, alg: 'HS256' },
      { ...goodHeader, typ: 'JWT' },
      { alg: 'EdDSA', typ: 'at+jwt' },
      { ...goodHeader, crit: ['exp'] },
    ]) {
      expect(readAccessToken(forge(header, goodPayload), publicKey, nowMs), JSON.stringify(header)).toBeNull()
    }
    for (const name of Object.keys(goodPayload)) {
      const payload: Record<string, unknown> = { ...goodPayload }
      delete payload[name]
      expect(readAccessToken(forge(goodHeader, payload), publicKey, nowMs), name).toBeNull()
    }
    for (const change of [{ aud: 'other' }, { iss: 'other' }, { role: 'god' }, { exp: '9999999999' }, { gen: 1.5 }]) {
      expect(readAccessToken(forge(goodHeader, { ...goodPayload, ...change }), publicKey, nowMs)).toBeNull()
    }
  })

  it('is not taken without a signature, with that of another key, or with one made from the public key', () => {
    const [header = '', payload = ''] = token.split('.')
    const stranger = generateKeyPairSync('ed25519').privateKey
    const secret = publicKey.export({ format: 'pem', type: 'spki' })
    const forgeries = [
      '',
      '.',
      '..',
      `${header}.${payload}`,
      `${header}.${payload}.`,
      `${token}.`,
      ` ${token}`,
      `${token}=`,
      signAccessToken({ keyId: 'k1', privateKey: stranger }, claims),
      `${header}.${payload}.${createHmac('sha256', secret).update(`${header}.${payload}`).digest('base64url')}`,
    ]
    for (const forgery of forgeries) expect(readAccessToken(forgery, publicKey, nowMs), forgery).toBeNull()
    for (const text of ['', 'x', 'x.y.z', `${base64url([])}.x.y`, `${base64url(null)}.x.y`])
      expect(keyIdOf(text)).toBeNull()
  })

  it('is remembered until it expires, the newest few at most', () => {
    const memory = createTokenMemory(2)
    memory.keep('a', claims)
    memory.keep('b', claims)
    memory.keep('c', claims)
    expect(memory.get('a', nowMs)).toBeNull()
    expect(memory.get('c', nowMs)).toEqual(claims)
    expect(memory.get('c', nowMs + 900_000)).toBeNull()
  })
})
