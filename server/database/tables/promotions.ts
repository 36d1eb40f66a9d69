export interface PromotionRow {
  id: string
  /** Null: an administrator's, which counts everywhere. */
  ownerId: string | null
  /** As it was typed; `codeFolded` is what is compared. */
  code: string
  codeFolded: string
  percentOff: number | null
  /** Minor units of `currency`. */
  amountOff: number | null
  currency: string | null
  validFrom: number | null
  validTo: number | null
  maxUses: number | null
  perCustomer: number | null
  /** Uses that have not lapsed. */
  uses: number
  createdBy: string | null
  createdAt: number
  updatedAt: number
  deletedAt: number | null
}

export interface PromotionUseRow {
  bookingId: string
  promotionId: string
  /** The account, else the folded email; null for an unknown customer at the counter. */
  customer: string | null
  /** As it was when the booking was made; null for a discount by amount. */
  percentOff: number | null
  createdAt: number
  /** When it lapses with its unpaid booking; null once that cannot lapse any more. */
  expiresAt: number | null
  lapsedAt: number | null
}

export interface PromotionTables {
  promotions: PromotionRow
  promotionUses: PromotionUseRow
}
