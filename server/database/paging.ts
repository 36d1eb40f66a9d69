import { sql } from 'kysely'
import type { RawBuilder } from 'kysely'
import { isRefusal, refuseField } from '../platform/refusal.ts'
import type { Refusal } from '../platform/refusal.ts'

/** One column that a list is sorted by, never null (a nullable one has a sort column without nulls). */
export interface SortKey {
  /** `movies.titleFolded` */
  readonly column: string
  readonly direction: 'asc' | 'desc'
  readonly type: 'text' | 'number'
}

/** The order of a list: the last key is unique, so that no row is skipped or told twice. */
export interface Order {
  /** Part of the cursor: one of another order is refused. */
  readonly name: string
  readonly keys: readonly SortKey[]
}

export type SortValue = string | number
export interface Page<Item> {
  readonly data: Item[]
  readonly nextCursor: string | null
}

const defaultLimit = 20

/** How many rows a page has; `limit` has been checked by the contract. */
export function limitOf(query: { readonly limit?: number | undefined }): number {
  return query.limit ?? defaultLimit
}

/**
 * The rows after a cursor: use it as `.where(after)`, with `.orderBy` from `orderBy(order)` and `.limit(limit + 1)`.
 * Without a cursor all rows. Refuses a cursor that this list did not give.
 */
export function readCursor(
  order: Order,
  cursor: string | undefined,
): RawBuilder<boolean> | Refusal<'validation_failed'> {
  if (cursor === undefined) return sql<boolean>`1 = 1`
  const values = cursorValues(order, cursor)
  return isRefusal(values) ? values : rowsAfter(order, values)
}

/** The sort values in a cursor, for lists that are sorted outside of the database. */
export function cursorValues(order: Order, cursor: string): readonly SortValue[] | Refusal<'validation_failed'> {
  const values = parseCursor(cursor)
  const fits =
    values?.length === order.keys.length + 1 &&
    values[0] === order.name &&
    order.keys.every((key, index) => typeof values[index + 1] === (key.type === 'text' ? 'string' : 'number'))
  if (!values || !fits) return refuseField('/cursor', 'is not a cursor of this list')
  return values.slice(1)
}

function parseCursor(cursor: string): SortValue[] | null {
  try {
    const values: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'))
    if (!Array.isArray(values)) return null
    const plain = values.every(
      (value) =>
        Number.isSafeInteger(value) || (typeof value === 'string' && value.isWellFormed() && !value.includes('\u0000')),
    )
    return plain ? values : null
  } catch {
    return null
  }
}

function rowsAfter(order: Order, values: readonly SortValue[]): RawBuilder<boolean> {
  const alternatives = order.keys.map((key, index) => {
    const equal = order.keys
      .slice(0, index)
      .map((earlier, position) => sql`${sql.ref(earlier.column)} = ${values[position]}`)
    const beyond = sql`${sql.ref(key.column)} ${sql.raw(key.direction === 'asc' ? '>' : '<')} ${values[index]}`
    return sql`(${sql.join([...equal, beyond], sql` and `)})`
  })
  return sql<boolean>`(${sql.join(alternatives, sql` or `)})`
}

/** What to sort by: `.orderBy(orderBy(order))`. */
export function orderBy(order: Order): RawBuilder<unknown> {
  return sql`${sql.join(order.keys.map((key) => sql`${sql.ref(key.column)} ${sql.raw(key.direction)}`))}`
}

/** Cuts `limit + 1` rows to a page; `valuesOf` gives a row's sort values, in the order of the keys. */
export function toPage<Row, Item>(
  order: Order,
  rows: readonly Row[],
  limit: number,
  valuesOf: (row: Row) => readonly SortValue[],
  present: (row: Row) => Item,
): Page<Item> {
  const shown = rows.slice(0, limit)
  const last = rows.length > limit ? shown.at(-1) : undefined
  return {
    data: shown.map(present),
    nextCursor:
      last === undefined ? null : Buffer.from(JSON.stringify([order.name, ...valuesOf(last)])).toString('base64url'),
  }
}
