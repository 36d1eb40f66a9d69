import { sql } from 'kysely'
import type { Transaction } from '../database/database.ts'
import type { PaymentRow, RefundRow } from '../database/tables/money.ts'
import { refundPaid } from './model.ts'
import { post } from './post.ts'

/**
 * A provider has given a refund back, as of now. What is still promised of its payment and was not captured is released
 * first; the rest comes out of what was captured. The payment is locked.
 */
export async function postRefundPaid(tx: Transaction, refund: RefundRow, payment: PaymentRow): Promise<void> {
  const { rows } = await sql<{ released: number }>`
    SELECT CAST(COALESCE(SUM(m.amount), 0) AS BIGINT) AS released
    FROM refunds AS r JOIN money_postings AS m ON m.subject_id = r.booking_id AND m.fact_id = r.id
    WHERE r.payment_id = ${payment.id} AND m.fact = 'refund_paid' AND m.credit = 'promised'`.execute(tx.query)
  const promised = payment.amount - (payment.captured ?? 0) - (rows[0]?.released ?? 0)
  post(tx, refundPaid(refund, Math.min(refund.amount, promised), tx.nowMs))
}
