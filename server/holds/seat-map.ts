import type { Availability, SeatCounts, SeatMap } from '../../contract/holds.ts'
import { capacityOf, seatIdOf } from '../venues/layout.ts'
import { presentPrices } from '../showtimes/pricing.ts'
import { isLive, statusOf } from './model.ts'
import type { Claim } from './model.ts'
import type { HoldStore, ShowtimeForSale } from './store.ts'

/** A document ready to be sent, and what it says now: its version and how many of its claims have lapsed since. */
export interface PreparedDocument {
  readonly bytes: string
  readonly etag: string
}

interface Rendered {
  readonly source: string
  /** Milliseconds since the epoch when the next claim lapses: from then on it must be made anew. */
  readonly validUntil: number
  /** Made when it is first asked for: of a large hall it takes milliseconds, and most ask for less. */
  readonly map: () => PreparedDocument
  readonly availability: PreparedDocument
  readonly counts: SeatCounts
}

const remembered = 1000

export interface SeatMaps {
  map(showtime: ShowtimeForSale, nowMs: number): Promise<PreparedDocument>
  availability(showtime: ShowtimeForSale, nowMs: number): Promise<PreparedDocument>
  counts(showtime: ShowtimeForSale, nowMs: number): Promise<SeatCounts>
}

/**
 * Seat maps and availability as prepared bytes, the same for everybody. They render from the claims and the clock, never
 * wait for a write, and are made anew only when the version has risen or a claim has lapsed.
 */
export function createSeatMaps(store: HoldStore): SeatMaps {
  const rendered = new Map<string, Rendered>()

  async function current(showtime: ShowtimeForSale, nowMs: number): Promise<Rendered> {
    const source = `${showtime.revision}.${showtime.layoutVersion}.${showtime.version}`
    const known = rendered.get(showtime.id)
    if (known && known.source === source && nowMs < known.validUntil) return known
    const fresh = render(showtime, await store.claims(showtime.id), source, nowMs)
    rendered.set(showtime.id, fresh)
    const [oldest] = rendered.keys()
    if (rendered.size > remembered && oldest !== undefined) rendered.delete(oldest)
    return fresh
  }

  return {
    map: async (showtime, nowMs) => (await current(showtime, nowMs)).map(),
    availability: async (showtime, nowMs) => (await current(showtime, nowMs)).availability,
    counts: async (showtime, nowMs) => (await current(showtime, nowMs)).counts,
  }
}

function render(showtime: ShowtimeForSale, claims: readonly Claim[], source: string, nowMs: number): Rendered {
  const live = claims.filter((claim) => isLive(claim, nowMs))
  const lapsed = claims.length - live.length
  const expiries = live.flatMap(({ expiresAt }) => expiresAt ?? [])
  const etag = `"${source}.${lapsed}"`
  let unread = live
  let map: PreparedDocument | null = null
  return {
    source,
    validUntil: expiries.length > 0 ? Math.min(...expiries) : Number.POSITIVE_INFINITY,
    map() {
      map ??= { bytes: JSON.stringify(seatMapOf(showtime, unread)), etag }
      unread = []
      return map
    },
    availability: { bytes: JSON.stringify(availabilityOf(showtime, live)), etag },
    counts: countsOf(showtime, live),
  }
}

/** Every seat with its status; for general admission the counts alone. `claims` are live ones. */
export function seatMapOf(showtime: ShowtimeForSale, claims: readonly Claim[]): SeatMap {
  const { layout } = showtime
  const head = { showtimeId: showtime.id, version: showtime.version, layoutVersion: showtime.layoutVersion }
  const tail = {
    prices: presentPrices(showtime.terms.prices, showtime.terms.currency),
    counts: countsOf(showtime, claims),
  }
  if (layout.seating === 'general') return { ...head, seating: 'general', ...tail }
  const statuses = new Map(claims.map((claim) => [claim.seatId, statusOf(claim)]))
  const seats = layout.rows.flatMap((row) =>
    row.seats.map(({ number, column, category, kind, unit }) => {
      const id = seatIdOf(row.label, number)
      const status = statuses.get(id) ?? 'available'
      return {
        id,
        row: row.label,
        number,
        line: row.line,
        column,
        category,
        kind,
        ...(unit !== undefined && { unit }),
        ...(row.stagger && { stagger: true }),
        status,
      }
    }),
  )
  return { ...head, seating: 'reserved', ...(layout.curve && { curve: layout.curve }), seats, ...tail }
}

/** Only what is not free. */
export function availabilityOf(showtime: ShowtimeForSale, claims: readonly Claim[]): Availability {
  if (showtime.layout.seating === 'general') return { version: showtime.version, counts: countsOf(showtime, claims) }
  const named = (status: string) =>
    claims
      .filter((claim) => statusOf(claim) === status)
      .map(({ seatId }) => seatId)
      .toSorted()
  return { version: showtime.version, held: named('held'), booked: named('booked'), blocked: named('blocked') }
}

function countsOf(showtime: ShowtimeForSale, claims: readonly Claim[]): SeatCounts {
  const counts = { available: capacityOf(showtime.layout), held: 0, booked: 0, blocked: 0 }
  for (const claim of claims) {
    const status = statusOf(claim)
    if (status === 'available') continue
    counts[status] += claim.places
    counts.available -= claim.places
  }
  return { ...counts, available: Math.max(0, counts.available) }
}
