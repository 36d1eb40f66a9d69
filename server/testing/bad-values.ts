import { validatorOf } from '../http/validate.ts'
import type { Validator } from '../http/validate.ts'

/** As much of a JSON schema as samples and mistakes are made from. */
export interface Shape {
  readonly type?: string
  readonly properties?: Readonly<Record<string, Shape>>
  readonly items?: Shape
  readonly anyOf?: readonly Shape[]
  readonly enum?: readonly unknown[]
  readonly const?: unknown
  readonly minItems?: number
  readonly minimum?: number
  readonly minLength?: number
  readonly examples?: readonly unknown[]
}

const texts = [
  'x',
  'F12',
  'adult',
  'GBP',
  'GB',
  'en',
  'ada@example.com',
  '2027-01-15',
  '2027-01-15T19:30:00Z',
  '19:30',
  '06:00',
  'Europe/London',
  'https://example.com/',
  '2d',
  '51.5,-0.1',
  '#aabbcc',
  'velvet curtain 1911',
  '123456',
  'xxxxxxxxxxxxxxxx',
]

/** A value that a schema takes, as full as it can be; null where none is found. */
export function sampleOf(schema: Shape): unknown {
  if (schema.const !== undefined) return schema.const
  if (schema.enum) return schema.enum[0]
  if (schema.anyOf) return schema.anyOf.map(sampleOf).find((value) => takes(schema, value)) ?? null
  switch (schema.type) {
    case 'object':
      return Object.fromEntries(Object.entries(schema.properties ?? {}).map(([name, part]) => [name, sampleOf(part)]))
    case 'array':
      return Array.from({ length: schema.minItems ?? 1 }, () => sampleOf(schema.items ?? {}))
    case 'string': {
      const long = 'x'.repeat(schema.minLength ?? 1)
      return [...(schema.examples ?? []), ...texts, long].find((text) => takes(schema, text)) ?? null
    }
    case 'integer':
    case 'number':
      return schema.minimum ?? 1
    case 'boolean':
      return true
    default:
      return null
  }
}

/** Whether a schema takes a value, by the very validator that judges requests. */
export function takes(schema: object, value: unknown): boolean {
  return validators.getOrInsertComputed(schema, () => validatorOf(schema, '')).check(value) === null
}

const validators = new WeakMap<object, Validator>()

const wrongValues: readonly unknown[] = [
  null,
  true,
  'wrong',
  '',
  0,
  -1,
  1.5,
  1e300,
  9_007_199_254_740_992,
  '1e400',
  'NaN',
  [],
  {},
  [null],
  [[[]]],
  { $ne: null },
  '\u0000',
  'a\ud800b',
  'x'.repeat(5000),
  "'; DROP TABLE bookings; --",
  '../../etc/passwd',
]

/** A body in which one thing is wrong, and which thing it is. */
export interface Mistake {
  readonly what: string
  readonly value: unknown
}

/** Every place of a sample with every wrong value in turn, a field more, a field less; only what the schema refuses. */
export function mistakesIn(schema: Shape): Mistake[] {
  const sample = sampleOf(schema)
  return mistakes(schema, sample, '', (value) => value).filter(({ value }) => !takes(schema, value))
}

function mistakes(schema: Shape, sample: unknown, path: string, put: (value: unknown) => unknown): Mistake[] {
  const here = wrongValues.map((value) => ({
    what: `${path || '/'} = ${JSON.stringify(value)?.slice(0, 40)}`,
    value: put(value),
  }))
  if (schema.type === 'object' && isRecord(sample)) {
    const more = ['surprise', 'role', 'constructor', 'toString', '\u0000'].map((name) => ({
      what: `${path}/${name} more`,
      value: put({ ...sample, [name]: 'x' }),
    }))
    const parts = Object.entries(schema.properties ?? {}).flatMap(([name, part]) => [
      { what: `${path}/${name} missing`, value: put(without(sample, name)) },
      ...mistakes(part, sample[name], `${path}/${name}`, (value) => put({ ...sample, [name]: value })),
    ])
    return [...here, ...more, ...parts]
  }
  if (schema.type === 'array' && Array.isArray(sample)) {
    const many = { what: `${path} with 5000 items`, value: put(Array.from({ length: 5000 }, () => sample[0] ?? null)) }
    return [...here, many, ...mistakes(schema.items ?? {}, sample[0], `${path}/0`, (value) => put([value]))]
  }
  if (schema.anyOf) {
    const inner = schema.anyOf.filter((part) => part.type === 'object' && takes(part, sample))
    return [...here, ...inner.flatMap((part) => mistakes(part, sample, path, put))]
  }
  return here
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function without(record: Readonly<Record<string, unknown>>, name: string): Record<string, unknown> {
  return Object.fromEntries(Object.entries(record).filter(([key]) => key !== name))
}

/** Bodies that are wrong as text, whatever the operation wants: none is JSON of an object that any schema takes. */
export const wrongTexts: readonly string[] = [
  '{',
  '}',
  '[',
  '{"a":1}}',
  '{"a":}',
  "{'a':1}",
  'nul',
  'undefined',
  'NaN',
  '{"a":NaN}',
  '"\\ud800"',
  '\u0000',
  ' ',
  '{"surprise":1e400}',
  '{"__proto__":{"admin":true}}',
  '{"constructor":{"prototype":{"admin":true}}}',
  `${'['.repeat(10_000)}${']'.repeat(10_000)}`,
  `${'{"a":'.repeat(5000)}1${'}'.repeat(5000)}`,
  'null',
  'true',
  '5',
  '"text"',
  '[]',
  '[{}]',
]
