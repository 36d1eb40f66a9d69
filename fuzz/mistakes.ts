import type { Random } from '../server/testing/simulation/random.ts'

const wrongValues: readonly unknown[] = [
  null,
  true,
  false,
  '',
  ' ',
  'wrong',
  0,
  -1,
  1.5,
  1e300,
  -0,
  9_007_199_254_740_992,
  '1e400',
  [],
  {},
  [null],
  [[[]]],
  { $ne: null },
  { toString: 'x' },
  '\u0000',
  '\u202e\u0000',
  'a\ud800b',
  'x'.repeat(6000),
  "' OR 1=1 --",
  '../../../../etc/passwd',
  '${7*7}{{7*7}}',
  '\r\nSet-Cookie: a=b',
  '2026-02-30',
  '2027-03-28T01:30',
  '9999-12-31T23:59:59Z',
  '-271821-04-20T00:00:00Z',
  'mov_',
  'usr_00000000000000000000000000',
]

/** Texts that are no JSON, or hold what no body may. */
const wrongTexts: readonly string[] = [
  '',
  '{',
  '{"a":1}}',
  'nul',
  'NaN',
  '[]',
  'null',
  '5',
  '"text"',
  '"\\ud800"',
  '\u0000',
  '\ufeff{}',
  '{"__proto__":{"role":"admin"}}',
  '{"constructor":{"prototype":{"role":"admin"}}}',
  `${'['.repeat(20_000)}${']'.repeat(20_000)}`,
  `${'{"a":'.repeat(5000)}1${'}'.repeat(5000)}`,
  `{"a":"${'x'.repeat(70_000)}"}`,
]

/** A body in which something is wrong, as it is sent. */
export function brokenBody(random: Random, body: unknown): string {
  if (random.chance(0.12)) return wrongTexts[random.below(wrongTexts.length)] ?? ''
  return JSON.stringify(broken(random, body)) ?? 'null'
}

/** The same value with one place changed: another value there, a member less, a member more, an item twice. */
export function broken(random: Random, value: unknown): unknown {
  if (Array.isArray(value) && value.length > 0 && random.chance(0.75)) {
    const at = random.below(value.length)
    const choice = random.below(5)
    if (choice === 0) return [...value, value[at]]
    if (choice === 1) return value.toSpliced(at, 1)
    return value.with(at, broken(random, value[at]))
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value) && random.chance(0.85)) {
    const names = Object.keys(value)
    const name = names[random.below(names.length)]
    const choice = random.below(6)
    if (choice === 0 || name === undefined) return { ...value, [random.pick(surprises)]: random.pick(['x', 'admin']) }
    const entries = Object.entries(value)
    if (choice === 1) return Object.fromEntries(entries.filter(([other]) => other !== name))
    return Object.fromEntries(entries.map(([other, part]) => [other, other === name ? broken(random, part) : part]))
  }
  return wrongValues[random.below(wrongValues.length)]
}

const surprises: readonly [string, ...string[]] = ['surprise', 'role', 'status', 'total', 'paidAt', 'userId', 'ownerId']

const wrongParameters: readonly [string, ...string[]] = [
  '',
  '%00',
  '%ff',
  '-1',
  '1e400',
  'null',
  '%27%20OR%201=1',
  '2026-13-45',
  '..%2f..%2fetc%2fpasswd',
  '99999999999999999999',
  '%F0%9F%8E%AC',
  'x'.repeat(3000),
  '0.5',
  '[object%20Object]',
  '+',
]

/** A parameter as no one should send it; escaped already, or not escapable. */
export function wrongParameter(random: Random): string {
  return random.pick(wrongParameters)
}

const wrongHeaders: readonly [readonly [string, string], ...(readonly [string, string])[]] = [
  ['accept', 'image/gif'],
  ['accept', 'application/xml;q=1, */*;q=0'],
  ['accept', ';;,'],
  ['accept-encoding', 'br;q=1, gzip;q=0, *;q=x'],
  ['accept-language', '*-*;q=9'],
  ['content-type', 'text/plain'],
  ['content-type', 'application/json; charset=utf-16'],
  ['content-type', 'application/json\tx'],
  ['content-type', 'multipart/form-data; boundary='],
  ['if-match', '"0"'],
  ['if-match', 'W/"1", x'],
  ['if-none-match', '*'],
  ['if-none-match', '*'],
  ['if-none-match', '*'],
  ['if-none-match', '"1-x", W/"'],
  ['idempotency-key', 'x'.repeat(256)],
  ['idempotency-key', '\u00ff'],
  ['range', 'bytes=0-1'],
  ['expect', '100-continue'],
  ['last-event-id', '9-999999999999'],
  ['last-event-id', 'x-y'],
  ['x-request-id', '{"evil":"\u00ff"}'],
  ['x-forwarded-for', '10.0.0.1, evil'],
  ['x-http-method-override', 'DELETE'],
  ['origin', 'https://evil.example'],
  ['origin', 'null'],
  ['cookie', 'matinee_guest=x.y; matinee_session=1; __Host-a=%ff'],
  ['traceparent', '00-zz-zz-01'],
  ['x-access-token', 'x'.repeat(4000)],
]

export function wrongHeader(random: Random): readonly [string, string] {
  return random.pick(wrongHeaders)
}
