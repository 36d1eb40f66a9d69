import { createHash, generateKeyPairSync, sign, verify, X509Certificate } from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { der, elementAt, sequence, tags } from './der.ts'
import type { TicketsDocument } from './model.ts'
import { readWalletIdentity, walletFile } from './wallet-pass.ts'

const document: TicketsDocument = {
  bookingId: 'bkg_1',
  reference: 'K7QF3M',
  locale: 'en',
  theatre: { name: 'Rio', address: ['London'], timeZone: 'Europe/London', latitude: 51.5, longitude: -0.1 },
  movieTitle: 'Metropolis',
  facts: [],
  auditoriumName: 'Screen 2',
  startsAtMs: Date.UTC(2026, 11, 25, 19, 30),
  endsAtMs: Date.UTC(2026, 11, 25, 21, 45),
  businessDate: '2026-12-25',
  madeAtMs: Date.UTC(2026, 10, 21, 12),
  tickets: [
    { id: 'tkt_1', code: 'ABC', row: 'F', number: '12', ticketTypeName: 'Adult', priceAmount: 1250, currency: 'GBP' },
  ],
}

describe('a pass for a wallet', () => {
  const authority = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const house = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const parties = {
    'ca.key': pemOfKey(authority.privateKey),
    'ca.pem': certificate({ CN: 'Intermediate' }, authority.publicKey, authority.privateKey),
    'pass.key': pemOfKey(house.privateKey),
    'pass.pem': certificate(
      { UID: 'pass.org.example.cinema', CN: 'Pass', OU: 'TEAM123456' },
      house.publicKey,
      authority.privateKey,
    ),
  }
  const bundle = (...names: (keyof typeof parties)[]) => names.map((name) => parties[name]).join('\n')

  it('holds the ticket, and its signature is good to anybody who trusts the issuer', async () => {
    const file = await walletFile(readWalletIdentity(bundle('pass.key', 'pass.pem', 'ca.pem')), document)
    expect(file.mediaType).toBe('application/vnd.apple.pkpass')
    const files = unzip(file.bytes)
    const pass = JSON.parse(String(files.get('pass.json')))
    expect(pass).toMatchObject({
      passTypeIdentifier: 'pass.org.example.cinema',
      teamIdentifier: 'TEAM123456',
      serialNumber: 'tkt_1',
      barcodes: [{ message: 'ABC' }],
    })
    const manifest = JSON.parse(String(files.get('manifest.json')))
    for (const [name, digest] of Object.entries(manifest)) {
      expect(
        createHash('sha1')
          .update(files.get(name) ?? '')
          .digest('hex'),
      ).toBe(digest)
    }
    const signature = files.get('signature') ?? Buffer.alloc(0)
    expect(signs(signature, files.get('manifest.json') ?? Buffer.alloc(0), house.publicKey)).toBe(true)
    expect(signs(signature, Buffer.from('something else'), house.publicKey)).toBe(false)
    expect(signs(signature, files.get('manifest.json') ?? Buffer.alloc(0), authority.publicKey)).toBe(false)
  })

  it('is a bundle of passes for a party', async () => {
    const [ticket] = document.tickets
    const party = { ...document, tickets: ticket ? [ticket, { ...ticket, id: 'tkt_2' }] : [] }
    const file = await walletFile(readWalletIdentity(bundle('pass.key', 'pass.pem', 'ca.pem')), party)
    expect(file.mediaType).toBe('application/vnd.apple.pkpasses')
    expect([...unzip(file.bytes).keys()]).toEqual(['tkt_1.pkpass', 'tkt_2.pkpass'])
  })

  it('needs key, certificate and intermediate, and says which is missing', () => {
    expect(() => readWalletIdentity(bundle('pass.pem', 'ca.pem'))).toThrow('private key')
    expect(() => readWalletIdentity(bundle('pass.key', 'ca.pem'))).toThrow('no certificate for the private key')
    expect(() => readWalletIdentity(bundle('pass.key', 'pass.pem'))).toThrow('intermediate')
    expect(() => readWalletIdentity(bundle('ca.key', 'ca.pem', 'pass.pem'))).toThrow('not one for passes')
  })
})

/** Reads an archive by its directory, as its readers do. */
function unzip(archive: Buffer): Map<string, Buffer> {
  const files = new Map<string, Buffer>()
  const end = archive.length - 22
  let at = archive.readUInt32LE(end + 16)
  for (let left = archive.readUInt16LE(end + 10); left > 0; left -= 1) {
    const size = archive.readUInt32LE(at + 20)
    const nameLength = archive.readUInt16LE(at + 28)
    const place = archive.readUInt32LE(at + 42)
    const name = archive.toString('utf8', at + 46, at + 46 + nameLength)
    const from = place + 30 + archive.readUInt16LE(place + 26) + archive.readUInt16LE(place + 28)
    files.set(name, archive.subarray(from, from + size))
    at += 46 + nameLength
  }
  return files
}

const names = { CN: '550403', OU: '55040b', UID: '0992268993f22c640101' }
const rsaWithSha256 = sequence(der(tags.oid, Buffer.from('2a864886f70d01010b', 'hex')), der(tags.null))

/** A certificate by the authority, as openssl would make it. */
function certificate(
  subject: Partial<Record<keyof typeof names, string>>,
  key: KeyObject,
  issuerKey: KeyObject,
): string {
  const nameOf = (parts: object) =>
    sequence(
      ...Object.entries(parts).map(([name, value]) =>
        der(
          tags.set,
          sequence(
            der(tags.oid, Buffer.from(names[name as keyof typeof names], 'hex')),
            der(0x0c, Buffer.from(String(value))),
          ),
        ),
      ),
    )
  const time = (text: string) => der(tags.utcTime, Buffer.from(text))
  const body = sequence(
    der(tags.first, der(tags.integer, Buffer.from([2]))),
    der(tags.integer, Buffer.from([1, ...Buffer.from(subject.CN ?? '')])),
    rsaWithSha256,
    nameOf({ CN: 'Intermediate' }),
    sequence(time('200101000000Z'), time('491231235959Z')),
    nameOf(subject),
    key.export({ type: 'spki', format: 'der' }),
  )
  const signature = sign('sha256', body, issuerKey)
  const raw = sequence(body, rsaWithSha256, der(0x03, Buffer.from([0]), signature))
  return new X509Certificate(raw).toString()
}

function pemOfKey(key: KeyObject): string {
  return key.export({ type: 'pkcs8', format: 'pem' })
}

/** Whether a detached signature is over this content and by this key: the steps of RFC 5652, section 5.6. */
function signs(signature: Buffer, content: Buffer, key: KeyObject): boolean {
  const childrenOf = (outer: Buffer) => {
    const children: Buffer[] = []
    const { from, end } = elementAt(outer, 0)
    for (let at = from; at < end; at = elementAt(outer, at).end)
      children.push(outer.subarray(at, elementAt(outer, at).end))
    return children
  }
  const signedData = childrenOf(childrenOf(signature)[1] ?? Buffer.alloc(0))[0] ?? Buffer.alloc(0)
  const signers = childrenOf(signedData).at(-1) ?? Buffer.alloc(0)
  const signer = childrenOf(childrenOf(signers)[0] ?? Buffer.alloc(0))
  const attributes = Buffer.from(signer[3] ?? Buffer.alloc(0))
  const digest = createHash('sha256').update(content).digest()
  if (!attributes.includes(digest)) return false
  attributes[0] = tags.set
  const value = signer[5] ?? Buffer.alloc(0)
  return verify('sha256', attributes, key, value.subarray(elementAt(value, 0).from))
}
