import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'

// RFC 6238 with what every authenticator app takes: SHA-1, six digits, thirty seconds.
const stepMs = 30_000
const digits = 6
const secretBytes = 20

const base32Alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'

/** RFC 4648 base32 without padding. */
export function toBase32(bytes: Uint8Array): string {
  let text = ''
  let bits = 0
  let value = 0
  for (const byte of bytes) {
    value = (value << 8) | byte
    for (bits += 8; bits >= 5; bits -= 5) text += base32Alphabet[(value >>> (bits - 5)) & 31]
    value &= 255
  }
  return bits > 0 ? text + base32Alphabet[(value << (5 - bits)) & 31] : text
}

export function fromBase32(text: string): Buffer {
  const bytes: number[] = []
  let bits = 0
  let value = 0
  for (const letter of text) {
    value = ((value << 5) | base32Alphabet.indexOf(letter)) & 0xfff
    bits += 5
    if (bits < 8) continue
    bits -= 8
    bytes.push((value >>> bits) & 255)
  }
  return Buffer.from(bytes)
}

/** A new shared secret, base32. */
export function newTotpSecret(): string {
  return toBase32(randomBytes(secretBytes))
}

/** What an authenticator app scans. Source: the key URI format of Google Authenticator. */
export function otpauthUrl(secret: string, email: string): string {
  const query = new URLSearchParams({ secret, issuer: 'Matinee', algorithm: 'SHA1', digits: '6', period: '30' })
  return `otpauth://totp/${encodeURIComponent(`Matinee:${email}`)}?${query}`
}

/** The code of one step (RFC 4226, section 5.3). */
export function totpAt(secret: string, step: number): string {
  const counter = Buffer.alloc(8)
  counter.writeBigUInt64BE(BigInt(step))
  const digest = createHmac('sha1', fromBase32(secret)).update(counter).digest()
  const offset = (digest.at(-1) ?? 0) & 15
  const number = (digest.readUInt32BE(offset) & 0x7fffffff) % 10 ** digits
  return String(number).padStart(digits, '0')
}

/**
 * The step that a code belongs to, one step early or late allowed (RFC 6238, section 5.2), or null.
 * A step that was used, or one before it, is used up: a code that was looked over a shoulder is worth nothing.
 */
export function matchTotp(secret: string, code: string, nowMs: number, usedStep: number | null): number | null {
  const given = code.replaceAll(/\s/g, '')
  if (!/^\d{6}$/.test(given)) return null
  const current = Math.floor(nowMs / stepMs)
  for (const step of [current, current - 1, current + 1]) {
    if (usedStep !== null && step <= usedStep) continue
    if (timingSafeEqual(Buffer.from(totpAt(secret, step)), Buffer.from(given))) return step
  }
  return null
}

const recoveryCodeCount = 10

/** Codes for the day the telephone is lost: 80 bits each, shown once, e.g. `K3QF-6ZTA-PM2X-LD7R`. */
export function newRecoveryCodes(): string[] {
  return Array.from({ length: recoveryCodeCount }, () => (toBase32(randomBytes(10)).match(/.{4}/g) ?? []).join('-'))
}

/** A recovery code as it is compared: without hyphens and spaces, in capitals; null when it cannot be one. */
export function foldRecoveryCode(code: string): string | null {
  const folded = code.replaceAll(/[\s-]/g, '').toUpperCase()
  return /^[A-Z2-7]{16}$/.test(folded) ? folded : null
}
