import { sql } from 'kysely'
import type { Database, Transaction } from '../database/database.ts'
import type { VoucherRow } from '../database/tables/vouchers.ts'
import { voucherMoved } from '../money-ledger/model.ts'
import { post } from '../money-ledger/post.ts'
import { lockVoucher, moveBalance } from './spend-voucher.ts'

const vouchersAtOnce = 200

/**
 * What is left on vouchers that are past their date is owed no more: it is the house's income from now on. The vouchers stay,
 * with nothing on them. Answers how many there were.
 */
export async function lapseVouchers(database: Database, nowMs: number): Promise<number> {
  const due = await database.read
    .selectFrom('vouchers')
    .select('id')
    .where('validTo', '<=', nowMs)
    .where('balance', '>', 0)
    .where('withdrawnAt', 'is', null)
    .limit(vouchersAtOnce)
    .execute()
  let lapsed = 0
  for (const { id } of due) if (await database.write(async (tx) => await lapse(tx, id))) lapsed += 1
  return lapsed
}

async function lapse(tx: Transaction, id: string): Promise<boolean> {
  const voucher = await lockVoucher(tx, { id })
  if (!voucher || voucher.withdrawnAt !== null || voucher.balance === 0) return false
  // Its date may have been moved since.
  if (voucher.validTo === null || voucher.validTo > tx.nowMs) return false
  const entry = await moveBalance(tx, id, { kind: 'withdraw', amount: -voucher.balance, createdBy: null })
  post(tx, voucherMoved(entry, voucher.currency))
  return true
}

/** The date of a locked voucher is moved to a later one: what lapsed is on it again. Answers how much, minor units. */
export async function restoreLapsed(tx: Transaction, voucher: VoucherRow, createdBy: string): Promise<number> {
  const { lapsed } = await tx.query
    .selectFrom('voucherEntries')
    .select((select) => select.fn.coalesce(select.fn.sum<number>('amount'), sql.lit(0)).as('lapsed'))
    .where('voucherId', '=', voucher.id)
    .where('kind', '=', 'withdraw')
    // What somebody has withdrawn stays so; what lapsed by itself, and what came back of that, is counted.
    .where((where) => where.or([where('createdBy', 'is', null), where('amount', '>', 0)]))
    .executeTakeFirstOrThrow()
  if (lapsed === 0) return 0
  const entry = await moveBalance(tx, voucher.id, { kind: 'withdraw', amount: -lapsed, createdBy })
  post(tx, voucherMoved(entry, voucher.currency))
  return -lapsed
}
