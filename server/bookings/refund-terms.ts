import type { Transaction } from '../database/database.ts'
import type { BookingRow } from '../database/tables/money.ts'
import { refuse } from '../platform/refusal.ts'
import type { Refusal } from '../platform/refusal.ts'
import type { Settings } from '../venues/settings.ts'
import { cancelUntil, refundShare, shareOf } from './model.ts'

/** Who wants a booking to end or to be another, and gives money back with it. */
export interface Refunder {
  /** The house may at any time, and gives everything back. */
  readonly byHouse: boolean
  /** Minor units that somebody of the staff may give back of a booking beyond what its buyer may claim; null is no limit. */
  readonly staffLimit: number | null
}

export interface RefundTerms {
  /** It is too late for the buyer. */
  readonly isLate: boolean
  /** Per cent of the price that is given back. */
  readonly share: number
  /** Per cent that the buyer may claim. */
  readonly claim: number
}

/** What is given back of a confirmed booking now, by its theatre's settings and by whether the showtime was moved. */
export async function readRefundTerms(
  tx: Transaction,
  booking: Pick<BookingRow, 'id' | 'createdAt'>,
  showtime: { readonly startsAt: number; readonly rescheduledAt: number | null },
  settings: Settings,
  { byHouse }: Refunder,
): Promise<RefundTerms> {
  const moved = await wasMoved(tx, booking, showtime)
  const isLate = tx.nowMs >= cancelUntil(showtime, settings, moved)
  const ofBuyer = refundShare(settings, moved)
  return { isLate, share: byHouse ? 100 : ofBuyer, claim: isLate ? 0 : ofBuyer }
}

/**
 * Whether the house moved a showtime after a buyer had chosen it: with the booking, or by an exchange since. Who exchanges into
 * a showtime that has been moved already knew when it would be.
 */
async function wasMoved(
  tx: Transaction,
  booking: Pick<BookingRow, 'id' | 'createdAt'>,
  { rescheduledAt }: { readonly rescheduledAt: number | null },
): Promise<boolean> {
  if (rescheduledAt === null || rescheduledAt <= booking.createdAt) return false
  const exchanged = await tx.query
    .selectFrom('departedTickets')
    .innerJoin('tickets', 'tickets.id', 'departedTickets.ticketId')
    .select('departedTickets.departedAt')
    .where('tickets.bookingId', '=', booking.id)
    .where('departedTickets.departedAt', '>=', rescheduledAt)
    .executeTakeFirst()
  return exchanged === undefined
}

/** Refuses a refund that somebody of the staff gives beyond the limit, in all, where the buyer may not claim as much. `due`: minor units. */
export function judgeStaffLimit(
  { staffLimit }: Refunder,
  { share, claim }: RefundTerms,
  booking: Pick<BookingRow, 'refunded'>,
  due: number,
): Refusal<'forbidden'> | null {
  const amount = shareOf(due, share)
  if (staffLimit === null || amount <= shareOf(due, claim) || booking.refunded + amount <= staffLimit) return null
  return refuse('forbidden', `Staff may give back up to ${staffLimit} of a booking that its buyer may not cancel.`)
}
