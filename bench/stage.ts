import type { Layout } from '../contract/layouts.ts'
import type { Database } from '../server/database/database.ts'
import { insertRow } from '../server/database/rows.ts'
import { createSeatLedgers } from '../server/database/seat-ledger.ts'
import { newId } from '../server/platform/ids.ts'

const dayMs = 24 * 3600_000

/** A hall of so many rows of as many seats. */
export interface Hall {
  readonly layout: Layout
  readonly capacity: number
  /** Every pair of neighbours that does not overlap another: as many holds sell the hall out. */
  readonly pairs: readonly (readonly [string, string])[]
}

export function hallOf(rows: number, seatsPerRow: number): Hall {
  const labels = Array.from({ length: rows }, (_row, row) =>
    rows > 26 ? `R${row + 1}-` : String.fromCodePoint(65 + row),
  )
  const seats = Array.from({ length: seatsPerRow }, (_seat, seat) => ({
    number: String(seat + 1),
    column: seat + 1,
    category: 'standard',
    kind: 'standard' as const,
  }))
  return {
    layout: { seating: 'reserved', rows: labels.map((label, row) => ({ label, line: row + 1, seats })) },
    capacity: rows * seatsPerRow,
    pairs: labels.flatMap((label) =>
      Array.from(
        { length: seatsPerRow / 2 },
        (_pair, pair) => [`${label}${pair * 2 + 1}`, `${label}${pair * 2 + 2}`] as const,
      ),
    ),
  }
}

const usual = hallOf(10, 20)
/** The pairs of a hall of 200 seats, which is what showtimes are in unless told otherwise. */
export const { pairs } = usual

/** One theatre, one hall, one film, and as many showtimes as are asked for, a day apart; straight into the tables. */
export async function makeShowtimes(
  database: Database,
  count: number,
  nowMs: number,
  hall: Hall = usual,
): Promise<string[]> {
  const ids = await insertHouse(database, hall, nowMs)
  const made: string[] = []
  while (made.length < count) {
    made.push(
      ...(await insertSome(database, ids, hall.capacity, made.length, Math.min(100, count - made.length), nowMs)),
    )
  }
  return made
}

async function insertHouse(database: Database, { layout, capacity }: Hall, nowMs: number) {
  const ids = {
    movieId: newId('movie', nowMs),
    theatreId: newId('theatre', nowMs),
    auditoriumId: newId('auditorium', nowMs),
  }
  const stamps = { createdAt: nowMs, updatedAt: nowMs }
  await database.write(async (tx) => {
    insertRow(tx, 'movies', {
      id: ids.movieId,
      title: 'A Bench',
      titleFolded: 'a bench',
      releaseSort: '',
      searchText: 'a bench',
      runtimeMinutes: 100,
      genres: '[]',
      certifications: '[]',
      directors: '[]',
      castMembers: '[]',
      status: 'now_showing',
      popularity: 0,
      revision: 1,
      ...stamps,
    })
    insertRow(tx, 'theatres', {
      id: ids.theatreId,
      name: 'Bench',
      nameFolded: 'bench',
      city: 'Leeds',
      cityFolded: 'leeds',
      timeZone: 'Europe/London',
      currency: 'GBP',
      amenities: '[]',
      settings: '{}',
      searchText: 'bench',
      revision: 1,
      ...stamps,
    })
    insertRow(tx, 'auditoriums', {
      id: ids.auditoriumId,
      theatreId: ids.theatreId,
      name: '1',
      nameFolded: '1',
      revision: 1,
      layoutVersion: 1,
      seating: 'reserved',
      capacity,
      ...stamps,
    })
    insertRow(tx, 'layouts', {
      auditoriumId: ids.auditoriumId,
      version: 1,
      seating: 'reserved',
      capacity,
      layout: JSON.stringify(layout),
      createdAt: nowMs,
    })
  })
  return ids
}

async function insertSome(
  database: Database,
  ids: { readonly movieId: string; readonly theatreId: string; readonly auditoriumId: string },
  capacity: number,
  first: number,
  count: number,
  nowMs: number,
): Promise<string[]> {
  const showtimes = Array.from({ length: count }, (_item, index) => ({
    id: newId('showtime', nowMs),
    day: first + index + 1,
  }))
  await database.write(async (tx) => {
    await tx.query
      .insertInto('showtimes')
      .values(
        showtimes.map(({ id, day }) => {
          const startsAt = nowMs + day * dayMs
          const endsAt = startsAt + dayMs / 12
          return {
            id,
            ...ids,
            layoutVersion: 1,
            startsAt,
            endsAt,
            busyUntil: endsAt,
            businessDate: new Date(startsAt).toISOString().slice(0, 10),
            format: '2d',
            accessibility: '[]',
            seating: 'reserved' as const,
            capacity,
            prices: JSON.stringify([{ category: 'standard', ticketType: 'adult', amount: 1250 }]),
            currency: 'GBP',
            timeZone: 'Europe/London',
            status: 'scheduled' as const,
            visibility: 'public' as const,
            salesCloseAt: startsAt,
            staffSalesCloseAt: endsAt,
            salesPaused: 0,
            revision: 1,
            createdAt: nowMs,
            updatedAt: nowMs,
          }
        }),
      )
      .execute()
    await createSeatLedgers(
      tx,
      showtimes.map(({ id }) => id),
    )
  })
  return showtimes.map(({ id }) => id)
}
