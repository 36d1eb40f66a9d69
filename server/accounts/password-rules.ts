import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { maximumPasswordBytes } from '../../contract/accounts.ts'
import { refuse, refuseField } from '../platform/refusal.ts'
import type { Refusal } from '../platform/refusal.ts'

/** Fewest characters (code points) a password has. Source: the wire contract; NIST 800-63B-4 asks 15 without a second factor. */
export const shortestPassword = 8

/** What a guesser tries first of a cinema: ours and the trade's words, in the languages that we speak (ASVS 6.1.2). */
const houseWords =
  'matinee matinée cinema kino cine cinéma theatre theater théâtre teatro film films movie movies película ticket tickets karte billet entrada popcorn screen leinwand boxoffice admin password welcome'
    .split(' ')
    .map((word) => word.normalize('NFKC'))
const ofHouseWords = new RegExp(`^(?:${houseWords.join('|')}){1,2}$`, 'u')

/** Whose password it is: it may not be what everybody knows of them. */
export interface PasswordOwner {
  readonly email: string
  readonly name: string
}

/** Reads the list beside this file (10,000 passwords, 30 KB): nothing about a password leaves the house. */
export function readCommonPasswords(): ReadonlySet<string> {
  const packed = readFileSync(new URL('./common-passwords.txt.gz', import.meta.url))
  return new Set(gunzipSync(packed).toString('utf8').trimEnd().split('\n'))
}

/** `validation_failed` when it is longer than any password is hashed, `weak_password` when it is easy to guess; null when it will do. */
export function judgePassword(
  password: string,
  owner: PasswordOwner,
  common: ReadonlySet<string>,
  path: string,
): Refusal<'validation_failed' | 'weak_password'> | null {
  const tooLong = judgeLength(password, path)
  if (tooLong) return tooLong
  if ([...password].length < shortestPassword) return weak(path, `needs at least ${shortestPassword} characters`)
  const folded = fold(password)
  if (common.has(folded)) return weak(path, 'is one of the most used passwords')
  if (new Set(folded).size === 1) return weak(path, 'repeats one character')
  const known = [owner.email, owner.email.split('@')[0] ?? '', owner.name].map(fold)
  if (known.includes(folded)) return weak(path, 'is your email or name')
  if (ofHouseWords.test(folded.replaceAll(/[^\p{L}]/gu, ''))) return weak(path, 'is a word of every cinema')
  return null
}

/** A password is at most 256 bytes, so that hashing one costs the same as any other. */
export function judgeLength(password: string, path: string): Refusal<'validation_failed'> | null {
  if (Buffer.byteLength(password) <= maximumPasswordBytes) return null
  return refuseField(path, `must not have more than ${maximumPasswordBytes} bytes`)
}

function fold(text: string): string {
  return text.normalize('NFKC').toLowerCase().trim()
}

function weak(path: string, message: string): Refusal<'weak_password'> {
  return refuse('weak_password', `The password ${message}.`, { extra: { errors: [{ path, message }] } })
}
