import type { ReportTotal } from '../../contract/reports.ts'
import { assert } from '../platform/assert.ts'

interface Sum {
  readonly currency: string
  readonly gross: number
  readonly refunded: number
  readonly tickets: number
}

/** Adds the rows of a report up by currency while they pass by; minor units, exact. */
export class Totals {
  readonly #sums = new Map<string, { gross: number; refunded: number; tickets: number }>()

  add({ currency, gross, refunded, tickets }: Sum): void {
    const sum = this.#sums.getOrInsertComputed(currency, () => ({ gross: 0, refunded: 0, tickets: 0 }))
    sum.gross += gross
    sum.refunded += refunded
    sum.tickets += tickets
    assert(Number.isSafeInteger(sum.gross) && Number.isSafeInteger(sum.refunded), 'Sums of money are exact')
  }

  list(): ReportTotal[] {
    const sorted = [...this.#sums.entries()].toSorted(([one], [other]) => (one < other ? -1 : 1))
    return sorted.map(([currency, sum]) => ({
      currency,
      gross: sum.gross,
      refunded: sum.refunded,
      net: sum.gross - sum.refunded,
      tickets: sum.tickets,
    }))
  }
}
