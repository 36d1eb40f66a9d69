import type { ReportTotal } from '../../contract/reports.ts'
import { assert } from '../platform/assert.ts'
import type { Fact } from './model.ts'

/** Money and tickets that are being added up, minor units. */
export interface Sum {
  gross: number
  refunded: number
  tickets: number
  bookings: number
}

/** Adds facts up by a key of texts. */
export class Sums {
  readonly #sums = new Map<string, { readonly key: readonly string[]; readonly sum: Sum }>()

  add(key: readonly string[], fact: Pick<Fact, 'gross' | 'refunded' | 'tickets' | 'bookings'>): void {
    const name = key.join('\n')
    let entry = this.#sums.get(name)
    if (!entry) this.#sums.set(name, (entry = { key, sum: { gross: 0, refunded: 0, tickets: 0, bookings: 0 } }))
    const { sum } = entry
    sum.gross += fact.gross
    sum.refunded += fact.refunded
    sum.tickets += fact.tickets
    sum.bookings += fact.bookings
    assert(Number.isSafeInteger(sum.gross) && Number.isSafeInteger(sum.refunded), 'Sums of money are exact')
  }

  /** Sorted by key, by code point. */
  entries(): { readonly key: readonly string[]; readonly sum: Sum }[] {
    return [...this.#sums.entries()].toSorted(([one], [other]) => (one < other ? -1 : 1)).map(([, entry]) => entry)
  }
}

/** Everything by currency. */
export function totalsOf(sums: Sums): ReportTotal[] {
  return sums.entries().map(({ key: [currency = ''], sum: { gross, refunded, tickets } }) => ({
    currency,
    gross,
    refunded,
    net: gross - refunded,
    tickets,
  }))
}
