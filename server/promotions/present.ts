import type { Promotion } from '../../contract/promotions.ts'
import type { PromotionRow } from '../database/tables/promotions.ts'
import { formatInstant, formatInstantOrNull } from '../platform/time.ts'

export function presentPromotion(row: PromotionRow): Promotion {
  const { amountOff, currency } = row
  return {
    id: row.id,
    code: row.code,
    percentOff: row.percentOff,
    amountOff: amountOff === null || currency === null ? null : { amount: amountOff, currency },
    validFrom: formatInstantOrNull(row.validFrom),
    validTo: formatInstantOrNull(row.validTo),
    maxUses: row.maxUses,
    perCustomer: row.perCustomer,
    uses: row.uses,
    ownerId: row.ownerId,
    createdAt: formatInstant(row.createdAt),
    updatedAt: formatInstant(row.updatedAt),
  }
}
