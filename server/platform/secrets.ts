import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes, timingSafeEqual } from 'node:crypto'

/** What is derived from `SECRET`: one key per purpose, so that no two uses share one. */
export interface Secrets {
  /** HMAC-SHA-256 of `text` under the key of `purpose`, base64url. */
  sign(purpose: string, text: string): string
  /** Compares in constant time. */
  verify(purpose: string, text: string, signature: string): boolean
  /** AES-256-GCM; base64url of nonce, tag and text. */
  encrypt(purpose: string, plain: string): string
  /** Throws when the text was changed or `SECRET` is another one. */
  decrypt(purpose: string, sealed: string): string
}

const nonceBytes = 12
const tagBytes = 16

export function createSecrets(secret: string): Secrets {
  const keys = new Map<string, Buffer>()
  function keyOf(purpose: string): Buffer {
    const known = keys.get(purpose)
    if (known) return known
    const key = Buffer.from(hkdfSync('sha256', secret, 'matinee', purpose, 32))
    keys.set(purpose, key)
    return key
  }
  const sign = (purpose: string, text: string) => createHmac('sha256', keyOf(purpose)).update(text).digest('base64url')
  return {
    sign,
    verify(purpose, text, signature) {
      const expected = Buffer.from(sign(purpose, text))
      const given = Buffer.from(signature)
      return given.length === expected.length && timingSafeEqual(given, expected)
    },
    encrypt(purpose, plain) {
      const nonce = randomBytes(nonceBytes)
      const cipher = createCipheriv('aes-256-gcm', keyOf(purpose), nonce)
      const sealed = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()])
      return Buffer.concat([nonce, cipher.getAuthTag(), sealed]).toString('base64url')
    },
    decrypt(purpose, sealed) {
      const bytes = Buffer.from(sealed, 'base64url')
      const decipher = createDecipheriv('aes-256-gcm', keyOf(purpose), bytes.subarray(0, nonceBytes))
      decipher.setAuthTag(bytes.subarray(nonceBytes, nonceBytes + tagBytes))
      const plain = decipher.update(bytes.subarray(nonceBytes + tagBytes))
      return Buffer.concat([plain, decipher.final()]).toString('utf8')
    },
  }
}
