import { count } from '../output.ts'

/** Longest line that is read, in bytes: the largest layout (2,000 seats) is a fifth of it. */
export const maximumLineBytes = 1_048_576

export type JsonObject = Readonly<Record<string, unknown>>

/** One line of an NDJSON file: an object, or what is wrong with it. `line` counts from 1. */
export type NdjsonLine =
  | { readonly line: number; readonly value: JsonObject }
  | { readonly line: number; readonly problem: string }

interface RawLine {
  readonly line: number
  /** Without the line's end. Null where the line was too long to be kept. */
  readonly bytes: Uint8Array | null
  readonly length: number
  /** Whether a newline ended it; the last line of a file may lack one. */
  readonly ended: boolean
}

const newline = 0x0a
const carriageReturn = 0x0d

/**
 * Reads NDJSON in UTF-8 from a stream of bytes, one object a line. Accepts a byte-order mark, CRLF, blank lines and a
 * last line without its end. Keeps at most one line in memory, and of a line longer than the limit nothing at all.
 */
export async function* readNdjson(
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  limitBytes = maximumLineBytes,
): AsyncGenerator<NdjsonLine> {
  for await (const raw of splitLines(chunks, limitBytes)) {
    const { line } = raw
    if (raw.bytes === null) {
      const longest = count(limitBytes, 'byte')
      yield { line, problem: `the line is ${count(raw.length, 'byte')} long; the longest allowed is ${longest}` }
      continue
    }
    const text = decode(line === 1 ? withoutByteOrderMark(raw.bytes) : raw.bytes)
    if (text === null) yield { line, problem: problemWithBytes(raw.bytes) }
    else if (text.trim() !== '') yield { line, ...parseObject(text, raw.ended) }
  }
}

async function* splitLines(
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  limitBytes: number,
): AsyncGenerator<RawLine> {
  let line = 1
  let pieces: Uint8Array[] = []
  let length = 0
  const keep = (piece: Uint8Array) => {
    length += piece.length
    if (length > limitBytes) pieces = []
    else if (piece.length > 0) pieces.push(piece)
  }
  const take = (ended: boolean): RawLine => {
    const bytes = length > limitBytes ? null : withoutCarriageReturn(joined(pieces))
    const taken = { line, bytes, length, ended }
    line += 1
    pieces = []
    length = 0
    return taken
  }
  for await (const chunk of chunks) {
    let start = 0
    for (let end = chunk.indexOf(newline); end !== -1; end = chunk.indexOf(newline, start)) {
      keep(chunk.subarray(start, end))
      start = end + 1
      yield take(true)
    }
    // A copy: the stream may reuse the memory of its chunk before the rest of the line arrives.
    const rest = chunk.subarray(start)
    keep(length + rest.length > limitBytes ? rest : Uint8Array.from(rest))
  }
  if (length > 0) yield take(false)
}

function joined(pieces: readonly Uint8Array[]): Uint8Array {
  const [only] = pieces
  return pieces.length === 1 && only ? only : Buffer.concat(pieces)
}

function withoutCarriageReturn(bytes: Uint8Array): Uint8Array {
  return bytes.at(-1) === carriageReturn ? bytes.subarray(0, -1) : bytes
}

function withoutByteOrderMark(bytes: Uint8Array): Uint8Array {
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? bytes.subarray(3) : bytes
}

function decode(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return null
  }
}

function problemWithBytes(bytes: Uint8Array): string {
  const [first, second] = bytes
  const utf16 = (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)
  return utf16 ? 'the file is in UTF-16; it must be in UTF-8' : 'the line is not valid UTF-8'
}

function parseObject(text: string, ended: boolean): { value: JsonObject } | { problem: string } {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    if (!ended) return { problem: 'the line is cut short: the file ends in the middle of it' }
    return { problem: `the line is not valid JSON (${reasonOf(error)})` }
  }
  if (isObject(value)) return { value }
  return { problem: `the line must be one JSON object, not ${nameOf(value)}` }
}

/** V8 says where and what, then quotes the text: the quotation is left out, it can be long. */
function reasonOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error)
  return message.replace(/, (?:\.\.\.)?".*$/s, '').slice(0, 120)
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function nameOf(value: unknown): string {
  if (value === null) return 'null'
  return Array.isArray(value) ? 'a list' : `a ${typeof value}`
}
