import type { Database } from '../database/database.ts'
import type { TestEvent } from '../payments/test-webhook.ts'
import { isRefusal } from '../platform/refusal.ts'
import { expireBooking, settlePayment } from './pay-booking.ts'
import type { PaymentOutcome } from './pay-booking.ts'

const outcomes: Readonly<Record<TestEvent['outcome'], PaymentOutcome>> = {
  succeed: 'authorised',
  decline: 'failed',
  timeout: 'pending',
}

/**
 * Stores a provider's event as it came and applies it, in one transaction; an event that was stored before is not applied
 * again. What it says may be old news or come too late: then nothing changes, and that is fine.
 */
export async function applyProviderEvent(
  database: Database,
  provider: string,
  event: TestEvent,
  raw: string,
): Promise<void> {
  const late = await database.write(async (tx) => {
    const { numInsertedOrUpdatedRows } = await tx.query
      .insertInto('providerEvents')
      .values({ provider, eventId: event.id, payload: raw, receivedAt: tx.nowMs, appliedAt: tx.nowMs })
      .onConflict((conflict) => conflict.columns(['provider', 'eventId']).doNothing())
      .executeTakeFirstOrThrow()
    if (Number(numInsertedOrUpdatedRows) === 0) return null
    // A refusal here is an answer, not a failure: it must not undo the event's record.
    const settled = await settlePayment(tx, event.paymentId, outcomes[event.outcome])
    return isRefusal(settled) && settled.code === 'booking_expired' ? event.paymentId : null
  })
  if (late === null) return
  await database.write(async (tx) => {
    const payment = await tx.query.selectFrom('payments').select('bookingId').where('id', '=', late).executeTakeFirst()
    return payment ? await expireBooking(tx, payment.bookingId) : false
  })
}
