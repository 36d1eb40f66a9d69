import { useQuery } from '@tanstack/react-query'
import { call } from '../api.ts'
import { fullPrice } from '../catalogue/showtimes.ts'
import type { Listed } from '../catalogue/showtimes.ts'
import type { Booking } from '../../contract/bookings.ts'

/** Showtimes of the same film in the same house that have room for as many. */
export function useOtherShowtimes(show: Listed, places: number) {
  return useQuery({
    queryKey: ['desk', 'others', show.id, places],
    queryFn: async ({ signal }): Promise<Listed[]> => {
      const { movieId, theatreId } = show
      const from = new Date().toISOString()
      const query = { movieId, theatreId, from, expand: 'movie,theatre,auditorium', limit: 50 }
      const { data } = await call('listShowtimes', { query, signal })
      return data.flatMap((one) => {
        const { movie, theatre } = one
        const fits = one.id !== show.id && one.status === 'scheduled' && one.availableSeats >= places
        return fits && movie && theatre ? [{ ...one, movie, theatre }] : []
      })
    },
  })
}

type Tickets = Booking['tickets']

/** The best seats of another showtime for these tickets, and what they come to there less what they came to, minor units. */
export function useNewSeats(target: Listed | undefined, tickets: Tickets) {
  const isReserved = target?.seating === 'reserved'
  const found = useQuery({
    queryKey: ['desk', 'places', target?.id, tickets.length],
    enabled: isReserved,
    queryFn: async ({ signal }) => {
      const params = { id: target?.id ?? '' }
      const [{ seats }, map] = await Promise.all([
        call('readBestSeats', { params, query: { count: tickets.length }, signal }),
        call('readSeatMap', { params, signal }),
      ])
      return seats.map((id) => ({ id, category: map.seats?.find((seat) => seat.id === id)?.category ?? 'standard' }))
    },
  })
  const seats = found.data ?? []
  const categories = isReserved ? seats.map(({ category }) => category) : tickets.map(() => 'standard')
  return {
    seats: isReserved ? seats.map(({ id }) => id) : null,
    difference: target && categories.length === tickets.length ? differenceOf(target, tickets, categories) : null,
    lookAgain: () => void found.refetch(),
  }
}

function differenceOf(target: Listed, tickets: Tickets, categories: readonly string[]): number | null {
  let difference = 0
  for (const [index, { ticketType, total }] of tickets.entries()) {
    const price = fullPrice(target, categories[index] ?? '', ticketType)
    if (price === undefined) return null
    difference += price - total.amount
  }
  return difference
}
