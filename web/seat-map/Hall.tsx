import { useState } from 'react'
import type { MappedSeat } from '../../contract/holds.ts'
import { fullPrice } from '../catalogue/showtimes.ts'
import type { Listed } from '../catalogue/showtimes.ts'
import { useWords } from '../messages/locale.tsx'
import type { Standing } from './live.ts'
import { SeatLegend } from './SeatLegend.tsx'
import { SeatList, SeatPlan } from './SeatPlan.tsx'
import { typesSold } from './use-sale.ts'

/** Categories from the cheapest on. */
export function categoriesOf(showtime: Listed, type: string): string[] {
  const categories = [...new Set(showtime.prices.map(({ category }) => category))]
  const price = (category: string) => fullPrice(showtime, category, type) ?? Infinity
  return categories.toSorted((one, other) => price(one) - price(other))
}

interface HallProps {
  readonly showtime: Listed
  readonly seats: readonly MappedSeat[]
  readonly curve: number
  readonly standing: Standing
  readonly chosen: readonly string[]
  readonly isFree: (seat: string) => boolean
  readonly press: (seat: string) => void
}

/** The seats, as a plan or as a list, and what their colours mean. */
export function Hall({ showtime, seats, curve, standing, chosen, isFree, press }: HallProps) {
  const { t, tOr, money } = useWords()
  const [asList, setAsList] = useState(false)
  const firstType = typesSold(showtime)[0] ?? 'adult'
  const categories = categoriesOf(showtime, firstType)
  // Once for each category, not for each seat.
  const prices = new Map(
    categories.map((category) => {
      const amount = fullPrice(showtime, category, firstType)
      return [category, amount === undefined ? null : money({ amount, currency: showtime.theatre.currency })] as const
    }),
  )
  const priceOf = (category: string) => prices.get(category) ?? null
  const nameOf = (seat: MappedSeat) => {
    const status = isFree(seat.id) ? 'available' : (standing.taken.get(seat.id) ?? 'available')
    const words = [
      seat.id,
      tOr(`category_${seat.category}`, seat.category),
      priceOf(seat.category) ?? t('not_sold'),
      tOr(`seat_${status}`, status),
    ]
    return [...words, ...(seat.kind === 'standard' ? [] : [tOr(`kind_${seat.kind}`, seat.kind)])].join(', ')
  }
  const plan = {
    seats,
    curve,
    chosen: new Set(chosen),
    isFree,
    nameOf,
    toneOf: (category: string) => Math.min(Math.max(categories.indexOf(category), 0), 3),
    press,
  }
  return (
    <div className="grid gap-3">
      {asList ? <SeatList {...plan} /> : <SeatPlan {...plan} />}
      <div className="flex flex-wrap items-start justify-between gap-x-6 gap-y-3">
        <SeatLegend categories={categories} seats={seats} priceOf={priceOf} />
        <button type="button" className="quiet-link text-sm" onClick={() => setAsList(!asList)}>
          {asList ? t('show_map') : t('show_list')}
        </button>
      </div>
    </div>
  )
}
