import { sql } from 'kysely'
import type { Kysely, RawBuilder } from 'kysely'
import { foldEmail } from '../accounts/model.ts'
import { orderBy } from '../database/paging.ts'
import type { Order } from '../database/paging.ts'
import type { Tables } from '../database/tables/index.ts'
import type { BookingRow } from '../database/tables/money.ts'
import type { BookingStatus } from './model.ts'

export interface BookingFilter {
  readonly userId?: string | undefined
  /** Only bookings of these theatres; undefined is all. */
  readonly theatreIds?: readonly string[] | undefined
  readonly showtimeId?: string | undefined
  readonly status?: BookingStatus | undefined
  /** Whose showtime has not ended. */
  readonly upcoming?: boolean | undefined
  /** A reference, or a part of the customer's name or email. */
  readonly q?: string | undefined
  readonly createdFrom?: number | undefined
  readonly createdBefore?: number | undefined
}

/** The newest first, then by id. */
export const bookingOrder = {
  name: 'newest',
  keys: [
    { column: 'bookings.createdAt', direction: 'desc', type: 'number' },
    { column: 'bookings.id', direction: 'desc', type: 'text' },
  ],
} as const satisfies Order

/** Bookings after a cursor, the newest first; `count` is one more than a page. */
export async function listBookings(
  query: Kysely<Tables>,
  filter: BookingFilter,
  nowMs: number,
  after: RawBuilder<boolean>,
  count: number,
): Promise<BookingRow[]> {
  if (filter.theatreIds?.length === 0) return []
  return await filteredBookings(query, filter, nowMs)
    .selectAll('bookings')
    .where(after)
    .orderBy(orderBy(bookingOrder))
    .limit(count)
    .execute()
}

function filteredBookings(query: Kysely<Tables>, filter: BookingFilter, nowMs: number) {
  const { userId, theatreIds, showtimeId, createdFrom, createdBefore } = filter
  return query
    .selectFrom('bookings')
    .innerJoin('showtimes', 'showtimes.id', 'bookings.showtimeId')
    .$if(userId !== undefined, (rows) => rows.where('bookings.userId', '=', userId ?? null))
    .$if(theatreIds !== undefined, (rows) => rows.where('bookings.theatreId', 'in', [...(theatreIds ?? [])]))
    .$if(showtimeId !== undefined, (rows) => rows.where('bookings.showtimeId', '=', showtimeId ?? ''))
    .$if(createdFrom !== undefined, (rows) => rows.where('bookings.createdAt', '>=', createdFrom ?? 0))
    .$if(createdBefore !== undefined, (rows) => rows.where('bookings.createdAt', '<', createdBefore ?? 0))
    .$if(filter.upcoming !== undefined, (rows) => rows.where('showtimes.endsAt', filter.upcoming ? '>' : '<=', nowMs))
    .where(hasStatus(filter.status, nowMs))
    .where(matches(filter.q))
}

/** A pending booking whose time has run out counts as expired, whether or not that has been written down. */
function hasStatus(status: BookingStatus | undefined, nowMs: number): RawBuilder<boolean> {
  const lapsed = sql<boolean>`(bookings.status = 'pending' and bookings.expires_at is not null and bookings.expires_at <= ${nowMs})`
  if (status === undefined) return sql<boolean>`1 = 1`
  if (status === 'pending') return sql<boolean>`(bookings.status = 'pending' and not ${lapsed})`
  if (status === 'expired') return sql<boolean>`(bookings.status = 'expired' or ${lapsed})`
  return sql<boolean>`bookings.status = ${status}`
}

function matches(q: string | undefined): RawBuilder<boolean> {
  if (q === undefined) return sql<boolean>`1 = 1`
  // Wildcards are not offered: what is typed is looked for as it stands.
  const pattern = `%${foldEmail(q).replaceAll(/[\\%_]/g, '')}%`
  return sql<boolean>`(bookings.reference = ${q.trim().toUpperCase()}
    or lower(bookings.customer_name) like ${pattern} or bookings.customer_email_folded like ${pattern})`
}
