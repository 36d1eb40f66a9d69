import { useRefusals } from '../messages/refusals.ts'
import type { ParkedSale } from './parked.ts'
import { useCounterWords } from './words/index.ts'
import type { Till } from './use-till.ts'
import { inOrder } from '../seat-map/choice.ts'

interface NoticesProps {
  readonly till: Till
  readonly parked: readonly ParkedSale[]
  readonly unpark: (parked: ParkedSale) => void
  readonly currency: string
}

/** What somebody at the till has to know before going on: what went wrong, the last change, what was put aside. */
export function Notices({ till, parked, unpark, currency }: NoticesProps) {
  const { t, money } = useCounterWords()
  const { sale, isOffline, isStalled } = till
  const { last } = sale
  return (
    <div className="till-notices">
      {(isStalled || isOffline) && (
        <output className="till-notice" data-tone="wait">
          {isStalled ? t('no_answer') : t('offline_text')}
        </output>
      )}
      {sale.problem && <Trouble till={till} />}
      {sale.stage === 'choose' && last && (
        <p className="till-last">
          {t('last_sale', { reference: last.reference })}
          {last.change > 0 && <b>{t('last_change', { sum: money({ amount: last.change, currency }) })}</b>}
        </p>
      )}
      {sale.stage === 'choose' && parked.length > 0 && (
        <ul className="till-parked" aria-label={t('parked')}>
          {parked.map((one) => (
            <li key={one.id}>
              <button type="button" className="button" onClick={() => unpark(one)}>
                {one.label}
              </button>
            </li>
          ))}
        </ul>
      )}
    </div>
  )
}

/** What the house refused, and the way on. */
function Trouble({ till: { sale, act } }: { readonly till: Till }) {
  const { t, list } = useCounterWords()
  const sentence = useRefusals()
  const { problem } = sale
  if (!problem) return null
  return (
    <div role="alert" className="till-notice" data-tone="bad">
      <p>
        {problem.code === 'seats_unavailable' && problem.seats.length > 0
          ? t('seats_lost', { seats: list(inOrder(problem.seats)), count: problem.seats.length })
          : sentence(problem.code)}
      </p>
      {problem.suggestions.length > 0 && (
        <div className="flex flex-wrap gap-2">
          {problem.suggestions.map((seats) => (
            <button
              key={seats.join(' ')}
              type="button"
              className="button"
              onClick={() => act({ type: 'seats', seats, firstType: sale.active })}
            >
              {list(inOrder(seats))}
            </button>
          ))}
        </div>
      )}
    </div>
  )
}
