import { isRefused } from '../api.ts'
import { fullPrice, priceFrom } from '../catalogue/showtimes.ts'
import type { Listed } from '../catalogue/showtimes.ts'
import { useWords } from '../messages/locale.tsx'
import { Link } from '../ui/router.tsx'
import { Failed, Notice, Refused } from '../ui/states.tsx'
import { inOrder, partySize, typesFor } from './choice.ts'
import type { SaleState } from './use-sale.ts'

interface ChoiceBarProps {
  readonly sale: SaleState
  readonly showtime: Listed
  readonly isGeneral: boolean
}

/** By the thumb: what is chosen, what it comes to, and on. */
export function ChoiceBar({ sale, showtime, isGeneral }: ChoiceBarProps) {
  const { t, money } = useWords()
  const { choice, seats, hold } = sale
  const size = partySize(choice.party)
  const categories = isGeneral
    ? Array.from({ length: size }, () => 'standard')
    : choice.seats.map((id) => seats.find((seat) => seat.id === id)?.category ?? 'standard')
  const types = typesFor(choice.party, categories)
  const amount = categories.reduce(
    (sum, category, index) => sum + (fullPrice(showtime, category, types[index] ?? 'adult') ?? 0),
    0,
  )
  const from = categories.length === 0 ? priceFrom(showtime) : null
  const missing = isGeneral || !choice.isPartySaid ? 0 : size - choice.seats.length
  const isReady = categories.length > 0 && missing <= 0
  const chosen = isGeneral ? t('tickets', { count: size }) : inOrder(choice.seats).join(', ') || t('choose_seats')
  return (
    <div className="choice-bar">
      <Answers sale={sale} />
      <div className="flex items-center gap-4">
        <p className="min-w-0 flex-1 leading-tight" aria-live="polite">
          <b className="marquee block text-3xl">
            {from ? t('price_from', { price: money(from) }) : money({ amount, currency: showtime.theatre.currency })}
          </b>
          <span className="block truncate text-sm text-soft">
            {missing > 0 ? t('choose_more', { count: missing }) : chosen}
          </span>
        </p>
        <button
          type="button"
          className="button button-main min-w-32"
          disabled={!isReady || hold.isPending}
          onClick={sale.goOn}
        >
          {hold.isPending ? t('holding') : t('continue')}
        </button>
      </div>
    </div>
  )
}

/** What went otherwise than hoped, and how to go on. */
function Answers({ sale }: { readonly sale: SaleState }) {
  const { t, list } = useWords()
  const { hold, best, lost, near, unpaid } = sale
  // The house knows its rules; while it was not asked the plan proposes.
  const suggestions = (isRefused(hold.error, 'seats_unavailable') && hold.error.problem.suggestions) || near
  return (
    <>
      {unpaid !== null && (
        <Notice title={t('unpaid_title')}>
          <Link href={`/checkout/${unpaid}`} className="button button-main">
            {t('continue_to_payment')}
          </Link>
        </Notice>
      )}
      {lost.length > 0 && (
        <Notice tone="bad" title={t('seats_lost', { seats: list(lost), count: lost.length })}>
          <p>{suggestions.length > 0 ? t('suggestions') : t('seats_lost_text')}</p>
          {suggestions.length > 0 && (
            <div className="flex flex-wrap gap-2">
              {suggestions.map((seats) => (
                <button key={seats.join(' ')} type="button" className="button" onClick={() => sale.choose(seats)}>
                  {list(seats)}
                </button>
              ))}
            </div>
          )}
        </Notice>
      )}
      {hold.error && lost.length === 0 && <Refused error={hold.error} retry={sale.goOn} />}
      <Failed of={best} />
    </>
  )
}
