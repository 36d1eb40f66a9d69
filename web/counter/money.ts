import { placesOf } from '../ui/money.ts'

/** What a till knows of cash. All amounts are in minor units. */

interface Cash {
  readonly notes: readonly number[]
  readonly coins: readonly number[]
}

/** Notes and coins in use, minor units, the largest first. */
const cashOf: Readonly<Record<string, Cash>> = {
  GBP: { notes: [5000, 2000, 1000, 500], coins: [200, 100, 50, 20, 10, 5, 2, 1] },
  EUR: { notes: [20000, 10000, 5000, 2000, 1000, 500], coins: [200, 100, 50, 20, 10, 5, 2, 1] },
  USD: { notes: [10000, 5000, 2000, 1000, 500, 100], coins: [25, 10, 5, 1] },
  JPY: { notes: [10_000, 5000, 1000], coins: [500, 100, 50, 10, 5, 1] },
  CHF: { notes: [20000, 10000, 5000, 2000, 1000], coins: [500, 200, 100, 50, 20, 10, 5] },
}
const steps = [5, 2, 1]

/** The cash of a currency; of one that is not listed, a series of fives, twos and ones up to a thousand units. */
export function cashIn(currency: string): Cash {
  const known = cashOf[currency]
  if (known) return known
  const unit = 10 ** placesOf(currency)
  const series = (from: number, to: number) => {
    const found: number[] = []
    for (let ten = to; ten >= from; ten /= 10) found.push(...steps.map((step) => step * ten))
    return found
  }
  return { notes: series(unit * 10, unit * 1000), coins: unit > 1 ? series(1, unit) : series(1, 1) }
}

const mostQuickNotes = 4

/** What people hand over for a sum: the round amounts just above it that notes come to, the smallest first. */
export function quickNotes(due: number, currency: string): number[] {
  if (due <= 0) return []
  const { notes } = cashIn(currency)
  const rounded = notes.map((note) => Math.ceil(due / note) * note).filter((amount) => amount > due)
  return [...new Set(rounded)].sort((one, other) => one - other).slice(0, mostQuickNotes)
}

/** An amount in the largest notes and coins there are: what to give back, in the order it is counted out. */
export function inCash(amount: number, currency: string): { readonly value: number; readonly count: number }[] {
  const { notes, coins } = cashIn(currency)
  let left = amount
  return [...notes, ...coins].flatMap((value) => {
    const count = Math.floor(left / value)
    left -= count * value
    return count > 0 ? [{ value, count }] : []
  })
}
