import { createHash, randomBytes } from 'node:crypto'

/** A new secret of 256 bits, base64url: a refresh token or the value of a session cookie. */
export function newSecretToken(): string {
  return randomBytes(32).toString('base64url')
}

/** How such a secret is stored: it needs no salt and no slow hash, as nobody guesses 256 bits. */
export function hashToken(token: string): string {
  return createHash('sha256').update(token).digest('base64url')
}
