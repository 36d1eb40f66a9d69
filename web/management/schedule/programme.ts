import { queryOptions } from '@tanstack/react-query'
import type { Movie } from '../../../contract/catalogue.ts'
import type { Showtime } from '../../../contract/showtimes.ts'
import { call } from '../../api.ts'
import { addDays } from '../../ui/zone.ts'
import { inOrder } from './board.ts'
import type { Lane, Slot } from './board.ts'

/** A showtime on the board, with its film. */
export interface Screening extends Slot {
  readonly showtime: Showtime
  readonly film: Movie
  /** Places that are held, booked or blocked. */
  readonly taken: number
}

function screeningOf(showtime: Showtime, film: Movie): Screening {
  const { id, auditoriumId, status, startsAt, endsAt, busyUntil, capacity, availableSeats } = showtime
  return {
    id,
    auditoriumId,
    status,
    startsAt: Date.parse(startsAt),
    endsAt: Date.parse(endsAt),
    busyUntil: Date.parse(busyUntil),
    taken: capacity - availableSeats,
    showtime,
    film,
  }
}

/** Everything of a theatre's business days, both included, and of the days beside them: a night may reach into the next. */
export function programmeQuery(theatreId: string, from: string, to: string) {
  return queryOptions({
    queryKey: ['programme', theatreId, from, to],
    queryFn: ({ signal }) => readProgramme(theatreId, addDays(from, -1), addDays(to, 1), signal),
    refetchInterval: 60_000,
  })
}

async function readProgramme(theatreId: string, from: string, to: string, signal: AbortSignal): Promise<Screening[]> {
  const found: Screening[] = []
  let cursor: string | undefined
  do {
    const query = { theatreId, from, to, expand: 'movie', limit: 100, ...(cursor !== undefined && { cursor }) }
    const { data, nextCursor } = await call('listShowtimes', { query, signal })
    found.push(...data.flatMap((showtime) => (showtime.movie ? screeningOf(showtime, showtime.movie) : [])))
    cursor = nextCursor ?? undefined
  } while (cursor !== undefined)
  return found
}

/** The halls of a theatre, each with the turnaround that counts there. */
export function lanesQuery(theatreId: string) {
  return queryOptions({
    queryKey: ['lanes', theatreId],
    staleTime: 60_000,
    queryFn: async ({ signal }): Promise<Lane[]> => {
      const { turnaroundMinutes } = await call('getSettings', { params: { id: theatreId }, signal })
      const lanes: Lane[] = []
      let cursor: string | undefined
      do {
        const query = { limit: 100, ...(cursor !== undefined && { cursor }) }
        const { data, nextCursor } = await call('listAuditoriums', { params: { id: theatreId }, query, signal })
        for (const hall of data) {
          lanes.push({ id: hall.id, name: hall.name, turnaroundMinutes: hall.turnaroundMinutes ?? turnaroundMinutes })
        }
        cursor = nextCursor ?? undefined
      } while (cursor !== undefined)
      return inOrder(lanes)
    },
  })
}

export function priceListsQuery(theatreId: string) {
  return queryOptions({
    queryKey: ['price-lists', theatreId],
    staleTime: 60_000,
    queryFn: async ({ signal }) => (await call('listPriceLists', { params: { id: theatreId }, signal })).data,
  })
}
