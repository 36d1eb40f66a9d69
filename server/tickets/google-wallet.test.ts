import { generateKeyPairSync, verify } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { googleWalletUrl, readGoogleIdentity } from './google-wallet.ts'
import type { TicketsDocument } from './model.ts'

const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
const keyFile = JSON.stringify({
  type: 'service_account',
  client_email: 'rio@wallet.iam.gserviceaccount.com',
  private_key: privateKey.export({ type: 'pkcs8', format: 'pem' }),
})
const ticket = {
  id: 'tkt_1',
  code: 'ABC',
  row: 'F',
  number: '12',
  ticketTypeName: 'Adult',
  priceAmount: 1250,
  currency: 'GBP',
}
const document: TicketsDocument = {
  bookingId: 'bkg_1',
  reference: 'K7QF3M',
  locale: 'de',
  theatre: { name: 'Rio', address: ['London'], timeZone: 'Europe/London', latitude: null, longitude: null },
  movieTitle: 'Die Büchse der Pandora',
  facts: [],
  auditoriumName: 'Saal 2',
  startsAtMs: Date.UTC(2026, 11, 25, 19, 30),
  endsAtMs: Date.UTC(2026, 11, 25, 21, 45),
  businessDate: '2026-12-25',
  madeAtMs: Date.UTC(2026, 10, 21, 12),
  tickets: [ticket],
}
const identity = readGoogleIdentity(keyFile, '3388000000012345678')

function read(url: string) {
  const [header = '', claims = '', signature = ''] = url.replace('https://pay.google.com/gp/v/save/', '').split('.')
  const parse = (part: string) => JSON.parse(Buffer.from(part, 'base64url').toString())
  const signed = Buffer.from(`${header}.${claims}`)
  const good = verify('sha256', signed, publicKey, Buffer.from(signature, 'base64url'))
  return { header: parse(header), claims: parse(claims), good }
}

describe('a link that saves a ticket to Google Wallet', () => {
  it('holds the whole ticket, signed by the house, and fits into a link', () => {
    const url = googleWalletUrl(identity, document, ticket, 'https://rio.example')
    const { header, claims, good } = read(url)
    expect(good).toBe(true)
    expect(header).toEqual({ alg: 'RS256', typ: 'JWT' })
    expect(claims).toMatchObject({
      iss: 'rio@wallet.iam.gserviceaccount.com',
      aud: 'google',
      typ: 'savetowallet',
      iat: document.madeAtMs / 1000,
      origins: ['https://rio.example'],
    })
    const [eventClass] = claims.payload.eventTicketClasses
    const [object] = claims.payload.eventTicketObjects
    expect(eventClass.id).toMatch(/^3388000000012345678\.show-[\w-]{16}$/)
    expect(eventClass.eventName.defaultValue).toEqual({ language: 'de', value: 'Die Büchse der Pandora' })
    expect(eventClass.dateTime.start).toBe('2026-12-25T19:30:00.000Z')
    expect(object).toMatchObject({
      classId: eventClass.id,
      state: 'ACTIVE',
      barcode: { type: 'QR_CODE', value: 'ABC' },
      seatInfo: { seat: { defaultValue: { value: 'F 12' } } },
    })
  })

  it('is another object for another code, another class for another start, and has no seat where there are none', () => {
    const idsOf = (of: TicketsDocument, one = ticket) => {
      const { payload } = read(googleWalletUrl(identity, of, one, null)).claims
      return [payload.eventTicketClasses[0].id, payload.eventTicketObjects[0].id]
    }
    const [eventClass, object] = idsOf(document)
    expect(idsOf(document, { ...ticket, code: 'DEF' })).toEqual([eventClass, expect.not.stringMatching(String(object))])
    expect(idsOf({ ...document, startsAtMs: document.startsAtMs + 60_000 })[0]).not.toBe(eventClass)
    const general = read(googleWalletUrl(identity, document, { ...ticket, row: null, number: null }, null)).claims
    expect(general.payload.eventTicketObjects[0]).not.toHaveProperty('seatInfo')
  })

  it('needs the key of a service account and an issuer, and says which is wrong', () => {
    expect(() => readGoogleIdentity(keyFile, 'rio')).toThrow('issuer')
    expect(() => readGoogleIdentity('{"client_email":"a@b.c"}', '3388000000012345678')).toThrow('private_key')
    const { privateKey: other } = generateKeyPairSync('ed25519')
    const wrong = JSON.stringify({ client_email: 'a@b.c', private_key: other.export({ type: 'pkcs8', format: 'pem' }) })
    expect(() => readGoogleIdentity(wrong, '3388000000012345678')).toThrow('RSA')
  })
})
