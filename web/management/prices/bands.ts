import type { PriceRule } from '../../../contract/prices.ts'
import { readMoney, writeMoney } from '../../ui/money.ts'

export type Weekday = NonNullable<PriceRule['days']>[number]

/** The days in the order of a week. Source: contract/venues.ts, without the schemas. */
export const weekdays: readonly Weekday[] = [
  'monday',
  'tuesday',
  'wednesday',
  'thursday',
  'friday',
  'saturday',
  'sunday',
]

/** A cell of the grid: which seats, for whom. */
export type CellKey = `${string}\n${string}`

/** All prices that hold at the same times: a grid of categories by ticket types. */
export interface Band {
  /** Empty is every day. */
  readonly days: readonly Weekday[]
  /** `17:00`; empty is from or until any time. */
  readonly from: string
  readonly until: string
  /** As typed. A pair that is not there has no price in this band. */
  readonly prices: ReadonlyMap<CellKey, string>
}

export const always: Band = { days: [], from: '', until: '', prices: new Map() }

export function cellKey(category: string, ticketType: string): CellKey {
  return `${category}\n${ticketType}`
}

/** Rules by when they hold: first what holds always, then as they stand. Of two for one pair the first counts, as at the box office. */
export function bandsOf(rules: readonly PriceRule[]): Band[] {
  const bands = new Map<string, Band & { prices: Map<CellKey, string> }>([
    [nameOf(always), { ...always, prices: new Map() }],
  ])
  for (const { category, ticketType, days, from = '', until = '', price } of rules) {
    const when = { days: weekdays.filter((day) => days?.includes(day)), from, until }
    const band = bands.get(nameOf(when)) ?? { ...when, prices: new Map() }
    bands.set(nameOf(when), band)
    const key = cellKey(category, ticketType)
    if (!band.prices.has(key)) band.prices.set(key, writeMoney(price.amount, price.currency))
  }
  return [...bands.values()]
}

function nameOf({ days, from, until }: Pick<Band, 'days' | 'from' | 'until'>): string {
  return [days.join(), from, until].join('|')
}

/** The rules of a grid. Cells without a sum make none. */
export function rulesOf(bands: readonly Band[], currency: string): PriceRule[] {
  return bands.flatMap(({ days, from, until, prices }) =>
    [...prices].flatMap(([key, text]) => {
      const amount = readMoney(text, currency)
      if (amount === null || Number.isNaN(amount)) return []
      const [category = '', ticketType = ''] = key.split('\n')
      return {
        category,
        ticketType,
        ...(days.length > 0 && { days: [...days] }),
        ...(from !== '' && { from }),
        ...(until !== '' && { until }),
        price: { amount, currency },
      }
    }),
  )
}

/** Whether something is typed that is no sum. */
export function isWrong(text: string, currency: string): boolean {
  return Number.isNaN(readMoney(text, currency))
}

/** Two bands that hold at exactly the same times: the second would never count. */
export function isTwin(bands: readonly Band[], band: Band): boolean {
  return bands.some((other) => other !== band && nameOf(other) === nameOf(band))
}

/** A band with another price in one cell; an empty one leaves it. */
export function withPrice(band: Band, key: CellKey, text: string): Band {
  const prices = new Map(band.prices)
  if (text.trim() === '') prices.delete(key)
  else prices.set(key, text)
  return { ...band, prices }
}
