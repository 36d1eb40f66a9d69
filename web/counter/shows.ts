import { queryOptions } from '@tanstack/react-query'
import { call } from '../api.ts'
import type { Listed } from '../catalogue/showtimes.ts'
import { fullPrice } from '../catalogue/showtimes.ts'
import type { MappedSeat } from '../../contract/holds.ts'
import type { Party } from '../seat-map/choice.ts'
import { typesFor } from '../seat-map/choice.ts'

/** Longer than any film: what runs now began after this. */
const longestShowMs = 6 * 3_600_000
/** What is sold in advance at a counter; everything else is found by its day. */
const aheadMs = 36 * 3_600_000
const everyMs = 5000

/** The showtimes of a house that run or come, by start; asked for again every few seconds. */
export function showsQuery(theatreId: string) {
  return queryOptions({
    queryKey: ['counter', 'shows', theatreId],
    refetchInterval: everyMs,
    queryFn: async ({ signal }): Promise<Listed[]> => {
      const now = Date.now()
      const instant = (ms: number) => new Date(ms).toISOString()
      const span = { from: instant(now - longestShowMs), to: instant(now + aheadMs) }
      const query = { theatreId, ...span, expand: 'movie,theatre,auditorium', limit: 100 }
      const { data } = await call('listShowtimes', { query, signal })
      return data.flatMap((showtime) => {
        const { movie, theatre } = showtime
        return movie && theatre && isSold(showtime, now) ? [{ ...showtime, movie, theatre }] : []
      })
    },
  })
}

/** The counter sells until the film is over. */
function isSold(showtime: Pick<Listed, 'status' | 'endsAt'>, now: number): boolean {
  return showtime.status === 'scheduled' && Date.parse(showtime.endsAt) > now
}

/** Whole minutes until a showtime begins; 0 in the minute in which it does, and less once it runs. */
export function minutesToStart(startsAt: string, now: number): number {
  return Math.ceil((Date.parse(startsAt) - now) / 60_000)
}

/** The next showtime that has not begun and has a place left; where there is none, the last that began. */
export function nextShow(shows: readonly Listed[], now: number): Listed | null {
  const open = shows.filter((show) => show.availableSeats > 0 && !show.salesPaused)
  return open.find((show) => Date.parse(show.startsAt) > now) ?? open.at(-1) ?? null
}

/** Ticket types of a showtime, the full one first, then as the house lists them. */
export function typesOf(show: Listed | null, order: readonly string[]): string[] {
  const sold = [...new Set(show?.prices.map(({ ticketType }) => ticketType))]
  const place = (type: string) => (order.includes(type) ? order.indexOf(type) : order.length)
  return sold.toSorted((one, other) => place(one) - place(other))
}

/** The lowest price of a type in any category, fee and tax in it, minor units. */
export function lowestPrice(show: Listed, type: string): number | null {
  const amounts = show.prices
    .filter(({ ticketType }) => ticketType === type)
    .flatMap(({ category }) => fullPrice(show, category, type) ?? [])
  return amounts.length === 0 ? null : Math.min(...amounts)
}

/**
 * What a party comes to in these seats, minor units, by the showtime's prices; null where a pair has none. Without seats the
 * lowest category is meant. The house's own total counts; this one stands on the screen until it comes.
 */
export function estimate(
  show: Listed,
  counts: Party,
  chosen: readonly string[] | null,
  seats: readonly MappedSeat[],
): number | null {
  const size = Object.values(counts).reduce((sum, count) => sum + count, 0)
  const places = chosen ?? Array.from({ length: size }, () => null)
  let total = 0
  for (const [index, type] of typesFor(counts, places).entries()) {
    const id = places[index]
    const category = seats.find((seat) => seat.id === id)?.category
    const price = category === undefined ? lowestPrice(show, type) : fullPrice(show, category, type)
    if (price === null || price === undefined) return null
    total += price
  }
  return total
}
