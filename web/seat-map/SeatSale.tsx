import { useState } from 'react'
import type { MappedSeat, SeatMap } from '../../contract/holds.ts'
import { fullPrice } from '../catalogue/showtimes.ts'
import type { Listed } from '../catalogue/showtimes.ts'
import { useWords } from '../messages/locale.tsx'
import { ChoiceBar } from './ChoiceBar.tsx'
import { PartyPicker } from './PartyPicker.tsx'
import { SeatLegend } from './SeatLegend.tsx'
import { SeatList, SeatPlan } from './SeatPlan.tsx'
import { useSale } from './use-sale.ts'
import type { SaleState } from './use-sale.ts'

/** Categories from the cheapest on. */
function categoriesOf(showtime: Listed, type: string): string[] {
  const categories = [...new Set(showtime.prices.map(({ category }) => category))]
  const price = (category: string) => fullPrice(showtime, category, type) ?? Infinity
  return categories.toSorted((one, other) => price(one) - price(other))
}

/** The plan, who comes, what it costs, and on to pay. */
export function SeatSale({ showtime, map }: { readonly showtime: Listed; readonly map: SeatMap }) {
  const { t, money } = useWords()
  const sale = useSale(showtime, map)
  const { types, choice } = sale
  const categories = categoriesOf(showtime, types[0] ?? 'adult')
  const isGeneral = map.seating === 'general'
  const price = (category: string, type: string) => {
    const amount = fullPrice(showtime, category, type)
    return amount === undefined ? null : money({ amount, currency: showtime.theatre.currency })
  }
  return (
    <div className="grid gap-5 pb-28 lg:grid-cols-[minmax(0,1fr)_21rem] lg:grid-rows-[auto_1fr] lg:gap-x-8 lg:pb-8">
      <div className="grid content-start gap-4 lg:col-start-2 lg:row-start-1">
        <PartyPicker
          types={types}
          party={choice.party}
          change={sale.setParty}
          priceOf={(type) => (categories[0] === undefined ? null : price(categories[0], type))}
        />
        {!isGeneral && (
          <button type="button" className="button" disabled={sale.best.isPending} onClick={() => sale.best.mutate()}>
            {t('find_best_seats')}
          </button>
        )}
      </div>
      <div className="min-w-0 lg:col-start-1 lg:row-span-2 lg:row-start-1">
        {isGeneral ? (
          <FreeSeating places={sale.standing.counts?.available ?? 0} />
        ) : (
          <Hall sale={sale} categories={categories} price={price} />
        )}
      </div>
      <ChoiceBar sale={sale} showtime={showtime} isGeneral={isGeneral} />
    </div>
  )
}

function FreeSeating({ places }: { readonly places: number }) {
  const { t } = useWords()
  return (
    <div className="panel grid place-items-center gap-2 px-6 py-16 text-center">
      <p className="marquee text-7xl">{places}</p>
      <p className="text-lg font-semibold">{t('places_left', { count: places })}</p>
      <p className="text-soft">{t('free_seating')}</p>
    </div>
  )
}

interface HallProps {
  readonly sale: SaleState
  readonly categories: readonly string[]
  readonly price: (category: string, type: string) => string | null
}

/** The seats, as a plan or as a list, and what their colours mean. */
function Hall({ sale, categories, price }: HallProps) {
  const { t, tOr } = useWords()
  const [asList, setAsList] = useState(false)
  const { seats, standing, choice, isFree } = sale
  const firstType = sale.types[0] ?? 'adult'
  const nameOf = (seat: MappedSeat) => {
    const status = isFree(seat.id) ? 'available' : (standing.taken.get(seat.id) ?? 'available')
    const words = [
      seat.id,
      tOr(`category_${seat.category}`, seat.category),
      price(seat.category, firstType) ?? t('not_sold'),
      tOr(`seat_${status}`, status),
    ]
    return [...words, ...(seat.kind === 'standard' ? [] : [tOr(`kind_${seat.kind}`, seat.kind)])].join(', ')
  }
  const plan = {
    seats,
    chosen: new Set(choice.seats),
    isFree,
    nameOf,
    toneOf: (category: string) => Math.min(Math.max(categories.indexOf(category), 0), 3),
    press: sale.press,
  }
  return (
    <div className="grid gap-3">
      {asList ? <SeatList {...plan} /> : <SeatPlan {...plan} />}
      <div className="flex flex-wrap items-start justify-between gap-x-6 gap-y-3">
        <SeatLegend categories={categories} seats={seats} priceOf={(category) => price(category, firstType)} />
        <button type="button" className="quiet-link text-sm" onClick={() => setAsList(!asList)}>
          {asList ? t('show_map') : t('show_list')}
        </button>
      </div>
    </div>
  )
}
