import { sql } from 'kysely'
import type { Kysely, RawBuilder } from 'kysely'
import type { Layout } from '../../contract/layouts.ts'
import type { Transaction } from '../database/database.ts'
import { orderBy } from '../database/paging.ts'
import type { Order } from '../database/paging.ts'
import type { Tables } from '../database/tables/index.ts'
import type { AuditoriumRow, TheatreRow } from '../database/tables/venues.ts'
import type { Caller } from '../http/caller.ts'
import { fold, searchWords } from '../platform/fold.ts'

type Query = Kysely<Tables>

export async function findTheatre(query: Query, id: string): Promise<TheatreRow | undefined> {
  return await query.selectFrom('theatres').selectAll().where('id', '=', id).executeTakeFirst()
}

export const theatreOrder = {
  name: 'name',
  keys: [
    { column: 'theatres.nameFolded', direction: 'asc', type: 'text' },
    { column: 'theatres.id', direction: 'asc', type: 'text' },
  ],
} as const satisfies Order

export interface TheatreFilter {
  readonly city?: string | undefined
  readonly q?: string | undefined
  /** Only the theatres where this one works: an administrator at all, an owner at its own, staff where they are named. */
  readonly worker?: Caller | undefined
}

function filteredTheatres(query: Query, filter: TheatreFilter) {
  let theatres = query.selectFrom('theatres')
  if (filter.city !== undefined) theatres = theatres.where('theatres.cityFolded', '=', fold(filter.city))
  for (const word of searchWords(filter.q ?? '')) theatres = theatres.where('theatres.searchText', 'like', `%${word}%`)
  return filter.worker ? theatres.where(worksHere(filter.worker)) : theatres
}

function worksHere(caller: Caller): RawBuilder<boolean> {
  if (caller.kind === 'guest' || caller.role === 'customer') return sql<boolean>`1 = 0`
  if (caller.role === 'admin') return sql<boolean>`1 = 1`
  // Whoever is no owner any more has nothing of a theatre that still names them.
  const ownerId = caller.role === 'owner' ? caller.userId : ''
  return sql<boolean>`(theatres.owner_id = ${ownerId}
    OR theatres.id IN (SELECT theatre_id FROM theatre_staff WHERE user_id = ${caller.userId}))`
}

/** The theatres after a cursor, by name; `count` is one more than a page. */
export async function listTheatres(
  query: Query,
  filter: TheatreFilter,
  after: RawBuilder<boolean>,
  count: number,
): Promise<TheatreRow[]> {
  return await filteredTheatres(query, filter)
    .selectAll('theatres')
    .where(after)
    .orderBy(orderBy(theatreOrder))
    .limit(count)
    .execute()
}

/** Where the theatres are that a filter lets through; those without coordinates are nowhere. */
export async function listPlaces(query: Query, filter: TheatreFilter) {
  const rows = await filteredTheatres(query, filter).select(['theatres.id', 'latitude', 'longitude']).execute()
  return rows.flatMap(({ id, latitude, longitude }) =>
    latitude === null || longitude === null ? [] : { id, latitude, longitude },
  )
}

/** Theatres by their ids, in that order. */
export async function findTheatres(query: Query, ids: readonly string[]): Promise<TheatreRow[]> {
  if (ids.length === 0) return []
  const rows = await query.selectFrom('theatres').selectAll().where('id', 'in', ids).execute()
  const byId = new Map(rows.map((row) => [row.id, row]))
  return ids.flatMap((id) => byId.get(id) ?? [])
}

/** Each city that has a theatre, in the spelling that sorts first. */
export async function listCities(query: Query): Promise<string[]> {
  const rows = await query
    .selectFrom('theatres')
    .select((expression) => ['cityFolded', expression.fn.min('city').as('city')])
    .groupBy('cityFolded')
    .orderBy('cityFolded')
    .execute()
  return rows.map((row) => row.city)
}

