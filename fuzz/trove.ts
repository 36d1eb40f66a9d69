import type { Random } from '../server/testing/simulation/random.ts'
import type { Side, World } from './world.ts'

/** Every id there is to know: each house's things, and what the server has told since. */
export interface Trove {
  /** A value for a field (or a path's parameter) of this name; null where nothing is known for it. */
  known(name: string, side: Side, path: string): string | null
  /** The key of a thing that is named there. */
  keyFor(text: string): string | null
  /** Remembers the ids and keys of an answer. */
  learn(text: string): void
}

/** Which kind of thing a field names. */
const kinds: Readonly<Record<string, string>> = {
  movieId: 'mov',
  theatreId: 'thr',
  auditoriumId: 'aud',
  showtimeId: 'sho',
  holdId: 'hld',
  bookingId: 'bkg',
  ticketId: 'tkt',
  tickets: 'tkt',
  userId: 'usr',
  ownerId: 'usr',
  actorId: 'usr',
  subjectId: 'bkg',
  shiftId: 'shf',
  priceListId: 'prl',
  ticketTypeId: 'tty',
  deliveryId: 'whd',
  after: 'evt',
  promoCode: 'promoCode',
  voucherCode: 'voucherCode',
  code: 'code',
  reference: 'reference',
  email: 'email',
  password: 'password',
  currentPassword: 'password',
  cursor: 'cursor',
}

/** What an `{id}` is, by what stands before it in a path. */
const kindsByPath: Readonly<Record<string, string>> = {
  movies: 'mov',
  theatres: 'thr',
  auditoriums: 'aud',
  showtimes: 'sho',
  holds: 'hld',
  bookings: 'bkg',
  payments: 'pay',
  tickets: 'tkt',
  users: 'usr',
  promotions: 'pro',
  vouchers: 'vou',
  shifts: 'shf',
  sessions: 'ses',
  'webhook-endpoints': 'whk',
  'check-ins': 'tkt',
}

const remembered = 60

export function createTrove(world: World, random: Random): Trove {
  const told = new Map<string, string[]>()
  const keys = new Map(world.keys)

  function pick(values: readonly string[] | undefined): string | null {
    return values?.[random.below(values.length)] ?? null
  }
  function of(kind: string, side: Side): string | null {
    const choice = random.next()
    if (choice < 0.03) return 'x'.repeat(20)
    if (choice < 0.06) return `${kind}_00000000000000000000000000`
    if (choice < 0.1) return pick(told.get(pick([...told.keys()]) ?? ''))
    const own = world.things[side].get(kind)
    const later = told.get(kind)
    return choice < 0.6 || !later ? (pick(own) ?? pick(later)) : pick(later)
  }
  function remember(kind: string, value: string): void {
    const values = told.getOrInsertComputed(kind, () => [])
    if (values.includes(value)) return
    values.push(value)
    if (values.length > remembered) values.splice(random.below(remembered), 1)
  }
  function walk(value: unknown): void {
    if (Array.isArray(value)) for (const item of value) walk(item)
    if (typeof value !== 'object' || value === null) return
    for (const [name, part] of Object.entries(value)) {
      const prefix = typeof part === 'string' ? /^([a-z]{3})_\w{10,}$/.exec(part)?.[1] : undefined
      if (typeof part === 'string' && prefix !== undefined) remember(prefix, part)
      else if (typeof part === 'string' && /^(code|reference)$/.test(name)) remember(name, part)
      else if (typeof part === 'string' && name === 'nextCursor') remember('cursor', part)
      else walk(part)
    }
    const { id, token, accessToken } = value as Record<string, unknown>
    const key = token ?? accessToken
    if (typeof id === 'string' && typeof key === 'string' && /^(hld|bkg)_/.test(id)) keys.set(id, key)
  }

  return {
    known(name, side, path) {
      if (name === 'provider') return random.pick(['test', 'test', 'counter', 'counter', 'stripe', 'nobody'])
      if (/^(seat|seats|to|from)$/.test(name)) return `${random.pick(['A', 'B', 'C', 'D', 'E'])}${1 + random.below(8)}`
      if (name === 'timeZone') return random.pick(['Europe/London', 'America/New_York', 'Nowhere/Land'])
      if (name === 'currency') return random.chance(0.95) ? 'GBP' : 'EUR'
      if (/^(ticketType|category)$/.test(name) && random.chance(0.7)) return name === 'category' ? 'standard' : 'adult'
      if (name === 'email' && !/login|lookup/.test(path)) return random.pick(['ada@example.com', 'nobody@example.com'])
      if (name !== 'id') return kinds[name] === undefined ? null : of(kinds[name], side)
      const before = /\/([\w-]+)\/\{\w+\}/.exec(path)?.[1] ?? ''
      return of(kindsByPath[before] ?? 'bkg', side)
    },
    keyFor(text) {
      if (random.chance(0.1)) return pick([...keys.values()])
      const id = /(hld|bkg|pay)_\w+/.exec(text)?.[0]
      return (id === undefined ? undefined : keys.get(id)) ?? null
    },
    learn(text) {
      if (text.startsWith('{')) walk(JSON.parse(text))
    },
  }
}
