import { useQuery } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import type { MappedSeat, SeatMap } from '../../contract/holds.ts'
import { call } from '../api.ts'
import { fullPrice } from '../catalogue/showtimes.ts'
import type { Listed } from '../catalogue/showtimes.ts'
import { SeatLegend } from '../seat-map/SeatLegend.tsx'
import { SeatList, SeatPlan } from '../seat-map/SeatPlan.tsx'
import { standingOfSeats, useLiveStanding } from '../seat-map/live.ts'
import { MiniPlan } from './MiniPlan.tsx'
import { pressSeat } from './pick-seats.ts'
import { useCounterWords } from './words/index.ts'

/** The seats of a showtime as they were first read; changes are pushed to whoever shows them. */
export function useSeatMap(showtimeId: string | null, isReserved: boolean) {
  return useQuery({
    queryKey: ['counter', 'seats', showtimeId],
    enabled: showtimeId !== null && isReserved,
    staleTime: Infinity,
    gcTime: 0,
    queryFn: ({ signal }) => call('readSeatMap', { params: { id: showtimeId ?? '' }, signal }),
  })
}

export interface HallProps {
  readonly show: Listed
  readonly map: SeatMap
  /** Seats to light: picked, held, or the best there are now. */
  readonly lit: readonly string[]
  /** Our own, which others see as taken. */
  readonly mine: readonly string[]
  /** How many go together; 0: as many as are pressed. */
  readonly size: number
  /** Seats can be picked; without it the plan is only looked at. */
  readonly choose?: ((seats: readonly string[]) => void) | undefined
  readonly isLarge: boolean
}

/** The hall of a showtime, live: small to look at, large to pick from. */
export function Hall({ show, map, lit, mine, size, choose, isLarge }: HallProps) {
  const { t } = useCounterWords()
  const seats = useMemo(() => map.seats ?? [], [map])
  const first = useMemo(() => standingOfSeats(map.version, seats, map.counts), [map, seats])
  const standing = useLiveStanding(show.id, first)
  const own = new Set(mine)
  const taken = new Map([...standing.taken].filter(([id]) => !own.has(id)))
  const categories = categoriesOf(show)
  const toneOf = (category: string) => Math.min(Math.max(categories.indexOf(category), 0), 3)
  if (!isLarge || !choose) {
    const label = t('plan_label', { free: seats.length - taken.size, lit: lit.join(', ') || '–' })
    return <MiniPlan seats={seats} taken={taken} lit={new Set(lit)} toneOf={toneOf} label={label} />
  }
  const press = (id: string) => choose(pressSeat(seats, taken, lit, size, id, show.theatre.settings.sellSofasWhole))
  return (
    <LargePlan
      curve={map.curve ?? 0}
      show={show}
      seats={seats}
      taken={taken}
      lit={lit}
      categories={categories}
      toneOf={toneOf}
      press={press}
    />
  )
}

interface LargePlanProps {
  readonly curve: number
  readonly show: Listed
  readonly seats: readonly MappedSeat[]
  readonly taken: ReadonlyMap<string, string>
  readonly lit: readonly string[]
  readonly categories: readonly string[]
  readonly toneOf: (category: string) => number
  readonly press: (id: string) => void
}

function LargePlan({ curve, show, seats, taken, lit, categories, toneOf, press }: LargePlanProps) {
  const { t, tOr, money } = useCounterWords()
  const [asList, setAsList] = useState(false)
  const type = show.prices.some(({ ticketType }) => ticketType === 'adult')
    ? 'adult'
    : (show.prices[0]?.ticketType ?? '')
  const priceOf = (category: string) => {
    const amount = fullPrice(show, category, type)
    return amount === undefined ? null : money({ amount, currency: show.theatre.currency })
  }
  const nameOf = (seat: MappedSeat) => {
    const status = taken.get(seat.id) ?? 'available'
    const words = [seat.id, tOr(`category_${seat.category}`, seat.category), priceOf(seat.category) ?? t('not_sold')]
    return [
      ...words,
      tOr(`seat_${status}`, status),
      ...(seat.kind === 'standard' ? [] : [tOr(`kind_${seat.kind}`, seat.kind)]),
    ].join(', ')
  }
  const plan = { curve, seats, chosen: new Set(lit), isFree: (id: string) => !taken.has(id), nameOf, toneOf, press }
  return (
    <div className="grid gap-3">
      {asList ? <SeatList {...plan} /> : <SeatPlan {...plan} />}
      <div className="flex flex-wrap items-start justify-between gap-x-6 gap-y-2">
        <SeatLegend categories={categories} seats={seats} priceOf={priceOf} />
        <button type="button" className="quiet-link text-sm" onClick={() => setAsList(!asList)}>
          {asList ? t('show_map') : t('show_list')}
        </button>
      </div>
    </div>
  )
}

/** Categories from the cheapest on. */
function categoriesOf(show: Listed): string[] {
  const categories = [...new Set(show.prices.map(({ category }) => category))]
  const type = show.prices[0]?.ticketType ?? ''
  const price = (category: string) => fullPrice(show, category, type) ?? Infinity
  return categories.toSorted((one, other) => price(one) - price(other))
}
