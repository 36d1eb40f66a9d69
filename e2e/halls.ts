import { someShowtime } from './house.ts'
import type { House } from './house.ts'
import { callAs } from './till.ts'

interface Hall {
  /** Called A, B, C …, then AA, AB … */
  readonly rows: number
  readonly seatsPerRow: number
  readonly startsInMs: number
  readonly status?: 'draft'
}

/** A showtime of some film in a new hall of plain rows; its id. */
export async function openHall(house: House, { rows, seatsPerRow, startsInMs, status }: Hall): Promise<string> {
  const asAdmin = await callAs(house, 'admin@example.com', 'admin123')
  const { movieId, theatreId } = await someShowtime(house)
  const { currency } = await house.call('getTheatre', { params: { id: theatreId } })
  const seats = Array.from({ length: seatsPerRow }, (_, index) => ({ number: String(index + 1), column: index + 1 }))
  const hall = await asAdmin('createAuditorium', {
    params: { id: theatreId },
    body: {
      name: `Hall ${crypto.randomUUID().slice(0, 4)}`,
      layout: {
        seating: 'reserved',
        rows: Array.from({ length: rows }, (_, index) => ({ label: letters(index), seats })),
      },
    },
  })
  const showtime = await asAdmin('createShowtime', {
    body: {
      movieId,
      auditoriumId: hall.id,
      startsAt: new Date(Date.now() + startsInMs).toISOString(),
      basePrice: { amount: 1000, currency },
      ...(status && { status }),
    },
  })
  return showtime.id
}

function letters(index: number): string {
  const last = String.fromCodePoint(65 + (index % 26))
  return index < 26 ? last : letters(Math.floor(index / 26) - 1) + last
}
