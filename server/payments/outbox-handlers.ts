import type { Database } from '../database/database.ts'
import type { OutboxHandler } from '../jobs/outbox-worker.ts'
import { changePayment, captureWork, lockPayment, refundWork, voidWork } from './store.ts'

/** What the outbox does for payments: capture, void and refund at the provider. The `test` provider always says yes. */
export function paymentHandlers(database: Database): Record<string, OutboxHandler> {
  return {
    [captureWork]: async ({ paymentId }) => {
      await database.write(async (tx) => {
        // Its buyer may be getting the money back at this moment.
        const payment = await lockPayment(tx, String(paymentId))
        if (!payment || payment.capturedAt !== null) return
        if (payment.status === 'authorised')
          await changePayment(tx, payment, 'succeeded', { capturedAt: tx.nowMs, captured: payment.amount })
        else if (payment.refunded < payment.amount) {
          // Refunded in part before it was captured: the rest is captured.
          await tx.query
            .updateTable('payments')
            .set({ capturedAt: tx.nowMs, captured: payment.amount - payment.refunded })
            .where('id', '=', payment.id)
            .execute()
        }
      })
    },
    [voidWork]: async () => {},
    [refundWork]: async ({ refundId }) => {
      await database.write(async (tx) => {
        await tx.query
          .updateTable('refunds')
          .set({ status: 'succeeded', settledAt: tx.nowMs })
          .where('id', '=', String(refundId))
          .where('status', '=', 'pending')
          .execute()
      })
    },
  }
}
