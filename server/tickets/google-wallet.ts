import { createHash, createPrivateKey, sign } from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import type { PrintedTicket, TicketsDocument } from './model.ts'

/** The house at Google: its issuer account, and the service account that signs for it. */
export interface GoogleIdentity {
  readonly issuerId: string
  readonly clientEmail: string
  readonly key: KeyObject
}

/** Reads the key file of a service account, as Google's console gives it out. Throws with what is wrong. */
export function readGoogleIdentity(json: string, issuerId: string): GoogleIdentity {
  if (!/^\d{6,30}$/.test(issuerId)) throw new Error('the issuer’s id is a number')
  const file = parseObject(json)
  const { client_email: clientEmail, private_key: pem } = file
  if (typeof clientEmail !== 'string' || typeof pem !== 'string') {
    throw new Error('it is no key of a service account: client_email or private_key is missing')
  }
  const key = createPrivateKey(pem)
  if (key.asymmetricKeyType !== 'rsa') throw new Error('the private key is not an RSA key')
  return { issuerId, clientEmail, key }
}

function parseObject(json: string): Record<string, unknown> {
  const file: unknown = JSON.parse(json)
  if (typeof file !== 'object' || file === null) throw new Error('it is no key of a service account')
  return { ...file }
}

/**
 * The address at which one ticket is saved to Google Wallet: everything stands in it, signed; the house calls nobody. It is
 * short, as Google calls no more than 1,800 characters safe: one ticket, and no ornaments.
 * `origin`: the house's own address. Source: Google Wallet, "Issue passes with JWTs", and its REST types.
 */
export function googleWalletUrl(
  identity: GoogleIdentity,
  document: TicketsDocument,
  ticket: PrintedTicket,
  origin: string | null,
): string {
  const eventClass = describeClass(identity, document)
  const claims = {
    iss: identity.clientEmail,
    aud: 'google',
    typ: 'savetowallet',
    iat: Math.floor(document.madeAtMs / 1000),
    origins: origin === null ? [] : [origin],
    payload: {
      eventTicketClasses: [eventClass],
      eventTicketObjects: [describeObject(identity, document, ticket, eventClass.id)],
    },
  }
  return `https://pay.google.com/gp/v/save/${signJwt(identity.key, claims)}`
}

/** A class with the same id is never read twice: another start, hall or language is another one. */
function describeClass({ issuerId }: GoogleIdentity, document: TicketsDocument) {
  const { theatre, movieTitle, auditoriumName, startsAtMs, endsAtMs, locale } = document
  const text = (value: string) => ({ defaultValue: { language: locale, value } })
  const screening = {
    issuerName: theatre.name,
    reviewStatus: 'UNDER_REVIEW',
    eventName: text(movieTitle),
    venue: {
      name: text(`${theatre.name}, ${auditoriumName}`),
      address: text(theatre.address.join('\n') || theatre.name),
    },
    dateTime: { start: isoOf(startsAtMs), end: isoOf(endsAtMs) },
  }
  return { id: `${issuerId}.show-${shortHash(JSON.stringify(screening))}`, ...screening }
}

/** A ticket whose code changed (another seat) is another object, as one that is in a wallet already is not read again. */
function describeObject(
  { issuerId }: GoogleIdentity,
  document: TicketsDocument,
  ticket: PrintedTicket,
  classId: string,
): object {
  const text = (value: string) => ({ defaultValue: { language: document.locale, value } })
  const { row, number } = ticket
  return {
    id: `${issuerId}.${shortHash(ticket.code)}`,
    classId,
    state: 'ACTIVE',
    barcode: { type: 'QR_CODE', value: ticket.code, alternateText: document.reference },
    ticketType: text(ticket.ticketTypeName),
    ...(number !== null && { seatInfo: { seat: text(row === null ? number : `${row} ${number}`) } }),
  }
}

const isoOf = (ms: number) => new Date(ms).toISOString()
const shortHash = (text: string) => createHash('sha256').update(text).digest('base64url').slice(0, 16)
const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')

/** RS256, as Google wants it. Source: RFC 7515. */
function signJwt(key: KeyObject, claims: object): string {
  const signed = `${encode({ alg: 'RS256', typ: 'JWT' })}.${encode(claims)}`
  return `${signed}.${sign('sha256', Buffer.from(signed), key).toString('base64url')}`
}
