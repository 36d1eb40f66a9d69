import type { CloseInput, MovementInput, ShiftInput } from '../../contract/shifts.ts'
import type { Transaction } from '../database/database.ts'
import type { ShiftRow } from '../database/tables/shifts.ts'
import { fold } from '../platform/fold.ts'
import { cashMoved, shiftClosed, shiftOpened } from '../money-ledger/model.ts'
import { post } from '../money-ledger/post.ts'
import { newId } from '../platform/ids.ts'
import { isRefusal, refuse, refuseField } from '../platform/refusal.ts'
import type { Refusal } from '../platform/refusal.ts'
import { shiftTenders } from './shift-model.ts'
import type { ShiftTender, TenderSums } from './shift-model.ts'
import { findShift, lockOpenShift } from './shift-store.ts'

/** Opens a till. Its number follows on the till's last one; refuses `shift_open` while another shift is open there. */
export async function openShift(
  tx: Transaction,
  { theatreId, till, float }: ShiftInput,
  openedBy: string,
): Promise<ShiftRow | Refusal<'shift_open'>> {
  const tillFolded = fold(till) || till.trim()
  // The till's row is the lock: whoever is refused leaves its number as it was.
  const { lastNumber } = await tx.query
    .insertInto('tills')
    .values({ theatreId, tillFolded, lastNumber: 1 })
    .onConflict((conflict) =>
      conflict
        .columns(['theatreId', 'tillFolded'])
        .doUpdateSet((set) => ({ lastNumber: set('tills.lastNumber', '+', 1) })),
    )
    .returning('lastNumber')
    .executeTakeFirstOrThrow()
  tx.renewTime()
  const open = await tx.query
    .selectFrom('shifts')
    .select('id')
    .where('theatreId', '=', theatreId)
    .where('tillFolded', '=', tillFolded)
    .where('closedAt', 'is', null)
    .executeTakeFirst()
  if (open) return refuse('shift_open', undefined, { extra: { shiftId: open.id } })
  const row: ShiftRow = {
    id: newId('shift', tx.nowMs),
    theatreId,
    till: till.trim(),
    tillFolded,
    number: lastNumber,
    currency: float.currency,
    floatAmount: float.amount,
    openedBy,
    openedAt: tx.nowMs,
    closedBy: null,
    closedAt: null,
    expected: null,
    counted: null,
  }
  await tx.query.insertInto('shifts').values(row).execute()
  post(tx, shiftOpened(row))
  return row
}

/** Puts cash into a drawer, or takes it out (below zero). */
export async function moveCash(
  tx: Transaction,
  shiftId: string,
  { amount, reason }: MovementInput,
  createdBy: string,
): Promise<ShiftRow | Refusal<'not_found' | 'shift_closed' | 'validation_failed'>> {
  if (amount.amount === 0) return refuseField('/amount/amount', 'must not be zero')
  const known = await findShift(tx.query, shiftId)
  if (known && amount.currency !== known.currency) return refuseField('/amount/currency', `must be ${known.currency}`)
  const shift = await lockOpenShift(tx, shiftId)
  if (isRefusal(shift)) return shift
  const movement = {
    id: newId('shiftMovement', tx.nowMs),
    shiftId,
    amount: amount.amount,
    reason,
    createdBy,
    createdAt: tx.nowMs,
  }
  await tx.query.insertInto('shiftMovements').values(movement).execute()
  post(tx, cashMoved(movement, shift))
  return shift
}

/** Closes a shift: what should be there is summed up in this transaction, and stands for good beside what was counted. */
export async function closeShift(
  tx: Transaction,
  shiftId: string,
  { counted }: CloseInput,
  closedBy: string,
): Promise<ShiftRow | Refusal<'not_found' | 'shift_closed' | 'validation_failed'>> {
  const known = await findShift(tx.query, shiftId)
  const found = readCounted(counted, known?.currency ?? '')
  if (isRefusal(found)) return found
  const shift = await lockOpenShift(tx, shiftId)
  if (isRefusal(shift)) return shift
  const expected = await expectedIn(tx, shift)
  const texts = { expected: JSON.stringify(expected), counted: JSON.stringify(found) }
  const change = { closedBy, closedAt: tx.nowMs, ...texts }
  await tx.query.updateTable('shifts').set(change).where('id', '=', shiftId).execute()
  post(tx, shiftClosed(shift, expected, found, tx.nowMs))
  return { ...shift, ...change }
}

function readCounted(counted: CloseInput['counted'], currency: string): TenderSums | Refusal<'validation_failed'> {
  const sums = 'amount' in counted ? { cash: counted } : counted
  const read: Partial<Record<ShiftTender, number>> = {}
  for (const tender of shiftTenders) {
    const sum = sums[tender]
    if (sum === undefined) continue
    if (sum.currency !== currency) return refuseField(`/counted/${tender}/currency`, `must be ${currency}`)
    read[tender] = sum.amount
  }
  return Object.keys(read).length > 0 ? read : refuseField('/counted', 'needs at least one tender')
}

/** What should be there, by tender: taken less given back; of cash also the float and what was moved. */
async function expectedIn(tx: Transaction, shift: ShiftRow): Promise<Record<ShiftTender, number>> {
  const sums = { cash: shift.floatAmount, card: 0, voucher: 0, comp: 0 }
  const moved = await tx.query.selectFrom('shiftMovements').select('amount').where('shiftId', '=', shift.id).execute()
  for (const { amount } of moved) sums.cash += amount
  const taken = await tx.query
    .selectFrom('payments')
    .select(['tender', 'amount'])
    .where('shiftId', '=', shift.id)
    .execute()
  for (const { tender, amount } of taken) if (tender !== null) sums[tender] += amount
  const returned = await tx.query
    .selectFrom('refunds')
    .innerJoin('payments', 'payments.id', 'refunds.paymentId')
    .select(['payments.tender', 'refunds.amount'])
    .where('refunds.shiftId', '=', shift.id)
    .execute()
  for (const { tender, amount } of returned) if (tender !== null) sums[tender] -= amount
  return sums
}
