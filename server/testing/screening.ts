import type { BookingRow, TicketRow } from '../database/tables/money.ts'
import { newId, newReference } from '../platform/ids.ts'
import { businessDate } from '../platform/time.ts'
import type { TestApp } from './harness.ts'

/** A showtime in a theatre, put straight into the database: for tests of what comes after a sale. */
export interface Screening {
  readonly theatreId: string
  readonly auditoriumId: string
  readonly showtimeId: string
}

export interface ScreeningWishes {
  readonly ownerId?: string | null
  /** Milliseconds since the epoch; half an hour from now where it is not said. It takes two hours. */
  readonly startsAt?: number
  readonly movieTitle?: string
  readonly settings?: object
  readonly visibility?: 'public' | 'private'
  /** Another screening of the same theatre. */
  readonly beside?: Screening
}

const minuteMs = 60_000

export async function makeScreening(test: TestApp, wishes: ScreeningWishes = {}): Promise<Screening> {
  const now = test.clock.now()
  const theatreId = wishes.beside?.theatreId ?? (await makeTheatre(test, wishes))
  const auditoriumId = await makeAuditorium(test, theatreId)
  const movieId = newId('movie', now)
  const showtimeId = newId('showtime', now)
  const startsAt = wishes.startsAt ?? now + 30 * minuteMs
  const title = wishes.movieTitle ?? 'Metropolis'
  await test.database.write(async ({ query }) => {
    const stamps = { externalKey: null, revision: 1, createdBy: null, createdAt: now, updatedAt: now }
    await query
      .insertInto('movies')
      .values({
        ...stamps,
        id: movieId,
        title,
        titleFolded: title.toLowerCase(),
        runtimeMinutes: 120,
        genres: '[]',
        certifications: '[]',
        releaseSort: '',
        directors: '[]',
        castMembers: '[]',
        status: 'now_showing',
        searchText: '',
        popularity: 0,
        originalTitle: null,
        year: null,
        overview: null,
        certification: '12A',
        releaseDate: null,
        originalLanguage: null,
        distributor: null,
        posterUrl: null,
        trailerUrl: null,
      })
      .execute()
    await query
      .insertInto('showtimes')
      .values({
        ...stamps,
        id: showtimeId,
        movieId,
        theatreId,
        auditoriumId,
        layoutVersion: 1,
        startsAt,
        endsAt: startsAt + 120 * minuteMs,
        busyUntil: startsAt + 135 * minuteMs,
        businessDate: businessDate(startsAt, 'Europe/London'),
        format: '2d',
        language: 'English',
        subtitles: null,
        accessibility: '[]',
        seating: 'reserved',
        capacity: 100,
        prices: '[{"category":"standard","ticketType":"adult","amount":1250}]',
        currency: 'GBP',
        timeZone: 'Europe/London',
        status: 'scheduled',
        visibility: wishes.visibility ?? 'public',
        salesOpenAt: null,
        salesCloseAt: startsAt,
        staffSalesCloseAt: startsAt + 120 * minuteMs,
        salesPaused: 0,
        rescheduledAt: null,
        cancelledAt: null,
        cancelReason: null,
      })
      .execute()
    await query.insertInto('showtimeLedgers').values({ showtimeId, version: 1 }).execute()
  })
  return { theatreId, auditoriumId, showtimeId }
}

async function makeTheatre(test: TestApp, wishes: ScreeningWishes): Promise<string> {
  const now = test.clock.now()
  const id = newId('theatre', now)
  await test.database.write(async ({ query }) => {
    await query
      .insertInto('theatres')
      .values({
        id,
        externalKey: null,
        name: 'Rio Cinema',
        nameFolded: 'rio cinema',
        city: 'London',
        cityFolded: 'london',
        country: 'GB',
        address: '107 Kingsland High Street',
        postcode: 'E8 2PB',
        latitude: 51.5,
        longitude: -0.1,
        timeZone: 'Europe/London',
        currency: 'GBP',
        phone: null,
        amenities: '[]',
        ownerId: wishes.ownerId ?? null,
        settings: JSON.stringify(wishes.settings ?? {}),
        searchText: '',
        revision: 1,
        createdAt: now,
        updatedAt: now,
      })
      .execute()
  })
  return id
}

