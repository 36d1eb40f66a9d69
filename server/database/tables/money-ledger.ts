/** An amount that went from one account to another. Written once and never changed: the database refuses it. */
export interface MoneyPostingRow {
  /** Whose balance it is: a booking's, a voucher's or a shift's id; a provider's name where money of no booking moved there. */
  subjectId: string
  /** What happened, and to what: once per such pair, the primary key sees to it. */
  fact: string
  factId: string
  /** The account that has more afterwards (for what the house owns), and the one that it came from. */
  debit: string
  credit: string
  /** Minor units of `currency`, above zero. */
  amount: number
  currency: string
  at: number
  /** Null for vouchers, which count in several theatres, and for what a provider did for all of them. */
  theatreId: string | null
  voucherId: string | null
  /** The shift whose drawer or terminal it was. */
  shiftId: string | null
}

/** A line of a provider's statement that is in the books: by its name nothing is booked twice. */
export interface ProviderStatementLineRow {
  provider: string
  lineId: string
  kind: 'fee' | 'payout'
  /** What it was kept for; null: no payment of ours. */
  paymentId: string | null
  /** Minor units; below zero what came back. */
  amount: number
  currency: string
  at: number
}

export interface MoneyLedgerTables {
  providerStatementLines: ProviderStatementLineRow
  moneyPostings: MoneyPostingRow
}
