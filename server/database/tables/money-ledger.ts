/** An amount that went from one account to another. Written once and never changed: the database refuses it. */
export interface MoneyPostingRow {
  /** Whose balance it is: a booking's, a voucher's or a shift's id. */
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
  /** Null for vouchers: they count in several theatres. */
  theatreId: string | null
  voucherId: string | null
  /** The shift whose drawer or terminal it was. */
  shiftId: string | null
}

export interface MoneyLedgerTables {
  moneyPostings: MoneyPostingRow
}
