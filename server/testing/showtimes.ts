import type { LayoutInput } from '../../contract/layouts.ts'
import type { Database, Transaction } from '../database/database.ts'
import { createSeatLedgers } from '../database/seat-ledger.ts'
import type { ShowtimeRow } from '../database/tables/showtimes.ts'
import type { Clock } from '../platform/clock.ts'
import { newId } from '../platform/ids.ts'
import { capacityOf, categoriesOf, parseLayout } from '../venues/layout.ts'
import type { TestApp } from './harness.ts'

/** A hall of `rows` × `seats`, rows from A, all standard. */
export function plainLayout(rows: number, seats: number): LayoutInput {
  return {
    rows: Array.from({ length: rows }, (_row, row) => ({
      label: String.fromCodePoint(65 + row),
      seats: Array.from({ length: seats }, (_seat, seat) => ({ number: String(seat + 1) })),
    })),
  }
}

export interface MadeShowtime {
  readonly showtimeId: string
  readonly theatreId: string
  readonly auditoriumId: string
  readonly movieId: string
}

export interface ShowtimeWish {
  readonly layout?: LayoutInput
  readonly ownerId?: string
  /** The theatre's overrides. */
  readonly settings?: Readonly<Record<string, unknown>>
  /** Minor units for an adult, in every category; a child pays 70 %. */
  readonly adultAmount?: number
  /** Another hall's showtime of the same film in the same theatre. */
  readonly beside?: Pick<MadeShowtime, 'theatreId' | 'movieId'>
  /** From now; two days unless told otherwise. */
  readonly startsInMs?: number
  readonly change?: Partial<ShowtimeRow>
}

const hourMs = 3600_000

/** Where it is made: a test's app, or any database. */
interface Stage {
  readonly database: Database
  readonly clock: Clock
}

/** A showtime on sale, straight into the tables, in a theatre, hall and film of its own. */
export async function makeShowtime(test: Stage, wish: ShowtimeWish = {}): Promise<MadeShowtime> {
  const { layout } = parseLayout(wish.layout ?? plainLayout(5, 8))
  if (!layout) throw new Error('the layout of a test is wrong')
  const now = test.clock.now()
  const startsAt = now + (wish.startsInMs ?? 48 * hourMs)
  const ids = {
    showtimeId: newId('showtime', now),
    theatreId: wish.beside?.theatreId ?? newId('theatre', now),
    auditoriumId: newId('auditorium', now),
    movieId: wish.beside?.movieId ?? newId('movie', now),
  }
  const adult = wish.adultAmount ?? 1250
  const prices = categoriesOf(layout).flatMap((category) => [
    { category, ticketType: 'adult', amount: adult },
    { category, ticketType: 'child', amount: Math.round(adult * 0.7) },
  ])
  const stamps = { createdAt: now, updatedAt: now }
  const capacity = capacityOf(layout)
  await test.database.write(async (tx) => {
    if (!wish.beside) await insertHouse(tx, ids, wish, stamps)
    await tx.query
      .insertInto('auditoriums')
      .values({
        id: ids.auditoriumId,
        theatreId: ids.theatreId,
        name: 'Screen 1',
        nameFolded: 'screen 1',
        layoutVersion: 1,
        seating: layout.seating,
        capacity,
        revision: 1,
        ...stamps,
      })
      .execute()
    await tx.query
      .insertInto('layouts')
      .values({
        auditoriumId: ids.auditoriumId,
        version: 1,
        seating: layout.seating,
        capacity,
        layout: JSON.stringify(layout),
        createdAt: now,
      })
      .execute()
    await tx.query
      .insertInto('showtimes')
      .values({
        id: ids.showtimeId,
        movieId: ids.movieId,
        theatreId: ids.theatreId,
        auditoriumId: ids.auditoriumId,
        layoutVersion: 1,
        startsAt,
        endsAt: startsAt + 2 * hourMs,
        busyUntil: startsAt + 2.25 * hourMs,
        businessDate: new Date(startsAt).toISOString().slice(0, 10),
        format: '2d',
        accessibility: '[]',
        seating: layout.seating,
        capacity,
        prices: JSON.stringify(prices),
        currency: 'GBP',
        timeZone: 'Europe/London',
        status: 'scheduled',
        visibility: 'public',
        salesCloseAt: startsAt + hourMs / 4,
        staffSalesCloseAt: startsAt + 2 * hourMs,
        salesPaused: 0,
        revision: 1,
        ...stamps,
        ...wish.change,
      })
      .execute()
    await createSeatLedgers(tx, [ids.showtimeId])
  })
  return ids
}

async function insertHouse(
  tx: Transaction,
  ids: Pick<MadeShowtime, 'movieId' | 'theatreId'>,
  wish: ShowtimeWish,
  stamps: { readonly createdAt: number; readonly updatedAt: number },
): Promise<void> {
  await tx.query
    .insertInto('movies')
    .values({
      id: ids.movieId,
      title: 'The Night Tram',
      titleFolded: 'the night tram',
      searchText: 'the night tram',
      runtimeMinutes: 100,
      releaseSort: '',
      certifications: '[]',
      directors: '[]',
      castMembers: '[]',
      genres: '[]',
      status: 'now_showing',
      revision: 1,
      popularity: 0,
      ...stamps,
    })
    .execute()
  await tx.query
    .insertInto('theatres')
    .values({
      id: ids.theatreId,
      name: 'Rialto',
      nameFolded: 'rialto',
      city: 'Leeds',
      cityFolded: 'leeds',
      timeZone: 'Europe/London',
      currency: 'GBP',
      amenities: '[]',
      ownerId: wish.ownerId ?? null,
      settings: JSON.stringify(wish.settings ?? {}),
      searchText: 'rialto leeds',
      revision: 1,
      ...stamps,
    })
    .execute()
}

/** Another showtime of the same film in the same hall, a day later, at another price. */
export async function laterShowtime(test: TestApp, made: MadeShowtime, adultAmount: number): Promise<string> {
  const id = newId('showtime', test.clock.now())
  await test.database.write(async (tx) => {
    const row = await tx.query
      .selectFrom('showtimes')
      .selectAll()
      .where('id', '=', made.showtimeId)
      .executeTakeFirstOrThrow()
    const day = 24 * 3600_000
    await tx.query
      .insertInto('showtimes')
      .values({
        ...row,
        id,
        startsAt: row.startsAt + day,
        endsAt: row.endsAt + day,
        busyUntil: row.busyUntil + day,
        salesCloseAt: row.salesCloseAt + day,
        staffSalesCloseAt: row.staffSalesCloseAt + day,
        prices: JSON.stringify([{ category: 'standard', ticketType: 'adult', amount: adultAmount }]),
      })
      .execute()
    await createSeatLedgers(tx, [id])
  })
  return id
}
