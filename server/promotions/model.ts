import type { PromotionRow } from '../database/tables/promotions.ts'
import type { Discount } from '../showtimes/quote.ts'

/** Codes are compared without their case. */
export function foldCode(code: string): string {
  return code.trim().toUpperCase()
}

/** Where a promotion is to count. */
export interface PromotionPlace {
  /** The owner of the theatre. */
  readonly ownerId: string | null
  readonly currency: string
}

/** Whether a promotion counts at a place and time: from the very millisecond of `validFrom` until just before `validTo`. */
export function isValidAt(
  promotion: Pick<PromotionRow, 'ownerId' | 'currency' | 'validFrom' | 'validTo' | 'deletedAt'>,
  place: PromotionPlace,
  nowMs: number,
): boolean {
  const { ownerId, currency, validFrom, validTo, deletedAt } = promotion
  if (deletedAt !== null) return false
  if (ownerId !== null && ownerId !== place.ownerId) return false
  if (currency !== null && currency !== place.currency) return false
  return (validFrom === null || validFrom <= nowMs) && (validTo === null || nowMs < validTo)
}

/** What a promotion takes off the prices. */
export function discountOf({ percentOff, amountOff }: Pick<PromotionRow, 'percentOff' | 'amountOff'>): Discount {
  return percentOff === null ? { amountOff: amountOff ?? 0 } : { percentOff }
}
