import type { Booking } from '../../contract/bookings.ts'

/** What a change moves, by its rehearsal, minor units: above zero is to be paid, below zero comes back. */
export function differenceOf(before: Booking, after: Booking): number {
  const kept = ({ paid, refunded }: Booking) => paid.amount - refunded.amount
  return kept(after) - kept(before)
}
