import type { Booking } from '../../contract/bookings.ts'
import { call, keyFor } from '../api.ts'
import { keepToken } from '../ui/stored.ts'

/** Begins to pay a booking; answers the payment's id. A second click or a reload finds the same payment again. */
export async function beginPayment(booking: Booking): Promise<string> {
  const body = { bookingId: booking.id, provider: 'test' } as const
  const idempotencyKey = keyFor(`pay ${booking.payments.map(({ id }) => id).join(' ')}`, body)
  const payment = await call('createPayment', { body, accessToken: booking.accessToken, idempotencyKey })
  keepToken(payment.id, booking.accessToken)
  return payment.id
}
