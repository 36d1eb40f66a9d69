import type { Booking } from '../../contract/bookings.ts'
import { call, keyFor } from '../api.ts'
import { navigate } from '../ui/router.tsx'
import { keepToken, readStored } from '../ui/stored.ts'

/**
 * Begins to pay a booking; answers where one pays: the provider's page, or ours where it has none. A second click or a reload
 * finds the same payment again.
 */
export async function beginPayment(booking: Booking): Promise<string> {
  const body = { bookingId: booking.id, returnUrl: `${location.origin}/paid/${booking.id}` }
  const idempotencyKey = keyFor(`pay ${booking.payments.map(({ id }) => id).join(' ')}`, body)
  const payment = await call('createPayment', { body, accessToken: booking.accessToken, idempotencyKey })
  keepToken(payment.id, booking.accessToken)
  return payment.action.url ?? `/pay/${payment.id}`
}

/** Goes on to a page of ours, or leaves for a provider's. */
export function goTo(url: string): void {
  if (url.startsWith('/')) navigate(url)
  else location.assign(url)
}

/** Back to where the booking can be paid again. */
export function checkoutOf(bookingId: string): string {
  const hold = readStored<string | null>(`hold-of.${bookingId}`, null)
  return hold === null ? `/bookings/${bookingId}` : `/checkout/${hold}`
}
