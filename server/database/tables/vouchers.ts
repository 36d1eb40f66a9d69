export interface VoucherRow {
  id: string
  /** Null: an administrator's, which counts everywhere. */
  ownerId: string | null
  /** As it was given out; `codeFolded` is what is compared. */
  code: string
  codeFolded: string
  /** Minor units of `currency`: the sum of its entries. */
  balance: number
  currency: string
  validTo: number | null
  createdBy: string | null
  createdAt: number
  updatedAt: number
  withdrawnAt: number | null
}

/** Written once and never changed. */
export interface VoucherEntryRow {
  id: string
  voucherId: string
  kind: 'issue' | 'spend' | 'refund' | 'adjust' | 'withdraw'
  /** Minor units; below zero is taken off. */
  amount: number
  bookingId: string | null
  paymentId: string | null
  refundId: string | null
  createdBy: string | null
  createdAt: number
}

export interface VoucherTables {
  vouchers: VoucherRow
  voucherEntries: VoucherEntryRow
}
