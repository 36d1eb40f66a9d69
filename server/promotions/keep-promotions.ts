import type { PromotionInput, PromotionPatch } from '../../contract/promotions.ts'
import type { Transaction } from '../database/database.ts'
import { isUniqueViolation } from '../database/unique.ts'
import type { PromotionRow } from '../database/tables/promotions.ts'
import { newId } from '../platform/ids.ts'
import { isRefusal, refuse, refuseField } from '../platform/refusal.ts'
import type { Refusal } from '../platform/refusal.ts'
import { isTimeProblem, parseTime } from '../platform/time.ts'
import { foldCode } from './model.ts'
import { lockPromotion } from './store.ts'

type Terms = Pick<
  PromotionRow,
  'code' | 'percentOff' | 'amountOff' | 'currency' | 'validFrom' | 'validTo' | 'maxUses' | 'perCustomer'
>
const nothing: Terms = {
  code: '',
  percentOff: null,
  amountOff: null,
  currency: null,
  validFrom: null,
  validTo: null,
  maxUses: null,
  perCustomer: null,
}

type KeepRefusal = Refusal<'validation_failed' | 'promotion_exists' | 'not_found'>

/** Adds a promotion. Refuses `promotion_exists` for a code that its owner (or the house as a whole) has already. */
export async function createPromotion(
  tx: Transaction,
  input: PromotionInput,
  ownerId: string | null,
  createdBy: string,
): Promise<PromotionRow | KeepRefusal> {
  const terms = readTerms(nothing, input)
  if (isRefusal(terms)) return terms
  const row: PromotionRow = {
    id: newId('promotion', tx.nowMs),
    ownerId,
    ...terms,
    codeFolded: foldCode(terms.code),
    uses: 0,
    createdBy,
    createdAt: tx.nowMs,
    updatedAt: tx.nowMs,
    deletedAt: null,
  }
  const { numInsertedOrUpdatedRows } = await tx.query
    .insertInto('promotions')
    .values(row)
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirstOrThrow()
  return Number(numInsertedOrUpdatedRows) === 1 ? row : refuse('promotion_exists')
}

/** Changes what is sent. Bookings that have the code keep their discount. */
export async function changePromotion(
  tx: Transaction,
  id: string,
  patch: PromotionPatch,
): Promise<PromotionRow | KeepRefusal> {
  const row = await lockPromotion(tx, id)
  if (!row || row.deletedAt !== null) return refuse('not_found')
  const terms = readTerms(row, patch)
  if (isRefusal(terms)) return terms
  const codeFolded = foldCode(terms.code)
  const change = { ...terms, codeFolded, updatedAt: tx.nowMs }
  try {
    await tx.query.updateTable('promotions').set(change).where('id', '=', id).execute()
  } catch (error) {
    if (isUniqueViolation(error)) return refuse('promotion_exists')
    throw error
  }
  return { ...row, ...change }
}

/** Takes a promotion away; what was sold with it stays as it is. */
export async function deletePromotion(tx: Transaction, id: string): Promise<undefined> {
  await tx.query
    .updateTable('promotions')
    .set({ deletedAt: tx.nowMs, updatedAt: tx.nowMs })
    .where('id', '=', id)
    .execute()
  return undefined
}

/** The terms that hold after a change: what is not sent stays, and one kind of discount takes the place of the other. */
function readTerms(known: Terms, sent: PromotionPatch): Terms | Refusal<'validation_failed'> {
  const { percentOff, amountOff } = sent
  if (typeof percentOff === 'number' && amountOff) return refuseField('/amountOff', 'does not go with percentOff')
  if (amountOff?.amount === 0) return refuseField('/amountOff/amount', 'must be at least 1')
  const validFrom = readTime('/validFrom', sent.validFrom, known.validFrom)
  if (isRefusal(validFrom)) return validFrom
  const validTo = readTime('/validTo', sent.validTo, known.validTo)
  if (isRefusal(validTo)) return validTo
  if (validFrom !== null && validTo !== null && validFrom >= validTo) {
    return refuseField('/validTo', 'must be after validFrom')
  }
  const percent = amountOff ? null : percentOff === undefined ? known.percentOff : percentOff
  const amount = typeof percentOff === 'number' || amountOff === null ? null : (amountOff?.amount ?? known.amountOff)
  if ((percent === null) === (amount === null)) return refuseField('', 'needs exactly one of percentOff and amountOff')
  return {
    code: sent.code ?? known.code,
    percentOff: percent,
    amountOff: amount,
    currency: amount === null ? null : (amountOff?.currency ?? known.currency),
    validFrom,
    validTo,
    maxUses: sent.maxUses === undefined ? known.maxUses : sent.maxUses,
    perCustomer: sent.perCustomer === undefined ? known.perCustomer : sent.perCustomer,
  }
}

function readTime(
  path: string,
  sent: string | null | undefined,
  known: number | null,
): number | null | Refusal<'validation_failed'> {
  if (sent === undefined) return known
  if (sent === null) return null
  const at = parseTime(sent)
  return isTimeProblem(at) ? refuseField(path, at.problem) : at
}
