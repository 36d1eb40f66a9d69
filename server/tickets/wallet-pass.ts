import { createHash } from 'node:crypto'
import { setImmediate } from 'node:timers/promises'
import { readIdentity, signDetached } from './detached-signature.ts'
import type { SigningIdentity } from './detached-signature.ts'
import type { PrintedTicket, TicketsDocument } from './model.ts'
import { drawPng } from './png.ts'
import { longDay, longStart, shortTime, ticketWords } from './words.ts'
import { zip } from './zip.ts'
import type { ZipEntry } from './zip.ts'

/** The house at Apple: its pass type and team, as its certificate names them. */
export interface WalletIdentity extends SigningIdentity {
  readonly passTypeIdentifier: string
  readonly teamIdentifier: string
}

export interface WalletFile {
  readonly bytes: Buffer
  readonly mediaType: 'application/vnd.apple.pkpass' | 'application/vnd.apple.pkpasses'
}

/** Reads the bundle of `APPLE_WALLET`: private key, pass certificate, Apple's intermediate. Throws with what is wrong. */
export function readWalletIdentity(pem: string): WalletIdentity {
  const identity = readIdentity(pem)
  const subject = new Map(identity.certificate.subject.split('\n').map((line) => [line.split('=', 1)[0], line]))
  const passTypeIdentifier = subject.get('UID')?.slice('UID='.length)
  const teamIdentifier = subject.get('OU')?.slice('OU='.length)
  if (!passTypeIdentifier || !teamIdentifier) {
    throw new Error('the certificate is not one for passes: it names no pass type (UID) and team (OU)')
  }
  if (identity.chain.length === 0) throw new Error("Apple's intermediate certificate (WWDR) is missing")
  return { ...identity, passTypeIdentifier, teamIdentifier }
}

/** The tickets for Apple Wallet: a pass for one, a bundle of passes for a party. */
export async function walletFile(identity: WalletIdentity, document: TicketsDocument): Promise<WalletFile> {
  const passes: ZipEntry[] = []
  for (const ticket of document.tickets) {
    passes.push({ name: `${ticket.id}.pkpass`, bytes: makePass(identity, document, ticket) })
    // An RSA signature takes a millisecond or two: between passes others get a turn.
    await setImmediate()
  }
  const [only] = passes
  if (only && passes.length === 1) return { bytes: only.bytes, mediaType: 'application/vnd.apple.pkpass' }
  return { bytes: zip(passes), mediaType: 'application/vnd.apple.pkpasses' }
}

function makePass(identity: WalletIdentity, document: TicketsDocument, ticket: PrintedTicket): Buffer {
  const files = [
    { name: 'pass.json', bytes: Buffer.from(JSON.stringify(describePass(identity, document, ticket))) },
    { name: 'icon.png', bytes: drawIcon(29) },
    { name: 'icon@2x.png', bytes: drawIcon(58) },
    { name: 'icon@3x.png', bytes: drawIcon(87) },
  ]
  const digests = files.map(({ name, bytes }) => [name, createHash('sha1').update(bytes).digest('hex')])
  const manifest = Buffer.from(JSON.stringify(Object.fromEntries(digests)))
  return zip([
    ...files,
    { name: 'manifest.json', bytes: manifest },
    { name: 'signature', bytes: signDetached(identity, manifest, document.madeAtMs) },
  ])
}

/** Source: Apple, Wallet Passes, `Pass` and `Pass.EventTicket`. */
function describePass(identity: WalletIdentity, document: TicketsDocument, ticket: PrintedTicket): object {
  const { theatre, locale, startsAtMs } = document
  const words = ticketWords(locale)
  const { latitude, longitude } = theatre
  const seat =
    ticket.number === null
      ? [{ key: 'seat', label: words.seat, value: words.freeSeating }]
      : [
          { key: 'row', label: words.row, value: ticket.row ?? '–' },
          { key: 'seat', label: words.seat, value: ticket.number },
        ]
  return {
    formatVersion: 1,
    passTypeIdentifier: identity.passTypeIdentifier,
    teamIdentifier: identity.teamIdentifier,
    organizationName: theatre.name,
    serialNumber: ticket.id,
    groupingIdentifier: document.bookingId,
    description: `${document.movieTitle}, ${longStart(startsAtMs, theatre.timeZone, locale)}`,
    logoText: theatre.name,
    relevantDate: new Date(startsAtMs).toISOString(),
    expirationDate: new Date(document.endsAtMs).toISOString(),
    foregroundColor: 'rgb(255, 255, 255)',
    labelColor: 'rgb(200, 200, 210)',
    backgroundColor: 'rgb(24, 24, 32)',
    ...(latitude !== null && longitude !== null && { locations: [{ latitude, longitude }] }),
    barcodes: [
      { format: 'PKBarcodeFormatQR', message: ticket.code, messageEncoding: 'iso-8859-1', altText: document.reference },
    ],
    eventTicket: {
      headerFields: [
        {
          key: 'start',
          label: longDay(startsAtMs, theatre.timeZone, locale),
          value: shortTime(startsAtMs, theatre.timeZone, locale),
        },
      ],
      primaryFields: [{ key: 'film', label: theatre.name, value: document.movieTitle }],
      secondaryFields: [{ key: 'screen', label: words.screen, value: document.auditoriumName }, ...seat],
      auxiliaryFields: [
        {
          key: 'type',
          label: ticket.ticketTypeName,
          value: words.ticketOf(document.tickets.indexOf(ticket) + 1, document.tickets.length),
        },
        { key: 'reference', label: words.reference, value: document.reference },
      ],
      backFields: [
        { key: 'terms', label: words.terms, value: [theatre.name, ...theatre.address].join('\n') },
        ...(document.facts.length > 0
          ? [{ key: 'facts', label: document.movieTitle, value: document.facts.join(' · ') }]
          : []),
      ],
    },
  }
}

/** A strip of film: light holes along two sides of a dark square. */
function drawIcon(size: number): Buffer {
  const unit = size / 29
  return drawPng(size, (x, y) => {
    const column = x / unit
    const inStrip = (column >= 3 && column < 7) || (column >= 22 && column < 26)
    const hole = inStrip && (y / unit) % 7 >= 2 && (y / unit) % 7 < 5
    const picture = column >= 9 && column < 20 && y / unit >= 7 && y / unit < 22
    return hole || picture ? [255, 255, 255, 255] : [24, 24, 32, 255]
  })
}
