import { idPrefixes } from '../../contract/common.ts'
import type { IdKind } from '../../contract/common.ts'
import type { Transaction } from '../database/database.ts'
import type { Tables } from '../database/tables/index.ts'

/** A row that somebody changes, whatever its table. */
export type Thing = Readonly<Record<string, unknown>>

const tables = {
  movie: 'movies',
  theatre: 'theatres',
  auditorium: 'auditoriums',
  showtime: 'showtimes',
  booking: 'bookings',
  ticket: 'tickets',
  payment: 'payments',
  user: 'users',
  ticketType: 'ticketTypes',
  priceList: 'priceLists',
  promotion: 'promotions',
  webhookEndpoint: 'webhookEndpoints',
  voucher: 'vouchers',
  shift: 'shifts',
} as const satisfies Partial<Record<IdKind, keyof Tables>>

/** What says nothing, or nothing that may be kept. */
const leftOut = new Set(['updatedAt', 'searchText', 'passwordHash', 'totpSecret', 'totpUsedStep', 'terms', 'client'])

/** The row of an id, found by the kind that its prefix tells; null when there is none, or none of a kind that is recorded. */
export async function readThing(tx: Transaction, id: string): Promise<Thing | null> {
  const prefix = id.slice(0, 3)
  for (const [kind, table] of Object.entries(tables)) {
    if (!isKind(kind) || idPrefixes[kind] !== prefix) continue
    const row = await tx.query.selectFrom(table).selectAll().where('id', '=', id).executeTakeFirst()
    return row ? { ...row } : null
  }
  return null
}

function isKind(text: string): text is keyof typeof tables {
  return text in tables
}

/** The columns that differ, as they were and as they are; all of them where something came or went. */
export function changesBetween(
  before: Thing | null,
  after: Thing | null,
): { before: Thing | null; after: Thing | null } {
  const names = Object.keys(after ?? before ?? {}).filter((name) => !leftOut.has(name) && !name.endsWith('Folded'))
  const changed = before && after ? names.filter((name) => before[name] !== after[name]) : names
  const pick = (thing: Thing | null) =>
    thing && Object.fromEntries(changed.map((name) => [name, readable(thing[name])]))
  return { before: pick(before), after: pick(after) }
}

/** JSON in a column is shown as what it says. */
function readable(value: unknown): unknown {
  if (typeof value !== 'string' || !/^[[{]/.test(value)) return value
  try {
    return JSON.parse(value)
  } catch {
    return value
  }
}

/** The theatre in which something was done: its own, its showtime's, or the one that is named. */
export async function theatreOf(
  tx: Transaction,
  things: readonly (Thing | null)[],
  named: readonly unknown[],
): Promise<string | null> {
  for (const thing of things) {
    const own = textIn(thing, 'theatreId') ?? theatreId(textIn(thing, 'id'))
    if (own !== null) return own
    const showtimeId = textIn(thing, 'showtimeId')
    if (showtimeId !== null) return textIn(await readThing(tx, showtimeId), 'theatreId')
  }
  for (const each of named) {
    const one = firstOf(each)
    const own = textIn(one, 'theatreId') ?? theatreId(textIn(one, 'id'))
    if (own !== null) return own
    const auditoriumId = textIn(one, 'auditoriumId')
    if (auditoriumId !== null) return textIn(await readThing(tx, auditoriumId), 'theatreId')
  }
  return null
}

/** A thing itself, or the first of a list of things; what was made in bulk is of one theatre. */
function firstOf(value: unknown): unknown {
  if (Array.isArray(value)) return value[0]
  if (typeof value !== 'object' || value === null) return null
  for (const list of [Reflect.get(value, 'showtimes'), Reflect.get(value, 'data')]) {
    if (Array.isArray(list)) return list[0]
  }
  return value
}

function textIn(value: unknown, name: string): string | null {
  if (typeof value !== 'object' || value === null) return null
  const text: unknown = Reflect.get(value, name)
  return typeof text === 'string' ? text : null
}

function theatreId(id: string | null): string | null {
  return id !== null && id.startsWith(`${idPrefixes.theatre}_`) ? id : null
}
