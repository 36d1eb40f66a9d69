import { randomBytes } from 'node:crypto'
import { idPrefixes } from '../../contract/common.ts'
import type { IdKind } from '../../contract/common.ts'

// Crockford's base 32 in lower case: sorts like the number it stands for, and no letter is mistaken for another.
const alphabet = '0123456789abcdefghjkmnpqrstvwxyz'
const poolBytes = 4096

let latestMs = 0
let sequence = 0
let pool = randomBytes(poolBytes)
let poolOffset = 0

/** Random bytes from a pool: one call into the system per some hundred ids. */
function takeRandom(count: number): Buffer {
  if (poolOffset + count > poolBytes) {
    pool = randomBytes(poolBytes)
    poolOffset = 0
  }
  poolOffset += count
  return pool.subarray(poolOffset - count, poolOffset)
}

/** So many random bytes as text (base64url), for what nobody may guess. */
export function randomText(bytes: number): string {
  return takeRandom(bytes).toString('base64url')
}

/**
 * A new id such as `bkg_01j…`: 9 characters of time (ms), 3 of sequence within it, 16 of chance (80 bits).
 * Ids of one process sort by the order in which they were made.
 */
export function newId(kind: IdKind, nowMs: number): string {
  if (nowMs > latestMs) {
    latestMs = nowMs
    sequence = 0
  } else {
    sequence += 1
    if (sequence >= 32 ** 3) {
      latestMs += 1
      sequence = 0
    }
  }
  let text = ''
  for (let shift = 40; shift >= 0; shift -= 5) text += alphabet[Math.floor(latestMs / 2 ** shift) % 32]
  for (let shift = 10; shift >= 0; shift -= 5) text += alphabet[(sequence >> shift) & 31]
  for (const byte of takeRandom(16)) text += alphabet[byte & 31]
  return `${idPrefixes[kind]}_${text}`
}

// No vowels (no words), no 0/O, 1/I/L: read aloud at a counter without a mistake.
const referenceAlphabet = '23456789BCDFGHJKMNPQRSTVWXYZ'

/** A booking reference such as `K7QF3M`: 28^6 = 481 million; uniqueness is the database's matter. */
export function newReference(): string {
  let text = ''
  while (text.length < 6) {
    const [byte = 255] = takeRandom(1)
    if (byte < 252) text += referenceAlphabet[byte % 28]
  }
  return text
}
