import type { Transaction } from '../database/database.ts'
import type { PaymentRow, RefundRow } from '../database/tables/money.ts'
import type { VoucherEntryRow, VoucherRow } from '../database/tables/vouchers.ts'
import { must } from '../platform/assert.ts'
import { newId } from '../platform/ids.ts'
import { refuse } from '../platform/refusal.ts'
import type { Refusal } from '../platform/refusal.ts'
import { foldCode } from '../promotions/model.ts'

/** Where a voucher is to be spent. */
export interface VoucherPlace {
  /** The owner of the theatre. */
  readonly ownerId: string | null
  readonly currency: string
}

/** Takes the lock on a voucher until the transaction ends. Lock order: seats, promotion, shift, voucher. */
export async function lockVoucher(
  tx: Transaction,
  by: { readonly id: string } | { readonly code: string },
): Promise<VoucherRow | null> {
  const row = await tx.query
    .selectFrom('vouchers')
    .selectAll()
    .$if('id' in by, (query) => query.where('id', '=', 'id' in by ? by.id : ''))
    .$if('code' in by, (query) => query.where('codeFolded', '=', 'code' in by ? foldCode(by.code) : ''))
    .$if(tx.raw.engine === 'postgres', (query) => query.forUpdate())
    .executeTakeFirst()
  tx.renewTime()
  return row ?? null
}

/** Locks the voucher that a code names; refuses one that is unknown, lapsed, spent, or not for this place. */
export async function claimVoucher(
  tx: Transaction,
  code: string,
  place: VoucherPlace,
): Promise<VoucherRow | Refusal<'voucher_not_valid'>> {
  const voucher = await lockVoucher(tx, { code })
  return voucher && isSpendable(voucher, place, tx.nowMs) ? voucher : refuse('voucher_not_valid')
}

function isSpendable(voucher: VoucherRow, { ownerId, currency }: VoucherPlace, nowMs: number): boolean {
  const { validTo } = voucher
  if (voucher.withdrawnAt !== null || voucher.balance === 0 || voucher.currency !== currency) return false
  if (voucher.ownerId !== null && voucher.ownerId !== ownerId) return false
  return validTo === null || nowMs < validTo
}

/** Takes the amount of a payment, which is written down already, off a voucher that is locked and has as much. */
export async function spendVoucher(
  tx: Transaction,
  voucher: VoucherRow,
  payment: Pick<PaymentRow, 'id' | 'bookingId' | 'amount' | 'createdBy'>,
): Promise<void> {
  await moveBalance(tx, voucher.id, {
    kind: 'spend',
    amount: -payment.amount,
    bookingId: payment.bookingId,
    paymentId: payment.id,
    createdBy: payment.createdBy,
  })
}

/** A refund of what a voucher paid goes back to the voucher, also to one that was withdrawn: then it is there again. Answers its id. */
export async function returnToVoucher(tx: Transaction, refund: RefundRow): Promise<string> {
  const { voucherId } = must(await findSpend(tx, refund.paymentId), 'A voucher’s payment has its entry')
  await moveBalance(tx, voucherId, {
    kind: 'refund',
    amount: refund.amount,
    bookingId: refund.bookingId,
    paymentId: refund.paymentId,
    refundId: refund.id,
    createdBy: refund.createdBy,
  })
  return voucherId
}

/** What took a payment off its voucher; null when no voucher paid it. */
export async function findSpend(tx: Transaction, paymentId: string): Promise<VoucherEntryRow | null> {
  const query = tx.query.selectFrom('voucherEntries').selectAll()
  return (await query.where('paymentId', '=', paymentId).where('kind', '=', 'spend').executeTakeFirst()) ?? null
}

type Entry = Pick<VoucherEntryRow, 'kind' | 'amount' | 'createdBy'> &
  Partial<Pick<VoucherEntryRow, 'bookingId' | 'paymentId' | 'refundId'>>

/** Moves a balance and says why, in one. The database refuses a balance below zero. */
export async function moveBalance(tx: Transaction, voucherId: string, entry: Entry): Promise<VoucherEntryRow> {
  await tx.query
    .updateTable('vouchers')
    .set((set) => ({
      balance: set('balance', '+', entry.amount),
      updatedAt: tx.nowMs,
      ...(entry.kind === 'refund' && { withdrawnAt: null }),
    }))
    .where('id', '=', voucherId)
    .execute()
  return await writeEntry(tx, voucherId, entry)
}

export async function writeEntry(tx: Transaction, voucherId: string, entry: Entry): Promise<VoucherEntryRow> {
  const none = { bookingId: null, paymentId: null, refundId: null }
  const row = { ...none, ...entry, id: newId('voucherEntry', tx.nowMs), voucherId, createdAt: tx.nowMs }
  await tx.query.insertInto('voucherEntries').values(row).execute()
  return row
}
