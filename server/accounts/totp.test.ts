import { describe, expect, it } from 'vitest'
import {
  foldRecoveryCode,
  fromBase32,
  matchTotp,
  newRecoveryCodes,
  newTotpSecret,
  otpauthUrl,
  toBase32,
  totpAt,
} from './totp.ts'

const rfcSecret = toBase32(Buffer.from('12345678901234567890'))

describe('one-time codes', () => {
  it('are those of RFC 6238, appendix B', () => {
    const vectors: [seconds: number, code: string][] = [
      [59, '287082'],
      [1111111109, '081804'],
      [1111111111, '050471'],
      [1234567890, '005924'],
      [2000000000, '279037'],
      [20000000000, '353130'],
    ]
    for (const [seconds, code] of vectors) expect(totpAt(rfcSecret, Math.floor(seconds / 30))).toBe(code)
  })

  it('keep a secret whole through base32', () => {
    expect(rfcSecret).toBe('GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ')
    expect(fromBase32(rfcSecret).toString()).toBe('12345678901234567890')
    const secret = newTotpSecret()
    expect(secret).toMatch(/^[A-Z2-7]{32}$/)
    expect(toBase32(fromBase32(secret))).toBe(secret)
    for (let length = 0; length < 12; length += 1) {
      const bytes = Buffer.alloc(length, 0xa7)
      expect(fromBase32(toBase32(bytes))).toEqual(bytes)
    }
  })

  it('are taken one step early or late, and no further', () => {
    const step = 1000
    const code = totpAt(rfcSecret, step)
    const at = (offset: number) => matchTotp(rfcSecret, code, (step + offset) * 30_000 + 15_000, null)
    expect([-2, -1, 0, 1, 2].map(at)).toEqual([null, step, step, step, null])
  })

  it('count once: the same code again, or an older one, is nothing', () => {
    const nowMs = 1000 * 30_000
    expect(matchTotp(rfcSecret, totpAt(rfcSecret, 1000), nowMs, 1000)).toBeNull()
    expect(matchTotp(rfcSecret, totpAt(rfcSecret, 999), nowMs, 1000)).toBeNull()
    expect(matchTotp(rfcSecret, totpAt(rfcSecret, 1001), nowMs, 1000)).toBe(1001)
  })

  it('may be typed with a space, and are six digits otherwise', () => {
    const code = totpAt(rfcSecret, 1000)
    expect(matchTotp(rfcSecret, `${code.slice(0, 3)} ${code.slice(3)}`, 1000 * 30_000, null)).toBe(1000)
    for (const bad of ['', '12345', '1234567', 'abcdef', '١٢٣٤٥٦'])
      expect(matchTotp(rfcSecret, bad, 0, null)).toBeNull()
  })

  it('have a URL that an app can scan', () => {
    expect(otpauthUrl('ABC', 'ada@example.com')).toBe(
      'otpauth://totp/Matinee%3Aada%40example.com?secret=ABC&issuer=Matinee&algorithm=SHA1&digits=6&period=30',
    )
  })

  it('are backed by ten recovery codes that can be typed carelessly', () => {
    const codes = newRecoveryCodes()
    expect(new Set(codes).size).toBe(10)
    for (const code of codes) {
      expect(code).toMatch(/^([A-Z2-7]{4}-){3}[A-Z2-7]{4}$/)
      expect(foldRecoveryCode(` ${code.toLowerCase().replaceAll('-', ' ')} `)).toBe(code.replaceAll('-', ''))
    }
    expect(foldRecoveryCode('123456')).toBeNull()
  })
})
