import type { Way } from './given-back.ts'
import { useBookingWords } from './words/index.ts'

/** Says sums by the way in which they go: "£12.50 in cash". */
export function useWays(currency: string): (sums: Partial<Record<Way, number>>) => string[] {
  const { t, money } = useBookingWords()
  const ways: readonly Way[] = ['cash', 'card', 'voucher', 'online']
  return (sums) =>
    ways.flatMap((way) => {
      const amount = sums[way]
      return amount === undefined ? [] : [t('sum_by', { sum: money({ amount, currency }), way: t(`way_${way}`) })]
    })
}
