import { createHash } from 'node:crypto'

/** An answer that is more than a JSON body with the operation's own status. */
export class Answer<Body = unknown> {
  readonly body: Body
  readonly headers: Readonly<Record<string, string>>

  constructor(body: Body, headers: Readonly<Record<string, string>> = {}) {
    this.body = body
    this.headers = headers
  }
}

/** Bytes that are ready to be sent: a prepared JSON document, an SVG, a PDF. */
export class Bytes {
  readonly bytes: Buffer | string
  readonly headers: Readonly<Record<string, string>>

  constructor(bytes: Buffer | string, headers: Readonly<Record<string, string>>) {
    this.bytes = bytes
    this.headers = headers
  }
}

/** A long document while it is written: sent piece by piece, as fast as it is taken. */
export class Pieces {
  readonly pieces: AsyncGenerator<Uint8Array>
  readonly headers: Readonly<Record<string, string>>

  constructor(pieces: AsyncGenerator<Uint8Array>, headers: Readonly<Record<string, string>>) {
    this.pieces = pieces
    this.headers = headers
  }
}

/**
 * A readable thing with an `ETag`: its edit revision first, then what it says now. `If-None-Match` compares the whole,
 * `If-Match` the revision alone, so that a sale does not spoil somebody's edit.
 */
export function tagged<Body>(body: Body, revision: number): Answer<Body> {
  const digest = createHash('sha256').update(JSON.stringify(body)).digest('base64url').slice(0, 16)
  return new Answer(body, { etag: `"${revision}-${digest}"`, 'cache-control': 'no-cache' })
}

/** Whether an `If-None-Match` header names this tag (weak comparison, RFC 9110 section 13.1.2). */
export function noneMatches(header: string | undefined, etag: string): boolean {
  if (header === undefined) return false
  if (header.trim() === '*') return true
  return header.split(',').some((candidate) => candidate.trim().replace(/^W\//, '') === etag)
}

/** Whether an `If-Match` header allows a change of what stands at this revision; no header allows all. */
export function revisionMatches(header: string | undefined, revision: number): boolean {
  if (header === undefined || header.trim() === '*') return true
  return header.split(',').some((candidate) => {
    const match = /^"(\d+)(?:-[^"]*)?"$/.exec(candidate.trim().replace(/^W\//, ''))
    return match !== null && Number(match[1]) === revision
  })
}
