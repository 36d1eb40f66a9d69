import { createHash, createPublicKey, sign, verify } from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import {
  hexOf,
  keyTagBytes,
  parseTicketCode,
  showtimeTagBytes,
  ticketCodeMessage,
  ticketCodePayload,
  writeTicketCode,
} from '../../contract/ticket-code.ts'
import type { ParsedTicketCode } from '../../contract/ticket-code.ts'

/** One key of the house for tickets: the public half opens doors, the private half (of the newest) makes codes. */
export interface TicketKey {
  /** First bytes of SHA-256 of the raw public key, in hex: how a code names its key. */
  readonly keyTag: string
  readonly publicKey: KeyObject
}
export interface TicketSigningKey extends TicketKey {
  readonly privateKey: KeyObject
}

export interface TicketToSign {
  readonly id: string
  readonly showtimeId: string
  /** 1 when the ticket is made; raised when its seat changes, which revokes the codes before. */
  readonly codeRevision: number
}

/** What a code with a good signature says. Whether that ticket still is valid, only the database knows. */
export type ReadTicketCode = Pick<ParsedTicketCode, 'ticketId' | 'showtimeTag' | 'codeRevision' | 'keyTag'>

/** The signed code of a ticket: upper-case base32, the same for the same key and ticket (Ed25519 draws no random numbers). */
export function makeTicketCode(key: TicketSigningKey, ticket: TicketToSign): string {
  const payload = ticketCodePayload({
    keyTag: key.keyTag,
    showtimeTag: showtimeTagOf(ticket.showtimeId),
    codeRevision: ticket.codeRevision,
    ticketId: ticket.id,
  })
  return writeTicketCode(payload, sign(null, ticketCodeMessage(payload), key.privateKey))
}

/** Reads a code and checks its signature under the keys of the house; `undefined` unless one of them made exactly this text. */
export function readTicketCode(keys: readonly TicketKey[], code: string): ReadTicketCode | undefined {
  const parsed = parseTicketCode(code)
  if (parsed === undefined) return undefined
  // Tags are short, so two keys may share one: every key with the tag may have made the code.
  const signed = keys.some(
    (key) => key.keyTag === parsed.keyTag && verify(null, parsed.signed, key.publicKey, parsed.signature),
  )
  if (!signed) return undefined
  const { ticketId, showtimeTag, codeRevision, keyTag } = parsed
  return { ticketId, showtimeTag, codeRevision, keyTag }
}

/** How a code names its showtime: enough to tell at the door, without network, that it is for another one. */
export function showtimeTagOf(showtimeId: string): string {
  return hexOf(createHash('sha256').update(showtimeId, 'utf8').digest().subarray(0, showtimeTagBytes))
}

/** The tag and both halves of an Ed25519 private key. Throws when the key is of another kind. */
export function ticketSigningKeyOf(privateKey: KeyObject): TicketSigningKey {
  return { ...ticketKeyOf(createPublicKey(privateKey)), privateKey }
}

/** The tag of an Ed25519 public key. Throws when the key is of another kind. */
export function ticketKeyOf(publicKey: KeyObject): TicketKey {
  const raw = rawPublicKeyOf(publicKey)
  return {
    keyTag: hexOf(createHash('sha256').update(raw).digest().subarray(0, keyTagBytes)),
    publicKey,
  }
}

/** The 32 bytes of an Ed25519 public key. */
export function rawPublicKeyOf(publicKey: KeyObject): Buffer {
  const { crv, x } = publicKey.export({ format: 'jwk' })
  if (crv !== 'Ed25519' || x === undefined) throw new TypeError('ticket keys are Ed25519')
  return Buffer.from(x, 'base64url')
}