/** Locks a theatre until the transaction ends and raises its revision; answers it as it was, or undefined. */
export async function claimTheatre(tx: Transaction, id: string): Promise<TheatreRow | undefined> {
  const row = await tx.query
    .updateTable('theatres')
    .set((expression) => ({ revision: expression('revision', '+', 1), updatedAt: tx.nowMs }))
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirst()
  return row && { ...row, revision: row.revision - 1 }
}

/** Keeps a theatre as it is until the transaction ends; false when there is none. */
export async function lockTheatre(tx: Transaction, id: string): Promise<boolean> {
  const locked = await tx.query
    .updateTable('theatres')
    .set((expression) => ({ updatedAt: expression.ref('updatedAt') }))
    .where('id', '=', id)
    .returning('id')
    .executeTakeFirst()
  return locked !== undefined
}

/** Whether a theatre or an auditorium has ever had a showtime; the table is that of a slice to the right. */
export async function hasShowtimes(
  tx: Transaction,
  column: 'theatre_id' | 'auditorium_id',
  id: string,
): Promise<boolean> {
  const { rows } = await sql`SELECT 1 FROM showtimes WHERE ${sql.ref(column)} = ${id} LIMIT 1`.execute(tx.query)
  return rows.length > 0
}

/** An auditorium with its newest layout, as JSON. */
export interface AuditoriumWithLayout extends AuditoriumRow {
  readonly layout: string
}

function auditoriumsWithLayout(query: Query) {
  return query
    .selectFrom('auditoriums')
    .innerJoin('layouts', (join) =>
      join
        .onRef('layouts.auditoriumId', '=', 'auditoriums.id')
        .onRef('layouts.version', '=', 'auditoriums.layoutVersion'),
    )
    .selectAll('auditoriums')
    .select('layouts.layout')
}

export async function findAuditorium(query: Query, id: string): Promise<AuditoriumWithLayout | undefined> {
  return await auditoriumsWithLayout(query).where('auditoriums.id', '=', id).executeTakeFirst()
}

export const auditoriumOrder = {
  name: 'name',
  keys: [
    { column: 'auditoriums.nameFolded', direction: 'asc', type: 'text' },
    { column: 'auditoriums.id', direction: 'asc', type: 'text' },
  ],
} as const satisfies Order

/** The auditoriums of a theatre after a cursor, by name; `count` is one more than a page. */
export async function listAuditoriums(
  query: Query,
  theatreId: string,
  after: RawBuilder<boolean>,
  count: number,
): Promise<AuditoriumWithLayout[]> {
  return await auditoriumsWithLayout(query)
    .where('auditoriums.theatreId', '=', theatreId)
    .where(after)
    .orderBy(orderBy(auditoriumOrder))
    .limit(count)
    .execute()
}

/** Locks an auditorium until the transaction ends and raises its revision; answers it as it was, or undefined. */
export async function claimAuditorium(tx: Transaction, id: string): Promise<AuditoriumRow | undefined> {
  const row = await tx.query
    .updateTable('auditoriums')
    .set((expression) => ({ revision: expression('revision', '+', 1), updatedAt: tx.nowMs }))
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirst()
  return row && { ...row, revision: row.revision - 1 }
}

/** Keeps an auditorium as it is, and new showtimes out of it, until the transaction ends. */
export async function lockAuditorium(tx: Transaction, id: string): Promise<void> {
  await tx.query
    .updateTable('auditoriums')
    .set((expression) => ({ updatedAt: expression.ref('updatedAt') }))
    .where('id', '=', id)
    .execute()
}

/** One version of an auditorium's layout, which never changes; undefined when there is none of that number. */
export async function findLayout(query: Query, auditoriumId: string, version: number): Promise<Layout | undefined> {
  const row = await query
    .selectFrom('layouts')
    .select('layout')
    .where('auditoriumId', '=', auditoriumId)
    .where('version', '=', version)
    .executeTakeFirst()
  return row && parseStoredLayout(row.layout)
}

/** What `layouts.layout` holds: written by us, from `parseLayout`, and by nobody else. */
export function parseStoredLayout(json: string): Layout {
  return JSON.parse(json)
}
