import type { BookingRow } from '../database/tables/money.ts'
import type { Caller } from '../http/caller.ts'
import type { Secrets } from '../platform/secrets.ts'

/** The key to a booking: derived, never stored. The token of the hold it was made from opens it too. */
export function bookingToken(secrets: Secrets, bookingId: string): string {
  return secrets.sign('booking token', bookingId)
}

/** A booking is its buyer's: the account it belongs to, or whoever has its token. */
export function ownsBooking(
  secrets: Secrets,
  caller: Caller,
  accessToken: string | undefined,
  booking: Pick<BookingRow, 'id' | 'holdId' | 'userId'>,
): boolean {
  if (caller.kind === 'account' && caller.userId === booking.userId) return true
  if (accessToken === undefined) return false
  if (secrets.verify('booking token', booking.id, accessToken)) return true
  return booking.holdId !== null && secrets.verify('hold token', booking.holdId, accessToken)
}
