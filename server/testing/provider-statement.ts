/** What moves on a double's account of the house. */
export type Movement =
  | 'captured'
  | 'refunded'
  | 'refund returned'
  | 'disputed'
  | 'dispute won'
  | 'paid out'
  | 'payout returned'
  | 'invoiced'

export interface StatementEntry {
  readonly id: string
  readonly movement: Movement
  /** Minor units: what the house has more there, before `fee` is taken. */
  amount: number
  readonly fee: number
  readonly currency: string
  readonly at: number
  /** What it is about, as the provider calls it. */
  readonly reference: string | null
}

/** What a double's account says, minor units of all currencies alike. */
export interface StatementTotals {
  readonly fees: number
  readonly paidOut: number
  /** What the provider still owes the house. */
  readonly balance: number
}

/** The part of a double that tests move and ask. */
export interface DoubleStatement {
  /** Everything that is there goes to the bank. */
  payOut(): void
  /** The last payout did not arrive. */
  returnPayout(): void
  /** The provider takes something for itself that no payment is to blame for; below zero: it gives it back. */
  invoice(amountMinor: number, currency: string): void
  /** The provider tells its first line differently from now on; null: not at all. */
  restate(amountMinor: number | null): void
  totals(): StatementTotals
}

export interface ProviderStatement extends DoubleStatement {
  /** The newest first. */
  readonly entries: StatementEntry[]
  move(movement: Movement, amount: number, currency: string, reference: string | null): void
}

/** Fees as a provider might take them: a share and some pennies of what is captured, a round sum for a dispute. */
function feeOf(movement: Movement, amount: number): number {
  if (movement === 'captured') return Math.round(amount * 0.015) + 20
  return movement === 'disputed' ? 1500 : 0
}

/** A double's account of the house. `now`: milliseconds since the epoch. */
export function createStatement(now: () => number, newId: () => string): ProviderStatement {
  const entries: StatementEntry[] = []
  const sum = (of: (entry: StatementEntry) => number) => entries.reduce((total, entry) => total + of(entry), 0)
  const move: ProviderStatement['move'] = (movement, amount, currency, reference) => {
    const fee = feeOf(movement, amount)
    // Providers tell whole seconds.
    const at = Math.floor(now() / 1000) * 1000
    entries.unshift({ id: newId(), movement, amount, fee, currency: currency.toUpperCase(), at, reference })
  }
  const isPayout = ({ movement }: StatementEntry) => movement === 'paid out' || movement === 'payout returned'
  return {
    entries,
    move,
    payOut() {
      for (const [currency, own] of Map.groupBy(entries, (entry) => entry.currency)) {
        const balance = own.reduce((total, { amount, fee }) => total + amount - fee, 0)
        if (balance > 0) move('paid out', -balance, currency, null)
      }
    },
    returnPayout() {
      const last = entries.find(({ movement }) => movement === 'paid out')
      if (last) move('payout returned', -last.amount, last.currency, null)
    },
    invoice: (amountMinor, currency) => move('invoiced', -amountMinor, currency, null),
    restate(amountMinor) {
      const index = entries.findIndex(({ movement }) => movement === 'paid out')
      const [line] = amountMinor === null ? entries.splice(index, 1) : entries.slice(index)
      if (line && amountMinor !== null) line.amount = -amountMinor
    },
    totals: () => ({
      fees: sum(({ movement, amount, fee }) => fee - (movement === 'invoiced' ? amount : 0)),
      paidOut: sum((entry) => (isPayout(entry) ? 0 - entry.amount : 0)),
      balance: sum(({ amount, fee }) => amount - fee),
    }),
  }
}