async function makeAuditorium(test: TestApp, theatreId: string): Promise<string> {
  const now = test.clock.now()
  const id = newId('auditorium', now)
  const seats = Array.from({ length: 10 }, (_, at) => ({
    number: String(at + 1),
    column: at + 1,
    category: 'standard',
    kind: 'standard',
  }))
  const rows = [...'ABCDEFGHIJ'].map((label, at) => ({ label, line: at + 1, seats }))
  await test.database.write(async ({ query }) => {
    await query
      .insertInto('auditoriums')
      .values({
        id,
        externalKey: null,
        theatreId,
        name: 'Screen 2',
        nameFolded: 'screen 2',
        turnaroundMinutes: null,
        layoutVersion: 1,
        seating: 'reserved',
        capacity: 100,
        revision: 1,
        createdAt: now,
        updatedAt: now,
      })
      .execute()
    const layout = JSON.stringify({ seating: 'reserved', rows })
    await query
      .insertInto('layouts')
      .values({ auditoriumId: id, version: 1, seating: 'reserved', capacity: 100, layout, createdAt: now })
      .execute()
  })
  return id
}

export interface SaleWishes {
  /** `F12`; null for a ticket without a seat. */
  readonly seats?: readonly (string | null)[]
  readonly ticketTypes?: readonly string[]
  readonly status?: BookingRow['status']
  readonly customerName?: string
  readonly userId?: string | null
}

export interface Sale {
  readonly bookingId: string
  readonly reference: string
  readonly tickets: readonly TicketRow[]
}

/** A booking with its tickets at £12.50 each, paid unless its status says otherwise. */
export async function sellTickets(test: TestApp, screening: Screening, wishes: SaleWishes = {}): Promise<Sale> {
  const now = test.clock.now()
  const seats = wishes.seats ?? ['F12']
  const status = wishes.status ?? 'confirmed'
  const total = 1250 * seats.length
  const ended = status === 'cancelled' || status === 'expired'
  const booking = { id: newId('booking', now), reference: newReference() }
  const tickets = seats.map((seat, at): TicketRow => ({
    id: newId('ticket', now),
    bookingId: booking.id,
    showtimeId: screening.showtimeId,
    seatId: seat,
    rowLabel: seat?.charAt(0) ?? null,
    seatNumber: seat?.slice(1) ?? null,
    ticketType: wishes.ticketTypes?.[at] ?? 'adult',
    category: 'standard',
    priceAmount: 1250,
    discountAmount: 0,
    feeAmount: 0,
    taxAmount: 0,
    taxIncludedAmount: 208,
    status: ended ? 'void' : 'valid',
    codeRevision: 1,
    checkedInAt: null,
    voidedAt: ended ? now : null,
  }))
  await test.database.write(async ({ query }) => {
    await query
      .insertInto('bookings')
      .values({
        ...booking,
        showtimeId: screening.showtimeId,
        theatreId: screening.theatreId,
        holdId: null,
        userId: wishes.userId ?? null,
        client: 'guest:test',
        channel: 'web',
        status,
        customerName: wishes.customerName ?? 'Ada Lovelace',
        customerEmail: 'ada@example.com',
        customerEmailFolded: 'ada@example.com',
        customerPhone: null,
        customerLocale: null,
        terms: '{"currency":"GBP","prices":[],"ticketFee":0,"taxRatePercent":20,"pricesIncludeTax":true}',
        currency: 'GBP',
        subtotal: total,
        discount: 0,
        fees: 0,
        tax: 0,
        taxIncluded: 208 * seats.length,
        total,
        paid: status === 'confirmed' ? total : 0,
        refunded: 0,
        promoCode: null,
        notes: null,
        cancelReason: null,
        createdBy: null,
        createdAt: now,
        updatedAt: now,
        expiresAt: status === 'pending' ? now + 10 * minuteMs : null,
        confirmedAt: status === 'confirmed' || status === 'cancelled' ? now : null,
        endedAt: ended ? now : null,
      })
      .execute()
    await query.insertInto('tickets').values(tickets).execute()
  })
  return { bookingId: booking.id, reference: booking.reference, tickets }
}

/** Puts somebody on a theatre's staff. */
export async function employ(test: TestApp, screening: Screening, userId: string): Promise<void> {
  await test.database.write(({ query }) =>
    query
      .insertInto('theatreStaff')
      .values({ theatreId: screening.theatreId, userId, createdAt: test.clock.now() })
      .execute(),
  )
}
