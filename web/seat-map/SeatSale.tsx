import type { SeatMap } from '../../contract/holds.ts'
import { fullPrice } from '../catalogue/showtimes.ts'
import type { Listed } from '../catalogue/showtimes.ts'
import { useWords } from '../messages/locale.tsx'
import { ChoiceBar } from './ChoiceBar.tsx'
import { categoriesOf, Hall } from './Hall.tsx'
import { PartyPicker } from './PartyPicker.tsx'
import { useSale } from './use-sale.ts'

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
    <div className="grid gap-5 pb-4 lg:grid-cols-[minmax(0,1fr)_21rem] lg:grid-rows-[auto_1fr] lg:gap-x-8 lg:pb-8">
      <div className="grid content-start gap-4 lg:col-start-2 lg:row-start-1">
        <PartyPicker
          types={types}
          party={choice.party}
          change={sale.setParty}
          priceOf={(type) => (categories[0] === undefined ? null : price(categories[0], type))}
        />
        {!isGeneral && (
          <button
            type="button"
            className="button"
            disabled={sale.best.isPending}
            onClick={() => sale.best.mutate(choice.party)}
          >
            {t('find_best_seats')}
          </button>
        )}
      </div>
      <div className="min-w-0 lg:col-start-1 lg:row-span-2 lg:row-start-1">
        {isGeneral ? (
          <FreeSeating places={sale.standing.counts?.available ?? 0} />
        ) : (
          <Hall
            showtime={showtime}
            seats={sale.seats}
            curve={sale.curve}
            standing={sale.standing}
            chosen={choice.seats}
            isFree={sale.isFree}
            press={sale.press}
          />
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
