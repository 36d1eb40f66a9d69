import type { Transaction } from '../database/database.ts'
import type { PromotionRow } from '../database/tables/promotions.ts'
import { refuse } from '../platform/refusal.ts'
import type { Refusal } from '../platform/refusal.ts'
import type { Discount } from '../showtimes/quote.ts'
import { discountOf, foldCode, isValidAt } from './model.ts'
import type { PromotionPlace } from './model.ts'
import { addUses, findByCode, lockPromotion } from './store.ts'

export interface PromotionClaim {
  readonly promotion: PromotionRow
  readonly discount: Discount
  readonly customer: string | null
}

type ClaimRefusal = Refusal<'promo_not_valid' | 'promo_used_up'>

/**
 * Locks the promotion that a code names and judges whether this customer may use it once more: until the transaction ends
 * nobody else can. `customer`: the account, else the folded email. The use is written down by `recordUse`.
 */
export async function claimPromotion(
  tx: Transaction,
  code: string,
  place: PromotionPlace,
  customer: string | null,
): Promise<PromotionClaim | ClaimRefusal> {
  const known = await findByCode(tx.query, foldCode(code), place.ownerId)
  const promotion = known && (await lockPromotion(tx, known.id))
  if (!promotion || !isValidAt(promotion, place, tx.nowMs)) return refuse('promo_not_valid')
  const uses = promotion.uses - (await lapseUnpaid(tx, promotion.id))
  if (promotion.maxUses !== null && uses >= promotion.maxUses) return refuse('promo_used_up')
  const refused = await judgeCustomer(tx, promotion, customer)
  return refused ?? { promotion, discount: discountOf(promotion), customer }
}

async function judgeCustomer(
  tx: Transaction,
  { id, perCustomer }: PromotionRow,
  customer: string | null,
): Promise<ClaimRefusal | null> {
  if (perCustomer === null) return null
  if (customer === null) return refuse('promo_not_valid', 'This code counts per customer: give the customer’s email.')
  const { used } = await tx.query
    .selectFrom('promotionUses')
    .select((select) => select.fn.countAll<number>().as('used'))
    .where('promotionId', '=', id)
    .where('customer', '=', customer)
    .where('lapsedAt', 'is', null)
    .executeTakeFirstOrThrow()
  return used < perCustomer ? null : refuse('promo_used_up', 'You have used this code as often as you may.')
}

/** Frees the uses of bookings that were not paid in time, whether or not that has been written down. Answers how many. */
async function lapseUnpaid(tx: Transaction, promotionId: string): Promise<number> {
  const lapsed = await tx.query
    .updateTable('promotionUses')
    .set({ lapsedAt: tx.nowMs })
    .where('promotionId', '=', promotionId)
    .where('lapsedAt', 'is', null)
    .where('expiresAt', '<=', tx.nowMs)
    .returning('bookingId')
    .execute()
  await addUses(tx, promotionId, -lapsed.length)
  return lapsed.length
}

/** Writes a use down for a booking that was just made; it lapses at `expiresAt` unless it is kept. */
export async function recordUse(
  tx: Transaction,
  { promotion, customer }: PromotionClaim,
  booking: { readonly id: string; readonly expiresAt: number | null },
): Promise<void> {
  await tx.query
    .insertInto('promotionUses')
    .values({
      bookingId: booking.id,
      promotionId: promotion.id,
      customer,
      percentOff: promotion.percentOff,
      createdAt: tx.nowMs,
      expiresAt: booking.expiresAt,
      lapsedAt: null,
    })
    .execute()
  await addUses(tx, promotion.id, 1)
}

/** The booking will not lapse any more, and neither does its use. False when the use has lapsed and is somebody else's. */
export async function keepUse(tx: Transaction, bookingId: string): Promise<boolean> {
  const kept = await tx.query
    .updateTable('promotionUses')
    .set({ expiresAt: null })
    .where('bookingId', '=', bookingId)
    .where('lapsedAt', 'is', null)
    .returning('bookingId')
    .execute()
  return kept.length === 1
}

/** Gives the use of a booking that has ended back; a second time changes nothing. */
export async function giveUseBack(tx: Transaction, bookingId: string): Promise<void> {
  const use = await tx.query
    .selectFrom('promotionUses')
    .select('promotionId')
    .where('bookingId', '=', bookingId)
    .executeTakeFirst()
  if (!use) return
  await lockPromotion(tx, use.promotionId)
  const lapsed = await tx.query
    .updateTable('promotionUses')
    .set({ lapsedAt: tx.nowMs })
    .where('bookingId', '=', bookingId)
    .where('lapsedAt', 'is', null)
    .returning('bookingId')
    .execute()
  await addUses(tx, use.promotionId, -lapsed.length)
}

/** The discount of a booking that moves elsewhere. `amount`: what its tickets have off now, minor units. */
export async function keptDiscount(tx: Transaction, bookingId: string, amount: number): Promise<Discount> {
  const use = await tx.query
    .selectFrom('promotionUses')
    .select('percentOff')
    .where('bookingId', '=', bookingId)
    .executeTakeFirst()
  return use && use.percentOff !== null ? { percentOff: use.percentOff } : { amountOff: amount }
}
