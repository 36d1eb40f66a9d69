/** The few types of ASN.1 that certificates and signatures are made of. */
export const tags = {
  integer: 0x02,
  octets: 0x04,
  null: 0x05,
  oid: 0x06,
  utcTime: 0x17,
  sequence: 0x30,
  set: 0x31,
  first: 0xa0,
} as const

/** One value of DER (X.690): tag, length, contents. */
export function der(tag: number, ...contents: readonly Buffer[]): Buffer {
  const body = Buffer.concat(contents)
  const { length } = body
  if (length < 0x80) return Buffer.concat([Buffer.from([tag, length]), body])
  const bytes = Buffer.from(length.toString(16).padStart(length > 0xffff ? 6 : length > 0xff ? 4 : 2, '0'), 'hex')
  return Buffer.concat([Buffer.from([tag, 0x80 | bytes.length]), bytes, body])
}

export function sequence(...contents: readonly Buffer[]): Buffer {
  return der(tags.sequence, ...contents)
}

/** Where a value stands in DER: its start, the start of its contents, its end. */
export function elementAt(
  raw: Buffer,
  start: number,
): { readonly start: number; readonly from: number; readonly end: number } {
  const first = raw.readUInt8(start + 1)
  if (first < 0x80) return { start, from: start + 2, end: start + 2 + first }
  const lengthBytes = first & 0x7f
  const from = start + 2 + lengthBytes
  return { start, from, end: from + raw.readUIntBE(start + 2, lengthBytes) }
}
