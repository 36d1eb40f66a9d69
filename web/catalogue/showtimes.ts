import { queryOptions } from '@tanstack/react-query'
import { showtimesOf } from '../../contract/first-reads.ts'
import type { ShowtimeFilter } from '../../contract/first-reads.ts'
import type { Movie } from '../../contract/catalogue.ts'
import type { Showtime } from '../../contract/showtimes.ts'
import type { Theatre } from '../../contract/venues.ts'
import { call } from '../api.ts'

/** A showtime with all that its button tells. */
export interface Listed extends Showtime {
  readonly movie: Movie
  readonly theatre: Theatre
}

const mostPages = 8

/** Every showtime of a day, a film or a house, over all pages. */
async function readAll(filter: ShowtimeFilter, signal: AbortSignal): Promise<Listed[]> {
  const found: Listed[] = []
  let cursor: string | undefined
  for (let page = 0; page < mostPages; page += 1) {
    const query = { ...showtimesOf(filter).query, ...(cursor !== undefined && { cursor }) }
    const { data, nextCursor } = await call('listShowtimes', { query, signal })
    found.push(...data.filter(isListed))
    if (nextCursor === null) break
    cursor = nextCursor
  }
  return found
}

function isListed(showtime: Showtime): showtime is Listed {
  return showtime.movie !== undefined && showtime.theatre !== undefined
}

export function showtimesQuery(filter: ShowtimeFilter) {
  return queryOptions({
    queryKey: ['showtimes', filter],
    queryFn: ({ signal }) => readAll(filter, signal),
    refetchInterval: 60_000,
  })
}

/** The first showtimes from a day on: where to go when that day has none. */
export function nextShowtimeQuery(from: string, theatreId?: string) {
  return queryOptions({
    queryKey: ['next', from, theatreId],
    queryFn: async ({ signal }) => {
      const query = { from, limit: 1, ...(theatreId !== undefined && { theatreId }) }
      const { data } = await call('listShowtimes', { query, signal })
      return data[0] ?? null
    },
  })
}

/** Times on which nothing can be bought any more have gone from the board. */
export function isOnSale(showtime: Showtime, nowMs: number): boolean {
  return showtime.status === 'scheduled' && Date.parse(showtime.salesCloseAt) > nowMs
}

/** The business day that is running: before six in the morning it is still last night. */
export function businessToday(nowMs: number): string {
  return dayKey(new Date(nowMs - 6 * 3_600_000))
}

function dayKey(date: Date): string {
  const two = (value: number) => String(value).padStart(2, '0')
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`
}

export function addDays(day: string, days: number): string {
  const date = new Date(`${day}T12:00:00Z`)
  date.setUTCDate(date.getUTCDate() + days)
  return date.toISOString().slice(0, 10)
}

/** Rows in the order in which their first showtime starts. */
export function groupBy(showtimes: readonly Listed[], keyOf: (showtime: Listed) => string) {
  const groups = new Map<string, Listed[]>()
  for (const showtime of showtimes) {
    const group = groups.get(keyOf(showtime))
    if (group) group.push(showtime)
    else groups.set(keyOf(showtime), [showtime])
  }
  return [...groups.values()]
}

/** What one ticket comes to, fee and tax in it, minor units; undefined where the pair is not sold. */
export function fullPrice(showtime: Listed, category: string, ticketType: string): number | undefined {
  const row = showtime.prices.find((price) => price.category === category && price.ticketType === ticketType)
  if (!row) return undefined
  const { ticketFee, taxRatePercent, pricesIncludeTax } = showtime.theatre.settings
  const due = row.price.amount + ticketFee.amount
  // Half up, as the house does it.
  return pricesIncludeTax ? due : due + Math.floor((due * taxRatePercent) / 100 + 0.5)
}

/** The lowest price of a full ticket; of any ticket where none is for adults. */
export function priceFrom(showtime: Listed): { amount: number; currency: string } | null {
  const adult = showtime.prices.filter(({ ticketType }) => ticketType === 'adult')
  const amounts = (adult.length > 0 ? adult : showtime.prices).flatMap(
    ({ category, ticketType }) => fullPrice(showtime, category, ticketType) ?? [],
  )
  return amounts.length === 0 ? null : { amount: Math.min(...amounts), currency: showtime.theatre.currency }
}

/** Folded for search: case and accents do not count. */
export function fold(text: string): string {
  return text.normalize('NFD').replaceAll(/\p{M}/gu, '').toLowerCase()
}
