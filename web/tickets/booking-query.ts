import { queryOptions } from '@tanstack/react-query'
import { call } from '../api.ts'
import { keepToken, tokenOf } from '../ui/stored.ts'

/** A booking, by the account that is signed in or by the key that this browser keeps. */
export function bookingQuery(id: string) {
  return queryOptions({
    queryKey: ['booking', id],
    staleTime: 0,
    queryFn: async ({ signal }) => {
      const booking = await call('readBooking', { params: { id }, accessToken: tokenOf(id), signal })
      keepToken(id, booking.accessToken)
      return booking
    },
  })
}
