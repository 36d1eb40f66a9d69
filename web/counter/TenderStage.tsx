import { useCounterWords } from './words/index.ts'
import type { Act, Sale } from './sale.ts'
import type { ReactNode } from 'react'
import { inOrder } from '../seat-map/choice.ts'

interface TenderStageProps {
  readonly sale: Sale
  readonly act: (done: Act) => void
  readonly openDetails: () => void
  readonly changeSeats: (() => void) | null
  readonly park: () => void
  /** The hall with the seats lit. */
  readonly children: ReactNode
}

/** The seats are ours: how is it paid? */
export function TenderStage({ sale, act, openDetails, changeSeats, park, children }: TenderStageProps) {
  const { t, list, money } = useCounterWords()
  const { hold, booking, work } = sale
  const seats = booking?.tickets.flatMap(({ seat }) => seat ?? []) ?? hold?.seats ?? []
  const isPartPaid = booking !== null && booking.paid.amount > 0
  return (
    <div className="stage">
      <h2 className="stage-title" aria-live="polite">
        {work?.kind === 'hold'
          ? t('finding_seats')
          : seats.length > 0
            ? list(inOrder(seats))
            : t('places_held', { count: hold?.count ?? booking?.tickets.length ?? 0 })}
      </h2>
      <div className="flex flex-wrap gap-2">
        {changeSeats && !booking && (
          <button type="button" className="button" disabled={work !== null} onClick={changeSeats}>
            {t('change_seats')} <kbd aria-hidden="true">F2</kbd>
          </button>
        )}
        <button type="button" className="button" onClick={openDetails}>
          {t('details')}
        </button>
        {!isPartPaid && (
          <button type="button" className="button" onClick={park}>
            {t('park')}
          </button>
        )}
        <button type="button" className="button" onClick={() => act({ type: 'back' })}>
          {isPartPaid ? t('give_back', { sum: money(booking.paid) }) : t('let_go')} <kbd aria-hidden="true">Esc</kbd>
        </button>
      </div>
      {children}
    </div>
  )
}
