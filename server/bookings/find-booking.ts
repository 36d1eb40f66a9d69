import type { Database } from '../database/database.ts'
import { readRow } from '../database/rows.ts'
import type { BookingRow } from '../database/tables/money.ts'
import { worksAt } from '../holds/policy.ts'
import type { HoldStore, ShowtimeForSale } from '../holds/store.ts'
import { hasRole } from '../http/caller.ts'
import type { Caller } from '../http/caller.ts'
import type { Approach } from '../http/request.ts'
import { must } from '../platform/assert.ts'
import { isRefusal, refuse } from '../platform/refusal.ts'
import type { Refusal } from '../platform/refusal.ts'
import type { Secrets } from '../platform/secrets.ts'
import { ownsBooking } from './policy.ts'
import type { Refunder } from './refund-terms.ts'

/** A booking that the caller may see, with its showtime. */
export interface FoundBooking {
  readonly booking: BookingRow
  readonly showtime: ShowtimeForSale
  /** Whether the caller works in its theatre. */
  readonly house: boolean
}

export interface FindParts {
  readonly database: Database
  readonly secrets: Secrets
  readonly store: HoldStore
}

export type Finder = Pick<Approach, 'caller' | 'accessToken'>

/** A booking of the caller's, or one of a theatre where it works; anybody else's is not there. */
export async function findBookingFor(
  { database, secrets, store }: FindParts,
  { caller, accessToken }: Finder,
  id: string,
): Promise<FoundBooking | Refusal<'not_found'>> {
  const booking = await readRow(database, 'bookings', id)
  if (!booking) return refuse('not_found')
  const showtime = must(await store.findShowtime(booking.showtimeId), 'A booking has its showtime')
  const house = await worksAt(database, caller, showtime)
  const owned = house || ownsBooking(secrets, caller, accessToken, booking)
  return owned ? { booking, showtime, house } : refuse('not_found')
}

/** For routes whose path names a booking; `house`: for those who work in its theatre alone. */
export function findBookingById(parts: FindParts, who: 'anyone' | 'house' = 'anyone') {
  return async (
    approach: Finder & { readonly params: { readonly id: string } },
  ): Promise<FoundBooking | Refusal<'not_found'>> => {
    const found = await findBookingFor(parts, approach, approach.params.id)
    if (isRefusal(found)) return found
    return who === 'house' && !found.house ? refuse('not_found') : found
  }
}

/** As whom a caller ends or changes a booking that it may see, and how far it may go with the house's money. */
export function refunderOf(caller: Caller, { house, showtime }: Pick<FoundBooking, 'house' | 'showtime'>): Refunder {
  const isLimited = house && hasRole(caller, 'staff')
  return { byHouse: house, staffLimit: isLimited ? showtime.settings.staffRefundLimit : null }
}
