import { randomBytes } from 'node:crypto'
import type { VoucherInput, VoucherPatch } from '../../contract/vouchers.ts'
import type { Transaction } from '../database/database.ts'
import type { VoucherRow } from '../database/tables/vouchers.ts'
import { voucherMoved } from '../money-ledger/model.ts'
import { post } from '../money-ledger/post.ts'
import { newId } from '../platform/ids.ts'
import { isRefusal, refuse, refuseField } from '../platform/refusal.ts'
import type { Refusal } from '../platform/refusal.ts'
import { isTimeProblem, parseTime } from '../platform/time.ts'
import { foldCode } from '../promotions/model.ts'
import { restoreLapsed } from './lapse-vouchers.ts'
import { lockVoucher, moveBalance, writeEntry } from './spend-voucher.ts'

/** Issues a voucher; without a code it gets one of 80 random bits. */
export async function createVoucher(
  tx: Transaction,
  input: VoucherInput,
  ownerId: string | null,
  createdBy: string,
): Promise<VoucherRow | Refusal<'validation_failed' | 'voucher_exists'>> {
  const { amount, currency } = input.balance
  if (amount === 0) return refuseField('/balance/amount', 'must be at least 1')
  const validTo = readTime(input.validTo ?? null)
  if (isRefusal(validTo)) return validTo
  const code = input.code ?? newVoucherCode()
  const row: VoucherRow = {
    id: newId('voucher', tx.nowMs),
    ownerId,
    code,
    codeFolded: foldCode(code),
    balance: amount,
    currency,
    validTo,
    createdBy,
    createdAt: tx.nowMs,
    updatedAt: tx.nowMs,
    withdrawnAt: null,
  }
  const { numInsertedOrUpdatedRows } = await tx.query
    .insertInto('vouchers')
    .values(row)
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirstOrThrow()
  if (Number(numInsertedOrUpdatedRows) === 0) return refuse('voucher_exists')
  post(tx, voucherMoved(await writeEntry(tx, row.id, { kind: 'issue', amount, createdBy }), currency))
  return row
}

/** Corrects a voucher; the difference of a changed balance is an entry of its own. With a later date what had lapsed is on it again. */
export async function changeVoucher(
  tx: Transaction,
  id: string,
  { balance, validTo }: VoucherPatch,
  createdBy: string,
): Promise<VoucherRow | Refusal<'validation_failed' | 'not_found'>> {
  const row = await lockVoucher(tx, { id })
  if (!row || row.withdrawnAt !== null) return refuse('not_found')
  if (balance && balance.currency !== row.currency) return refuseField('/balance/currency', `must be ${row.currency}`)
  const until = validTo === undefined ? row.validTo : readTime(validTo)
  if (isRefusal(until)) return until
  const isGood = until === null || until > tx.nowMs
  const left = row.balance + (isGood ? await restoreLapsed(tx, row, createdBy) : 0)
  const difference = (balance?.amount ?? left) - left
  if (difference !== 0) {
    const entry = await moveBalance(tx, id, { kind: 'adjust', amount: difference, createdBy })
    post(tx, voucherMoved(entry, row.currency))
  }
  const change = { validTo: until, updatedAt: tx.nowMs }
  await tx.query.updateTable('vouchers').set(change).where('id', '=', id).execute()
  return { ...row, ...change, balance: left + difference }
}

/** Withdraws a voucher with what is left on it; its entries stay, and its code is never used again. */
export async function withdrawVoucher(tx: Transaction, id: string, createdBy: string): Promise<undefined> {
  const row = await lockVoucher(tx, { id })
  if (!row || row.withdrawnAt !== null) return undefined
  if (row.balance > 0) {
    const entry = await moveBalance(tx, id, { kind: 'withdraw', amount: -row.balance, createdBy })
    post(tx, voucherMoved(entry, row.currency))
  }
  await tx.query.updateTable('vouchers').set({ withdrawnAt: tx.nowMs }).where('id', '=', id).execute()
  return undefined
}

function readTime(sent: string | null): number | null | Refusal<'validation_failed'> {
  if (sent === null) return null
  const at = parseTime(sent)
  return isTimeProblem(at) ? refuseField('/validTo', at.problem) : at
}

// Crockford's base 32: no letter is mistaken for another when it is read from paper.
const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'

/** `7K2M-9QX4-…`: sixteen characters, 80 random bits. */
function newVoucherCode(): string {
  const letters = Array.from(randomBytes(16), (byte) => alphabet[byte & 31])
  return [0, 4, 8, 12].map((start) => letters.slice(start, start + 4).join('')).join('-')
}
