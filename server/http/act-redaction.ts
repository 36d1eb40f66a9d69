import { createHash } from 'node:crypto'

/** What opens something: never kept. */
const secretNames =
  /^(password|newPassword|currentPassword|token|accessToken|refreshToken|secret|voucherCode|privateKey)$/
/** What tells who somebody is: kept as a salted hash, so that a change shows and the person does not. */
const personNames = /^(email|customerName|customerEmail|customerPhone)$/
const personOf = new Set(['customer'])
/** A longer code is a ticket's, which opens the door; a shorter one a promotion's. */
const longestPlainCode = 40
const longestDocument = 16 * 1024

/** A copy of what is written into the log: without secrets, with persons hashed, cut where it is very long. */
export function redacted(value: unknown, person: (value: string) => string): unknown {
  const copy = walk(value, '', false, person)
  const text = JSON.stringify(copy) ?? 'null'
  if (text.length <= longestDocument) return copy
  return { tooLong: text.length, sha256: createHash('sha256').update(text).digest('hex') }
}

function walk(value: unknown, name: string, ofPerson: boolean, person: (value: string) => string): unknown {
  if (Buffer.isBuffer(value)) return { bytes: value.length, sha256: createHash('sha256').update(value).digest('hex') }
  if (typeof value === 'string') {
    if (secretNames.test(name) || (name === 'code' && value.length > longestPlainCode)) return '(secret)'
    return personNames.test(name) || (ofPerson && name !== 'locale') ? person(value) : value
  }
  if (Array.isArray(value)) return value.map((item) => walk(item, name, ofPerson, person))
  if (typeof value !== 'object' || value === null) return value
  const inPerson = ofPerson || personOf.has(name) || isAccount(value)
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, walk(item, key, inPerson && isPersonal(key), person)]),
  )
}

/** A row of `users`: its name is a person's, unlike that of a theatre. */
function isAccount(value: object): boolean {
  const id: unknown = Reflect.get(value, 'id')
  return typeof id === 'string' && id.startsWith('usr_')
}

function isPersonal(key: string): boolean {
  return key === 'name' || key === 'email' || key === 'phone'
}
