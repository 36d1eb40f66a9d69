import type { Layout } from '../contract/layouts.ts'
import type { Database } from '../server/database/database.ts'
import { createSeatLedgers } from '../server/database/seat-ledger.ts'
import { newId } from '../server/platform/ids.ts'

const rows = 10
const seatsPerRow = 20
const dayMs = 24 * 3600_000

const hall = { layoutVersion: 1, seating: 'reserved' as const, capacity: rows * seatsPerRow }

/** A hall of 200 seats. */
export const layout: Layout = {
  seating: 'reserved',
  rows: Array.from({ length: rows }, (_row, row) => ({
    label: String.fromCodePoint(65 + row),
    line: row + 1,
    seats: Array.from({ length: seatsPerRow }, (_seat, seat) => ({
      number: String(seat + 1),
      column: seat + 1,
      category: 'standard',
      kind: 'standard' as const,
    })),
  })),
}

/** Every pair of neighbours that does not overlap another: 100 holds sell the hall out. */
export const pairs: readonly (readonly [string, string])[] = Array.from(
  { length: rows * (seatsPerRow / 2) },
  (_pair, index) => {
    const label = String.fromCodePoint(65 + Math.floor(index / (seatsPerRow / 2)))
    const seat = (index % (seatsPerRow / 2)) * 2 + 1
    return [`${label}${seat}`, `${label}${seat + 1}`] as const
  },
)

/** One theatre, one hall, one film, and as many showtimes as are asked for, a day apart; straight into the tables. */
export async function makeShowtimes(database: Database, count: number, nowMs: number): Promise<string[]> {
  const ids = await insertHouse(database, nowMs)
  const made: string[] = []
  while (made.length < count) {
    made.push(...(await insertSome(database, ids, made.length, Math.min(100, count - made.length), nowMs)))
  }
  return made
}

async function insertHouse(database: Database, nowMs: number) {
  const ids = {
    movieId: newId('movie', nowMs),
    theatreId: newId('theatre', nowMs),
    auditoriumId: newId('auditorium', nowMs),
  }
  const stamps = { createdAt: nowMs, updatedAt: nowMs }
  await database.write(async (tx) => {
    await tx.query
      .insertInto('movies')
      .values({
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
      .execute()
    await tx.query
      .insertInto('theatres')
      .values({
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
      .execute()
    await tx.query
      .insertInto('auditoriums')
      .values({
        id: ids.auditoriumId,
        theatreId: ids.theatreId,
        name: '1',
        nameFolded: '1',
        revision: 1,
        ...hall,
        ...stamps,
      })
      .execute()
    await tx.query
      .insertInto('layouts')
      .values({
        auditoriumId: ids.auditoriumId,
        version: 1,
        seating: hall.seating,
        capacity: hall.capacity,
        layout: JSON.stringify(layout),
        createdAt: nowMs,
      })
      .execute()
  })
  return ids
}

async function insertSome(
  database: Database,
  ids: { readonly movieId: string; readonly theatreId: string; readonly auditoriumId: string },
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
            capacity: rows * seatsPerRow,
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
