import type { TicketType } from '../../../contract/prices.ts'
import { Field } from '../../ui/Field.tsx'
import { useHouseWords } from '../../ui/words/index.ts'
import { cellKey, isWrong, weekdays, withPrice } from './bands.ts'
import type { Band, Weekday } from './bands.ts'
import { usePriceWords } from './words/index.ts'

/** A Monday, from which the days of a week get their names in every language. */
const someMonday = Date.UTC(2026, 0, 5)
const dayMs = 86_400_000

/** `Mon` in the chosen language. */
export function useWeekdayName(): (day: Weekday) => string {
  const { locale } = usePriceWords()
  const format = new Intl.DateTimeFormat(locale, { weekday: 'short', timeZone: 'UTC' })
  return (day) => format.format(someMonday + weekdays.indexOf(day) * dayMs)
}

interface BandGridProps {
  readonly band: Band
  /** The first holds always. */
  readonly isFirst: boolean
  readonly isTwin: boolean
  readonly categories: readonly string[]
  readonly types: readonly TicketType[]
  readonly currency: string
  readonly change: (band: Band) => void
  readonly remove: () => void
}

/** When a group of prices holds, and the prices: seats down, people across. */
export function BandGrid(props: BandGridProps) {
  const { band, isFirst, change, remove } = props
  const { t, list } = usePriceWords()
  const house = useHouseWords()
  const nameOfDay = useWeekdayName()
  const days = band.days.length === 0 ? t('every_day') : list(band.days.map(nameOfDay))
  const times = [
    ...(band.from === '' ? [] : [t('from_time', { time: band.from })]),
    ...(band.until === '' ? [] : [t('until_time', { time: band.until })]),
  ]
  const title = [days, times.length === 0 ? t('any_time') : times.join(' ')].join(', ')
  return (
    <section className="band" aria-label={title}>
      <div className="flex flex-wrap items-center gap-3">
        <h2 className="text-xl font-bold">{title}</h2>
        {!isFirst && (
          <button type="button" className="act ms-auto" aria-label={`${house.t('delete')}: ${title}`} onClick={remove}>
            {house.t('delete')}
          </button>
        )}
      </div>
      {!isFirst && <When band={band} change={change} />}
      {props.isTwin && <p className="font-semibold text-accent">{t('twin')}</p>}
      <Prices {...props} title={title} />
    </section>
  )
}

function When({ band, change }: Pick<BandGridProps, 'band' | 'change'>) {
  const { t } = usePriceWords()
  const nameOfDay = useWeekdayName()
  const turn = (day: Weekday) =>
    change({
      ...band,
      days: weekdays.filter((each) => (each === day) !== band.days.includes(each)),
    })
  return (
    <div className="flex flex-wrap items-end gap-x-5 gap-y-3">
      <fieldset>
        <legend className="label mb-1">{t('days')}</legend>
        <div className="day-picks">
          {weekdays.map((day) => (
            <button key={day} type="button" aria-pressed={band.days.includes(day)} onClick={() => turn(day)}>
              {nameOfDay(day)}
            </button>
          ))}
        </div>
      </fieldset>
      <div className="w-36">
        <Field label={t('starts_from')} type="time" value={band.from} onChange={(from) => change({ ...band, from })} />
      </div>
      <div className="w-36">
        <Field
          label={t('starts_before')}
          type="time"
          value={band.until}
          onChange={(until) => change({ ...band, until })}
        />
      </div>
    </div>
  )
}

function Prices({ band, categories, types, currency, change, title }: BandGridProps & { readonly title: string }) {
  const { t, tOr } = usePriceWords()
  return (
    <div className="price-grid-place">
      <table className="price-grid">
        <caption className="sr-only">{title}</caption>
        <thead>
          <tr>
            <th scope="col">{t('category')}</th>
            {types.map(({ key, name }) => (
              <th key={key} scope="col">
                {tOr(`type_${key}`, name)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {categories.map((category) => (
            <tr key={category}>
              <th scope="row">{tOr(`category_${category}`, category)}</th>
              {types.map(({ key, name }) => {
                const text = band.prices.get(cellKey(category, key)) ?? ''
                return (
                  <td key={key}>
                    <input
                      inputMode="decimal"
                      autoComplete="off"
                      placeholder="–"
                      aria-label={`${category}, ${name}`}
                      aria-invalid={isWrong(text, currency)}
                      value={text}
                      onChange={(event) => change(withPrice(band, cellKey(category, key), event.target.value))}
                    />
                  </td>
                )
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
