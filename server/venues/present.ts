import type { Auditorium } from '../../contract/auditoriums.ts'
import type { Theatre } from '../../contract/venues.ts'
import type { TheatreRow } from '../database/tables/venues.ts'
import { formatInstant } from '../platform/time.ts'
import { theatreFactsOfRow } from './model.ts'
import { presentAudienceSettings } from './settings.ts'
import { parseStoredLayout } from './store.ts'
import type { AuditoriumWithLayout } from './store.ts'

export function presentTheatre(row: TheatreRow): Theatre {
  const { name, city, timeZone, currency, amenities, ...place } = theatreFactsOfRow(row)
  return {
    id: row.id,
    name,
    city,
    timeZone,
    currency,
    ...place,
    amenities: [...amenities],
    ownerId: row.ownerId,
    settings: presentAudienceSettings(row),
    createdAt: formatInstant(row.createdAt),
    updatedAt: formatInstant(row.updatedAt),
  }
}

export function presentAuditorium(row: AuditoriumWithLayout): Auditorium {
  return {
    id: row.id,
    theatreId: row.theatreId,
    name: row.name,
    capacity: row.capacity,
    layoutVersion: row.layoutVersion,
    layout: parseStoredLayout(row.layout),
    turnaroundMinutes: row.turnaroundMinutes,
  }
}
