import { addressOf } from './client.ts'
import type { Reading } from './client.ts'

/**
 * What the web app's public pages read first. The page asks for it in these very words, and the server names the same
 * addresses in the page it sends, so that the browser fetches them beside the scripts and not after.
 */
export const showtimeParts = 'movie,theatre,auditorium'

/** The first page of a list of showtimes, by film, house or business day. */
export interface ShowtimeFilter {
  readonly movieId?: string
  readonly theatreId?: string
  readonly date?: string
}

export function showtimesOf({ date, movieId, theatreId }: ShowtimeFilter): Reading<'listShowtimes'> {
  return { query: { date, movieId, theatreId, expand: showtimeParts, limit: 100 } }
}

export function showtimeOf(id: string): Reading<'getShowtime'> {
  return { params: { id }, query: { expand: showtimeParts } }
}

/** Addresses from the root; `date` is the business day that is running. */
export const firstReads = {
  programme: (date: string) => [addressOf('listShowtimes', showtimesOf({ date }))],
  film: (movieId: string) => [
    addressOf('getMovie', { params: { id: movieId } }),
    addressOf('listShowtimes', showtimesOf({ movieId })),
  ],
  theatre: (theatreId: string, date: string) => [
    addressOf('getTheatre', { params: { id: theatreId } }),
    addressOf('listShowtimes', showtimesOf({ date, theatreId })),
  ],
  showtime: (id: string) => [addressOf('getShowtime', showtimeOf(id)), addressOf('readSeatMap', { params: { id } })],
} as const
