import type { ReactNode } from 'react'
import { Hall } from './Hall.tsx'
import { People } from './People.tsx'
import { CardStage, CashStage, CompStage, DoneStage, ReservedStage, VoucherStage } from './Stages.tsx'
import { TenderStage } from './TenderStage.tsx'
import type { Sight } from './use-sight.ts'
import type { Till } from './use-till.ts'
import { useCounterWords } from './words/index.ts'
import { inOrder } from '../seat-map/choice.ts'

interface StageProps {
  readonly till: Till
  readonly sight: Sight
  readonly currency: string
  readonly letters: readonly (string | null)[]
  readonly isPlanOpen: boolean
  readonly turnPlan: () => void
  readonly openDetails: () => void
  readonly park: () => void
  readonly print: () => void
}

/** The middle of the till: whatever the sale is about now. */
export function Stage(props: StageProps) {
  const { till, currency, print } = props
  const { sale, act } = till
  const common = { sale, currency, act }
  switch (sale.stage) {
    case 'choose':
      return <Choosing {...props} />
    case 'tender':
      return <Tendering {...props} />
    case 'cash':
      return <CashStage {...common} />
    case 'card':
      return <CardStage {...common} />
    case 'voucher':
      return <VoucherStage {...common} />
    case 'comp':
      return <CompStage {...common} />
    case 'reserved':
      return <ReservedStage sale={sale} zone={till.show?.timeZone ?? 'UTC'} />
    default:
      return <DoneStage {...common} print={print} />
  }
}

function Choosing({ till, sight, letters, isPlanOpen, turnPlan, openDetails, park }: StageProps) {
  const { t, list } = useCounterWords()
  const { sale, show, types, kinds, act } = till
  if (!show) return <p className="p-6 text-lg text-soft">{t('no_shows')}</p>
  const isReserved = show.seating === 'reserved'
  return (
    <div className="stage stage-choose">
      {!isPlanOpen && <People sale={sale} show={show} types={types} kinds={kinds} letters={letters} act={act} />}
      {isReserved && (
        <div className="hall-line">
          <button type="button" className="button" aria-expanded={isPlanOpen} onClick={turnPlan}>
            {isPlanOpen ? t('close_plan') : t('choose_seats')} <kbd aria-hidden="true">F2</kbd>
          </button>
          <p aria-live="polite">
            {sale.seats !== null
              ? t('picked', { seats: list(inOrder(sale.seats)) })
              : sight.lit.length > 0
                ? t('best_now', { seats: list(inOrder(sight.lit)) })
                : ''}
          </p>
          {sale.seats !== null && (
            <button
              type="button"
              className="quiet-link"
              onClick={() => act({ type: 'seats', seats: null, firstType: sale.active })}
            >
              {t('rather_best')}
            </button>
          )}
          <span className="ms-auto flex gap-2">
            <button type="button" className="button" onClick={openDetails}>
              {t('details')}
            </button>
            {sight.size > 0 && (
              <button type="button" className="button" onClick={park}>
                {t('park')}
              </button>
            )}
          </span>
        </div>
      )}
      <Seats sight={sight} till={till} isLarge={isPlanOpen} />
    </div>
  )
}

function Tendering({ till, sight, openDetails, park, turnPlan }: StageProps) {
  const { sale, show, act } = till
  const changeSeats = show?.seating === 'reserved' ? turnPlan : null
  return (
    <TenderStage sale={sale} act={act} openDetails={openDetails} changeSeats={changeSeats} park={park}>
      <Seats sight={sight} till={till} isLarge={false} />
    </TenderStage>
  )
}

interface SeatsProps {
  readonly till: Till
  readonly sight: Sight
  readonly isLarge: boolean
}

function Seats({ till: { show, sale, act }, sight, isLarge }: SeatsProps): ReactNode {
  const { t } = useCounterWords()
  if (!show) return null
  if (show.seating === 'general') {
    return (
      <p className="free-places">
        <b className="marquee">{show.availableSeats}</b> {t('places_left', { count: show.availableSeats })}
      </p>
    )
  }
  const { map, lit, mine, size } = sight
  if (!map || map.showtimeId !== show.id) return <div className="mini-plan" />
  const choose =
    sale.stage === 'choose'
      ? (seats: readonly string[]) => act({ type: 'seats', seats, firstType: sale.active })
      : undefined
  return (
    <Hall key={show.id} show={show} map={map} lit={lit} mine={mine} size={size} choose={choose} isLarge={isLarge} />
  )
}
