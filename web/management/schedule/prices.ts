import type { ShowtimePatch } from '../../../contract/showtimes.ts'
import { readStored, writeStored } from '../../ui/stored.ts'

/** Where the prices of a showtime come from; `amount` is an adult's, minor units. */
export type PriceChoice =
  | { readonly kind: 'keep' }
  | { readonly kind: 'none' }
  | { readonly kind: 'list'; readonly id: string }
  | { readonly kind: 'base'; readonly amount: number | null }

/** What is sent for a choice. */
export function pricesOf(choice: PriceChoice, currency: string): Pick<ShowtimePatch, 'basePrice' | 'priceListId'> {
  if (choice.kind === 'list') return { priceListId: choice.id }
  if (choice.kind === 'base' && choice.amount !== null) return { basePrice: { amount: choice.amount, currency } }
  return {}
}

/** What the last showtime was priced with; else the theatre's first price list, else nothing yet. */
export function usualPrices(theatreId: string, lists: readonly { readonly id: string }[]): PriceChoice {
  const kept = readStored<PriceChoice>(`prices.${theatreId}`, { kind: 'keep' })
  if (kept.kind === 'base') return kept
  if (kept.kind === 'list' && lists.some(({ id }) => id === kept.id)) return kept
  const [first] = lists
  return first ? { kind: 'list', id: first.id } : { kind: 'none' }
}

export function keepUsualPrices(theatreId: string, choice: PriceChoice): void {
  if (choice.kind === 'list' || choice.kind === 'base') writeStored(`prices.${theatreId}`, choice)
}
