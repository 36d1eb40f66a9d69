import type { TicketType } from '../../contract/prices.ts'
import type { Listed } from '../catalogue/showtimes.ts'
import type { Act, Sale } from './sale.ts'
import { lowestPrice } from './shows.ts'
import { useCounterWords } from './words/index.ts'

interface PeopleProps {
  readonly sale: Sale
  readonly show: Listed
  readonly types: readonly string[]
  readonly kinds: readonly TicketType[]
  /** The letter of each type, in the order of the types. */
  readonly letters: readonly (string | null)[]
  readonly act: (done: Act) => void
}

/** Who comes: a key for each ticket type; a press is one more. */
export function People({ sale, show, types, kinds, letters, act }: PeopleProps) {
  const { t, money } = useCounterWords()
  const nameOf = useTypeNames(kinds)
  const { currency } = show.theatre
  return (
    <fieldset className="ticket-keys" aria-label={t('who_comes')}>
      {types.map((type, index) => {
        const count = sale.counts[type] ?? 0
        const name = nameOf(type)
        const price = lowestPrice(show, type)
        const from = price === null ? '' : t('price_from', { price: money({ amount: price, currency }) })
        return (
          <div key={type} className="ticket-key" data-active={type === sale.active} data-any={count > 0}>
            <button type="button" className="ticket-add" onClick={() => act({ type: 'add', ticketType: type, by: 1 })}>
              <span className="sr-only">{t('one_more', { type: name })}</span>
              <span className="ticket-name" aria-hidden="true">
                {name} {letters[index] && <kbd>{letters[index]}</kbd>}
              </span>
              <span className="text-soft">{from}</span>
            </button>
            <output className="ticket-count marquee" aria-label={name}>
              {count}
            </output>
            <button
              type="button"
              className="ticket-less"
              aria-label={t('one_less', { type: name })}
              disabled={count === 0}
              onClick={() => act({ type: 'add', ticketType: type, by: -1 })}
            >
              −
            </button>
          </div>
        )
      })}
    </fieldset>
  )
}

/** A ticket type in the language of the till; the house's own types as the house calls them. */
export function useTypeNames(kinds: readonly TicketType[]): (type: string) => string {
  const { tOr } = useCounterWords()
  return (type) => tOr(`type_${type}`, kinds.find(({ key }) => key === type)?.name ?? type)
}
