/**
 * The shape of a ticket's code, for everybody who reads one: the server, the door's phone without network, other people's scanners.
 * Upper-case base32 (RFC 4648, no padding), so that a QR code needs only its alphanumeric mode. The bytes, version 1:
 *
 *     1  version (1)
 *     2  key tag: the first bytes of SHA-256 of the raw Ed25519 public key
 *     8  showtime tag: the first bytes of SHA-256 of the showtime's id
 *     2  code revision, big endian: raised when a ticket's older codes must no longer open the door
 *     n  the ticket's id without its prefix, as a base-36 number behind a leading 1 (so that zeros stay)
 *    64  Ed25519 signature over `ticketCodeDomain` and all bytes before it
 */
export interface TicketCodeParts {
  /** Four hex digits. */
  readonly keyTag: string
  /** Sixteen hex digits. */
  readonly showtimeTag: string
  /** 1..65535 */
  readonly codeRevision: number
  readonly ticketId: string
}

export interface ParsedTicketCode extends TicketCodeParts {
  /** What the signature was made over. */
  readonly signed: Uint8Array<ArrayBuffer>
  readonly signature: Uint8Array<ArrayBuffer>
}

export const ticketCodeVersion = 1
/** Put before the signed bytes, so that a signature made for anything else is never a ticket. */
export const ticketCodeDomain = 'matinee ticket code\n'
export const keyTagBytes = 2
export const showtimeTagBytes = 8
export const maximumCodeRevision = 0xffff

const signatureBytes = 64
const headBytes = 1 + keyTagBytes + showtimeTagBytes + 2
const maximumIdBytes = 24
const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'
const ticketIdPattern = /^tkt_([0-9a-z]{1,36})$/

/** The bytes of a code up to its signature. Throws on a ticket id that this version cannot carry: a bug, not a user's mistake. */
export function ticketCodePayload(parts: TicketCodeParts): Uint8Array<ArrayBuffer> {
  const id = packId(parts.ticketId)
  if (!Number.isInteger(parts.codeRevision) || parts.codeRevision < 1 || parts.codeRevision > maximumCodeRevision) {
    throw new RangeError(`a ticket's code revision is 1..${maximumCodeRevision}, not ${parts.codeRevision}`)
  }
  return Uint8Array.from([
    ticketCodeVersion,
    ...bytesOfHex(parts.keyTag, keyTagBytes),
    ...bytesOfHex(parts.showtimeTag, showtimeTagBytes),
    parts.codeRevision >> 8,
    parts.codeRevision & 0xff,
    ...id,
  ])
}

/** What Ed25519 signs for a payload. */
export function ticketCodeMessage(payload: Uint8Array): Uint8Array<ArrayBuffer> {
  return Uint8Array.from([...new TextEncoder().encode(ticketCodeDomain), ...payload])
}

/** The text of a code from its payload and signature. */
export function writeTicketCode(payload: Uint8Array, signature: Uint8Array): string {
  return base32Of(Uint8Array.from([...payload, ...signature]))
}

/**
 * Takes a code apart; `undefined` for anything that is not exactly one. One ticket has one text: lower case, spaces and stray bits
 * are refused. Nothing in the answer is to be trusted before the signature was checked over `signed`.
 */
export function parseTicketCode(code: string): ParsedTicketCode | undefined {
  const bytes = bytesOfBase32(code)
  if (bytes === undefined || bytes[0] !== ticketCodeVersion) return undefined
  const idBytes = bytes.length - headBytes - signatureBytes
  if (idBytes < 1 || idBytes > maximumIdBytes) return undefined
  const payload = bytes.slice(0, headBytes + idBytes)
  const ticketId = unpackId(payload.subarray(headBytes))
  const showtimeAt = 1 + keyTagBytes
  const revisionAt = showtimeAt + showtimeTagBytes
  const codeRevision = (payload[revisionAt] ?? 0) * 256 + (payload[revisionAt + 1] ?? 0)
  if (ticketId === undefined || codeRevision === 0) return undefined
  return {
    keyTag: hexOf(payload.subarray(1, showtimeAt)),
    showtimeTag: hexOf(payload.subarray(showtimeAt, revisionAt)),
    codeRevision,
    ticketId,
    signed: ticketCodeMessage(payload),
    signature: bytes.slice(payload.length),
  }
}

/** Lower-case hex digits. */
export function hexOf(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}

function bytesOfHex(hex: string, length: number): number[] {
  if (hex.length !== length * 2 || !/^[0-9a-f]*$/.test(hex)) {
    throw new RangeError(`not ${length} bytes in hex: ${hex}`)
  }
  return Array.from({ length }, (_, at) => Number.parseInt(hex.slice(at * 2, at * 2 + 2), 16))
}

function packId(ticketId: string): number[] {
  const digits = ticketIdPattern.exec(ticketId)?.[1]
  if (digits === undefined) throw new RangeError(`not a ticket id that a code can carry: ${ticketId}`)
  let number = 1n
  for (const digit of digits) number = number * 36n + BigInt(Number.parseInt(digit, 36))
  const bytes: number[] = []
  for (; number > 0n; number >>= 8n) bytes.unshift(Number(number & 0xffn))
  return bytes
}

function unpackId(bytes: Uint8Array): string | undefined {
  if (bytes[0] === 0) return undefined
  let number = 0n
  for (const byte of bytes) number = number * 256n + BigInt(byte)
  const digits = number.toString(36)
  return digits.length > 1 && digits.startsWith('1') ? `tkt_${digits.slice(1)}` : undefined
}

function base32Of(bytes: Uint8Array): string {
  let text = ''
  let bits = 0
  let waiting = 0
  for (const byte of bytes) {
    waiting = ((waiting << 8) | byte) & 0xfff
    bits += 8
    for (; bits >= 5; bits -= 5) text += alphabet.charAt((waiting >> (bits - 5)) & 31)
  }
  return bits === 0 ? text : text + alphabet.charAt((waiting << (5 - bits)) & 31)
}

function bytesOfBase32(text: string): Uint8Array<ArrayBuffer> | undefined {
  const longest = Math.ceil(((headBytes + maximumIdBytes + signatureBytes) * 8) / 5)
  if (text.length > longest) return undefined
  const bytes: number[] = []
  let bits = 0
  let waiting = 0
  for (const letter of text) {
    const value = alphabet.indexOf(letter)
    if (value < 0) return undefined
    waiting = ((waiting << 5) | value) & 0xfff
    bits += 5
    if (bits >= 8) {
      bits -= 8
      bytes.push((waiting >> bits) & 0xff)
    }
  }
  // Left-over bits must be fewer than a letter's and all zero: else two texts would be one code.
  return bits >= 5 || (waiting & ((1 << bits) - 1)) !== 0 ? undefined : Uint8Array.from(bytes)
}
