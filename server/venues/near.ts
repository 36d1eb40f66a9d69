import type { Kysely } from 'kysely'
import type { Theatre } from '../../contract/venues.ts'
import { cursorValues, toPage } from '../database/paging.ts'
import type { Order, Page } from '../database/paging.ts'
import type { Tables } from '../database/tables/index.ts'
import { isRefusal, refuseField } from '../platform/refusal.ts'
import type { Refusal } from '../platform/refusal.ts'
import { metersBetween } from './model.ts'
import { presentTheatre } from './present.ts'
import { findTheatres, listPlaces } from './store.ts'
import type { TheatreFilter } from './store.ts'

export interface Place {
  readonly latitude: number
  readonly longitude: number
}

/** Reads `51.5,-0.12`: degrees of latitude and longitude. */
export function parseNear(near: string): Place | Refusal<'validation_failed'> {
  const [latitude = NaN, longitude = NaN] = near.split(',').map(Number)
  const onGlobe = Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180
  return onGlobe ? { latitude, longitude } : refuseField('/near', 'must be a latitude and a longitude in degrees')
}

const nearestFirst = {
  name: 'near',
  keys: [
    { column: 'meters', direction: 'asc', type: 'number' },
    { column: 'id', direction: 'asc', type: 'text' },
  ],
} as const satisfies Order

/**
 * The theatres nearest to a place, in whole metres; those without coordinates are left out. Measured here and not in
 * SQL: the engines' floating point differs, and even the largest chain has only some thousand theatres.
 */
export async function theatresNear(
  query: Kysely<Tables>,
  filter: TheatreFilter,
  place: Place,
  cursor: string | undefined,
  limit: number,
): Promise<Page<Theatre> | Refusal<'validation_failed'>> {
  const after = cursor === undefined ? null : cursorValues(nearestFirst, cursor)
  if (isRefusal(after)) return after
  const [meters, id] = after ?? [-1, '']
  const found = (await listPlaces(query, filter))
    .map((each) => ({ id: each.id, meters: Math.round(metersBetween(place, each)) }))
    .filter((each) => each.meters > Number(meters) || (each.meters === Number(meters) && each.id > String(id)))
    .sort((a, b) => a.meters - b.meters || (a.id < b.id ? -1 : 1))
  const page = toPage(
    nearestFirst,
    found.slice(0, limit + 1),
    limit,
    (each) => [each.meters, each.id],
    (each) => each.id,
  )
  const rows = await findTheatres(query, page.data)
  return { data: rows.map(presentTheatre), nextCursor: page.nextCursor }
}
