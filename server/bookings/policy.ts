import type { BookingRow } from '../database/tables/money.ts'
import { holdToken } from '../holds/policy.ts'
import type { Caller } from '../http/caller.ts'
import type { Secrets } from '../platform/secrets.ts'

/** The key to a booking: the token of the hold it was made from. It is derived, never stored. */
export function bookingToken(secrets: Secrets, booking: Pick<BookingRow, 'id' | 'holdId'>): string {
  return holdToken(secrets, booking.holdId ?? booking.id)
}

/** A booking is its buyer's: the account it belongs to, or whoever has its token. */
export function ownsBooking(
  secrets: Secrets,
  caller: Caller,
  accessToken: string | undefined,
  booking: Pick<BookingRow, 'id' | 'holdId' | 'userId'>,
): boolean {
  if (caller.kind === 'account' && caller.userId === booking.userId) return true
  return accessToken !== undefined && secrets.verify('hold token', booking.holdId ?? booking.id, accessToken)
}
