import type { Transaction } from '../database/database.ts'
import { updateRow } from '../database/rows.ts'
import type { BookingRow, PaymentRow } from '../database/tables/money.ts'
import type { VoucherRow } from '../database/tables/vouchers.ts'
import { paymentReceived } from '../money-ledger/model.ts'
import { post } from '../money-ledger/post.ts'
import { spendVoucher } from '../payments/spend-voucher.ts'
import { insertPayment, newPayment } from '../payments/store.ts'
import type { Refusal } from '../platform/refusal.ts'
import { confirmBooking } from './confirm-booking.ts'

/**
 * Pays what a voucher covers of a booking that was just made. All of it confirms at once; a part leaves the rest to be
 * paid in time, and goes back to the voucher when it is not.
 */
export async function coverByVoucher(
  tx: Transaction,
  booking: BookingRow,
  voucher: VoucherRow,
): Promise<BookingRow | Refusal<'booking_expired'>> {
  const amount = Math.min(voucher.balance, booking.total)
  await chargeVoucher(tx, booking, voucher, amount, booking.createdBy)
  if (amount === booking.total) return await confirmBooking(tx, booking, amount)
  updateRow(tx, 'bookings', booking.id, { paid: amount })
  return { ...booking, paid: amount }
}

/** Takes a payment of a booking off a voucher that is locked and has as much. `amount`: minor units. */
export async function chargeVoucher(
  tx: Transaction,
  booking: BookingRow,
  voucher: VoucherRow,
  amount: number,
  createdBy: string | null,
): Promise<PaymentRow> {
  const payment: PaymentRow = {
    ...newPayment(tx, booking, 'counter', amount, createdBy),
    status: 'succeeded',
    tender: 'voucher',
    authorisedAt: tx.nowMs,
    capturedAt: tx.nowMs,
    captured: amount,
  }
  await insertPayment(tx, payment)
  await spendVoucher(tx, voucher, payment)
  post(tx, paymentReceived(payment, voucher.id))
  return payment
}
