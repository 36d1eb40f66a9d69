/** The boundary that a form's `Content-Type` names, as it stands between its parts; null where it names none. */
export function boundaryOf(contentType: string | undefined): string | null {
  const [, quoted, plain] =
    /^multipart\/form-data\b.*;\s*boundary=(?:"([^"]+)"|([^\s;]+))/i.exec(contentType ?? '') ?? []
  const name = quoted ?? plain
  return name === undefined ? null : `--${name}`
}

/** No form of ours has half as many, nor heads half as long. */
const mostParts = 20
const longestHead = 4096

/**
 * Whether a form is one that can be read in passing. Ten megabytes of empty parts take the parser two seconds, in which nobody
 * else is served.
 */
export function isModestForm(body: Buffer, boundary: string): boolean {
  let parts = 0
  for (let at = body.indexOf(boundary); at >= 0; at = body.indexOf(boundary, at + boundary.length)) {
    parts += 1
    if (parts > mostParts) return false
    const head = body.subarray(at, at + boundary.length + longestHead)
    const isLast = head.subarray(boundary.length, boundary.length + 2).toString('latin1') === '--'
    if (!isLast && !head.includes('\r\n\r\n')) return false
  }
  return true
}
