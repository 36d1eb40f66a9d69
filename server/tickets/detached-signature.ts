import { createHash, createPrivateKey, sign, X509Certificate } from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import { der, elementAt, sequence, tags } from './der.ts'

/** Who signs: a certificate with its private key (RSA), and the certificates between it and a root that readers know. */
export interface SigningIdentity {
  readonly certificate: X509Certificate
  readonly chain: readonly X509Certificate[]
  readonly privateKey: KeyObject
}

/** Reads a PEM bundle: one private key, its certificate, any intermediate ones. Throws with what is missing. */
export function readIdentity(pem: string): SigningIdentity {
  const key = /-----BEGIN (?:RSA )?PRIVATE KEY-----[^-]+-----END (?:RSA )?PRIVATE KEY-----/.exec(pem)?.[0]
  if (key === undefined) throw new Error('there is no private key (PEM, not encrypted)')
  const privateKey = createPrivateKey(key)
  if (privateKey.asymmetricKeyType !== 'rsa') throw new Error('the private key is not an RSA key')
  const blocks = pem.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? []
  const certificates = blocks.map((block) => new X509Certificate(block))
  const certificate = certificates.find((candidate) => candidate.checkPrivateKey(privateKey))
  if (!certificate) throw new Error('there is no certificate for the private key')
  return { certificate, chain: certificates.filter((other) => other !== certificate), privateKey }
}

const oids = {
  data: '2a864886f70d010701',
  signedData: '2a864886f70d010702',
  contentType: '2a864886f70d010903',
  messageDigest: '2a864886f70d010904',
  signingTime: '2a864886f70d010905',
  sha256: '608648016503040201',
  rsa: '2a864886f70d010101',
} as const

/** A detached CMS signature (RFC 5652) over content: what Apple calls a PKCS #7 signature. `atMs` is the time it claims. */
export function signDetached(identity: SigningIdentity, content: Buffer, atMs: number): Buffer {
  const sha256 = sequence(oid('sha256'), der(tags.null))
  const attributes = [
    attribute('contentType', oid('data')),
    attribute('signingTime', der(tags.utcTime, Buffer.from(utcTime(atMs)))),
    attribute('messageDigest', der(tags.octets, createHash('sha256').update(content).digest())),
  ].toSorted((left, right) => Buffer.compare(left, right))
  const signer = sequence(
    der(tags.integer, Buffer.from([1])),
    issuerAndSerial(identity.certificate),
    sha256,
    der(tags.first, ...attributes),
    sequence(oid('rsa'), der(tags.null)),
    der(tags.octets, sign('sha256', der(tags.set, ...attributes), identity.privateKey)),
  )
  const signedData = sequence(
    der(tags.integer, Buffer.from([1])),
    der(tags.set, sha256),
    sequence(oid('data')),
    der(tags.first, ...[identity.certificate, ...identity.chain].map(({ raw }) => raw)),
    der(tags.set, signer),
  )
  return sequence(oid('signedData'), der(tags.first, signedData))
}

function oid(name: keyof typeof oids): Buffer {
  return der(tags.oid, Buffer.from(oids[name], 'hex'))
}

function attribute(name: keyof typeof oids, value: Buffer): Buffer {
  return sequence(oid(name), der(tags.set, value))
}

function utcTime(atMs: number): string {
  return `${new Date(atMs).toISOString().slice(2, 19).replace(/[-:T]/g, '')}Z`
}

/** The certificate's issuer and serial number, byte for byte as it has them. */
function issuerAndSerial({ raw }: X509Certificate): Buffer {
  const certificate = elementAt(raw, 0)
  const body = elementAt(raw, certificate.from)
  let element = elementAt(raw, body.from)
  if (raw[element.start] === tags.first) element = elementAt(raw, element.end)
  const serial = element
  const algorithm = elementAt(raw, serial.end)
  const issuer = elementAt(raw, algorithm.end)
  return sequence(raw.subarray(issuer.start, issuer.end), raw.subarray(serial.start, serial.end))
}
