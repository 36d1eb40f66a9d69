/*
 * SHA-256 (FIPS 180-4) by hand: what a browser brings hands every hash over to another thread and back, which takes far
 * longer than the hash.
 */
const primes: number[] = []
for (let number = 2; primes.length < 64; number += 1)
  if (primes.every((prime) => number % prime !== 0)) primes.push(number)
const fraction = (value: number) => ((value - Math.floor(value)) * 2 ** 32) | 0
const roundConstants = Int32Array.from(primes, (prime) => fraction(Math.cbrt(prime)))
const firstState = Int32Array.from(primes.slice(0, 8), (prime) => fraction(Math.sqrt(prime)))
const words = new Int32Array(64)

/** Takes 64 bytes from `offset` on into the state. */
function compress(state: Int32Array, bytes: DataView, offset: number): void {
  for (let index = 0; index < 16; index += 1) words[index] = bytes.getInt32(offset + index * 4)
  for (let index = 16; index < 64; index += 1) {
    const early = words[index - 15] ?? 0
    const late = words[index - 2] ?? 0
    const fromEarly = rotate(early, 7) ^ rotate(early, 18) ^ (early >>> 3)
    const fromLate = rotate(late, 17) ^ rotate(late, 19) ^ (late >>> 10)
    words[index] = ((words[index - 16] ?? 0) + fromEarly + (words[index - 7] ?? 0) + fromLate) | 0
  }
  let [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0] = state
  for (let index = 0; index < 64; index += 1) {
    const choice = (e & f) ^ (~e & g)
    const ofE = rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25)
    const first = (h + ofE + choice + (roundConstants[index] ?? 0) + (words[index] ?? 0)) | 0
    const majority = (a & b) ^ (a & c) ^ (b & c)
    const second = ((rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22)) + majority) | 0
    h = g
    g = f
    f = e
    e = (d + first) | 0
    d = c
    c = b
    b = a
    a = (first + second) | 0
  }
  const sums = [a, b, c, d, e, f, g, h]
  for (let index = 0; index < 8; index += 1) state[index] = ((state[index] ?? 0) + (sums[index] ?? 0)) | 0
}

function rotate(word: number, bits: number): number {
  return (word >>> bits) | (word << (32 - bits))
}

const state = new Int32Array(8)

/** The hash of a text, as eight words of 32 bits, which the next call writes over. */
export function sha256(text: string): Int32Array {
  const bytes = new TextEncoder().encode(text)
  const padded = new DataView(new ArrayBuffer(Math.ceil((bytes.length + 9) / 64) * 64))
  new Uint8Array(padded.buffer).set(bytes)
  padded.setUint8(bytes.length, 0x80)
  padded.setUint32(padded.byteLength - 4, bytes.length * 8)
  state.set(firstState)
  for (let offset = 0; offset < padded.byteLength; offset += 64) compress(state, padded, offset)
  return state
}

/** The first `text.n` whose hash begins with `bits` zero bits (32 at most). */
export function solve(text: string, bits: number): string {
  for (let number = 0; ; number += 1) {
    const proof = `${text}.${number}`
    if (Math.clz32(sha256(proof)[0] ?? 0) >= bits) return proof
  }
}
