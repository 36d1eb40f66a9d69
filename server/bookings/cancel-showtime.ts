import { sql } from 'kysely'
import type { Transaction } from '../database/database.ts'
import { announce } from '../database/events.ts'
import { enqueue } from '../database/outbox.ts'
import { lockSeatLedger } from '../database/seat-ledger.ts'
import type { BookingRow } from '../database/tables/money.ts'
import { dropClaims, noteSeatChange } from '../holds/seat-changes.ts'
import { postSaleChange } from '../money-ledger/post-sale.ts'
import { refundAcross } from '../payments/store.ts'
import { refuse } from '../platform/refusal.ts'
import type { Refusal } from '../platform/refusal.ts'
import { cancelledWork } from './cancel-booking.ts'
import { endBooking } from './end-booking.ts'
import { isDueAtCounter } from './pay-out.ts'

export interface CancelledShowtime {
  /** Refunds recorded; the providers are told after the commit. */
  readonly refundsStarted: number
  /** Bookings whose money was taken at the counter: it waits there. */
  readonly dueAtCounter: number
}

/**
 * Cancels a showtime: in one transaction its sales stop, every booking ends (pending and checked-in ones too), everything
 * that was paid is refunded, fees too, and its holds lapse.
 */
export async function cancelShowtime(
  tx: Transaction,
  showtimeId: string,
  reason: string,
  userId: string,
): Promise<CancelledShowtime | Refusal<'not_found' | 'showtime_cancelled'>> {
  if ((await lockSeatLedger(tx, showtimeId)) === null) return refuse('not_found')
  const showtime = await tx.query
    .selectFrom('showtimes')
    .select(['status', 'theatreId'])
    .where('id', '=', showtimeId)
    .executeTakeFirst()
  if (!showtime) return refuse('not_found')
  if (showtime.status === 'cancelled') return refuse('showtime_cancelled')
  await tx.query
    .updateTable('showtimes')
    .set((set) => ({
      status: 'cancelled',
      cancelledAt: tx.nowMs,
      cancelReason: reason,
      revision: set('revision', '+', 1),
      updatedAt: tx.nowMs,
    }))
    .where('id', '=', showtimeId)
    .execute()
  const result = await endBookings(tx, showtimeId, reason, userId)
  await announce(tx, 'showtime.cancelled', showtime.theatreId, { showtimeId, reason, ...result })
  await releaseHolds(tx, showtimeId)
  return result
}

async function endBookings(
  tx: Transaction,
  showtimeId: string,
  reason: string,
  userId: string,
): Promise<CancelledShowtime> {
  const bookings = await tx.query
    .selectFrom('bookings')
    .selectAll()
    .where('showtimeId', '=', showtimeId)
    .where('status', 'in', ['pending', 'confirmed'])
    .orderBy('id')
    .execute()
  let refundsStarted = 0
  let dueAtCounter = 0
  for (const booking of bookings) {
    const giving = { reason, userId, isAtCounter: false }
    const refunds = await refundAcross(tx, booking.id, booking.paid - booking.refunded, giving)
    refundsStarted += refunds.length
    if (refunds.length > 0 && (await isDueAtCounter(tx, booking.id))) dueAtCounter += 1
    await endAndTell(
      tx,
      booking,
      reason,
      refunds.map(({ id }) => id),
    )
  }
  return { refundsStarted, dueAtCounter }
}

async function endAndTell(
  tx: Transaction,
  booking: BookingRow,
  reason: string,
  refundIds: readonly string[],
): Promise<void> {
  await endBooking(tx, booking, 'cancelled', reason)
  await postSaleChange(tx, booking.id)
  if (booking.status === 'confirmed') await enqueue(tx, cancelledWork, { bookingId: booking.id, refundIds, reason })
}

async function releaseHolds(tx: Transaction, showtimeId: string): Promise<void> {
  const holds = await tx.query
    .selectFrom('holds')
    .select('id')
    .where('showtimeId', '=', showtimeId)
    .where('status', '=', sql.lit('live'))
    .execute()
  const freed: string[] = []
  for (const { id } of holds) freed.push(...(await dropClaims(tx, showtimeId, id)).filter((seat) => seat !== id))
  await tx.query
    .updateTable('holds')
    .set({ status: 'released' })
    .where('showtimeId', '=', showtimeId)
    .where('status', '=', sql.lit('live'))
    .execute()
  await noteSeatChange(
    tx,
    showtimeId,
    freed.map((id) => ({ id, status: 'available' })),
  )
}
