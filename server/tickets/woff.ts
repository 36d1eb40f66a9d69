import { inflateSync } from 'node:zlib'

const headBytes = 44
const entryBytes = 20
const tableEntryBytes = 16

/**
 * Unpacks a WOFF 1.0 font into the plain one inside. fontkit can read WOFF too, but inflates whole tables again for each
 * letter: a large font takes seconds so, and milliseconds this way.
 */
export function unpackWoff(woff: Buffer): Buffer {
  if (woff.toString('latin1', 0, 4) !== 'wOFF') throw new TypeError('not a WOFF font')
  const tables = woff.readUInt16BE(12)
  const font = Buffer.alloc(woff.readUInt32BE(16))
  const power = 31 - Math.clz32(tables)
  woff.copy(font, 0, 4, 8)
  font.writeUInt16BE(tables, 4)
  font.writeUInt16BE(16 << power, 6)
  font.writeUInt16BE(power, 8)
  font.writeUInt16BE(tables * 16 - (16 << power), 10)
  let offset = 12 + tables * tableEntryBytes
  for (let table = 0; table < tables; table += 1) {
    const from = headBytes + table * entryBytes
    const packedAt = woff.readUInt32BE(from + 4)
    const packedLength = woff.readUInt32BE(from + 8)
    const length = woff.readUInt32BE(from + 12)
    const packed = woff.subarray(packedAt, packedAt + packedLength)
    const data = packedLength < length ? inflateSync(packed) : packed
    const to = 12 + table * tableEntryBytes
    woff.copy(font, to, from, from + 4)
    woff.copy(font, to + 4, from + 16, from + 20)
    font.writeUInt32BE(offset, to + 8)
    font.writeUInt32BE(length, to + 12)
    data.copy(font, offset)
    offset += (length + 3) & ~3
  }
  return font
}
