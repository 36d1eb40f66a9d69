import type { Random } from '../server/testing/simulation/random.ts'
import { fits } from './document.ts'
import type { Schema } from './document.ts'

/** Where ids, codes and texts come from that mean something to the server. */
export interface Sources {
  readonly random: Random
  /** Milliseconds since the epoch on the server's clock. */
  readonly now: () => number
  /** An id (or code, reference, email, …) for a field of this name, as somebody of `side` would send it. */
  known(name: string): string | null
}

const dayMs = 24 * 3600_000

const texts = [
  'x',
  'standard',
  'premium',
  'adult',
  'child',
  'usher',
  'Screen 1',
  'The Night Tram',
  'Ünïcode 電影館 🎬',
  '=HYPERLINK("http://example.com")',
  '<script>alert(1)</script>',
  "O'Neill; DROP TABLE bookings; --",
  'GBP',
  'GB',
  'en',
  'de-DE',
  '19:30',
  '06:00',
  'Europe/London',
  'Australia/Lord_Howe',
  'Nowhere/Land',
  'https://example.com/hook',
  '/media/logos/x/logo.webp',
  '2d',
  '51.5,-0.1',
  '#aabbcc',
  'velvet curtain 1911',
  '123456',
  'SPRING10',
  'somebody@example.com',
  'xxxxxxxxxxxxxxxx',
]

/** Makes values that a schema takes, each time others. */
export interface Values {
  of(schema: Schema, name?: string): unknown
}

/** Optional members that decide whether a request gets anywhere. */
const telling = new Set(['customer', 'basePrice', 'seats', 'ticketType', 'tickets', 'balance', 'reason', 'provider'])

export function createValues({ random, now, known }: Sources): Values {
  function of(schema: Schema, name = ''): unknown {
    if (schema.const !== undefined) return schema.const
    if (schema.enum) return schema.enum[random.below(schema.enum.length)]
    if (schema.anyOf) return of(schema.anyOf[random.below(schema.anyOf.length)] ?? {}, name)
    switch (schema.type) {
      case 'object':
        return objectOf(schema)
      case 'array':
        return arrayOf(schema, name)
      case 'string':
        return textOf(schema, name)
      case 'integer':
        return Math.floor(numberOf(schema))
      case 'number':
        return numberOf(schema)
      case 'boolean':
        return random.chance(0.5)
      default:
        return null
    }
  }

  function objectOf({ properties = {}, patternProperties = {}, required = [] }: Schema): object {
    const entries: [string, unknown][] = []
    for (const [name, part] of Object.entries(properties)) {
      const share = required.includes(name) ? 1 : telling.has(name) ? 0.7 : 0.25
      if (random.chance(share)) entries.push([name, of(part, name)])
    }
    const [pattern] = Object.entries(patternProperties)
    if (pattern && random.chance(0.5)) entries.push(['accent', of(pattern[1], 'accent')])
    return Object.fromEntries(entries)
  }

  function arrayOf({ items = {}, minItems = 0, maxItems = 5 }: Schema, name: string): unknown[] {
    const length = Math.min(maxItems, Math.max(minItems, 1) + random.below(3))
    const values = Array.from({ length: random.chance(0.05) ? minItems : length }, () => of(items, name))
    return [...new Map(values.map((value) => [JSON.stringify(value), value])).values()]
  }

  function textOf(schema: Schema, name: string): unknown {
    const own = random.chance(0.9) ? (known(name) ?? timeFor(schema, name)) : null
    if (own !== null && fits(schema, own)) return own
    const long = 'y'.repeat(random.chance(0.1) ? Math.min(schema.maxLength ?? 300, 20_000) : (schema.minLength ?? 1))
    const wanted = [...(schema.examples ?? []), ...texts, long].filter((text) => fits(schema, text))
    return wanted[random.below(wanted.length)] ?? long
  }

  /** A time (or day) near now where a field's name or examples say that it is one. */
  function timeFor(schema: Schema, name: string): string | null {
    const [first] = schema.examples ?? []
    const example = typeof first === 'string' ? first : ''
    const isDay = schema.format === 'date'
    if (!isDay && !/(At|At\||^from|^to|^until|By|valid(From|To))$/.test(name) && !example.startsWith('20')) return null
    const at = new Date(now() + Math.floor((random.next() - 0.3) * 20 * dayMs)).toISOString()
    if (isDay) return at.slice(0, 10)
    return random.chance(0.5) ? at.slice(0, 16) : `${at.slice(0, 19)}Z`
  }

  function numberOf({ minimum = 0, maximum = minimum + 1000, type }: Schema): number {
    const most = Math.min(maximum, minimum + 5000)
    const choice = random.below(6)
    if (choice === 0) return minimum
    if (choice === 1) return maximum
    if (choice < 4) return Math.min(maximum, minimum + random.below(8))
    const value = minimum + random.next() * (most - minimum)
    return type === 'integer' ? Math.floor(value) : Math.round(value * 100) / 100
  }

  return { of }
}
