import { useState } from 'react'
import type { MouseEvent } from 'react'
import type { Theatre } from '../../contract/venues.ts'
import { FailedPage, Waiting } from '../ui/states.tsx'
import { readStored, writeStored } from '../ui/stored.ts'
import { lettersFor } from './hints.ts'
import { Notices } from './Notices.tsx'
import { PaperTickets } from './PaperTickets.tsx'
import { useParked } from './parked.ts'
import type { ParkedSale } from './parked.ts'
import { useTypeNames } from './People.tsx'
import { Receipt } from './Receipt.tsx'
import { Sheets } from './Sheets.tsx'
import type { SheetName } from './Sheets.tsx'
import { Shows } from './Shows.tsx'
import { Stage } from './Stage.tsx'
import { TopBar } from './TopBar.tsx'
import { useKeys } from './use-keys.ts'
import type { Keys } from './use-keys.ts'
import { useShift } from './use-shift.ts'
import { useSight } from './use-sight.ts'
import { useTill } from './use-till.ts'
import type { Till as TillState } from './use-till.ts'
import { useCounterWords } from './words/index.ts'

interface TillProps {
  readonly theatre: Theatre
  readonly theatres: readonly Theatre[]
  readonly choose: (id: string) => void
}

/** One till: what runs at the left, the stage of the sale in the middle, the display and its keys at the right. */
export function Till({ theatre, theatres, choose }: TillProps) {
  const { t } = useCounterWords()
  const shifts = useShift(theatre.id)
  const till = useTill(theatre, shifts.shift?.id ?? null)
  const sight = useSight(till)
  const parking = useParking(till, theatre.id)
  const plan = usePlan(till)
  const nameOf = useTypeNames(till.kinds)
  const [sheet, setSheet] = useState<SheetName | null>(null)
  const [prints, setPrints] = useState(0)
  const [hasKeys, turnKeys] = useKeySwitch()
  const { sale, show, types, act } = till
  const names = types.map(nameOf)
  const letters = lettersFor(names)
  const print = () => setPrints((count) => count + 1)
  useKeys(
    keysOf(till, letters, {
      plan: plan.turn,
      print,
      find: () => setSheet('find'),
      shift: () => setSheet('shift'),
      help: () => setSheet('help'),
    }),
    hasKeys,
  )
  if (till.isLoading) return <Waiting />
  if (till.error) return <FailedPage error={till.error} retry={till.retry} />
  const printed = sale.stage === 'done' ? sale.booking?.id : sale.last?.bookingId
  const { currency } = theatre
  return (
    <>
      <title>{t('counter')}</title>
      {/* oxlint-disable-next-line jsx-a11y/no-static-element-interactions -- nothing is done here: the focus stays where it is, so that Enter stays the key that goes on */}
      <div className="till" data-stage={sale.stage} onMouseDown={keepFocus}>
        <TopBar
          {...{ theatres, theatre, choose, open: setSheet }}
          shift={shifts.shift}
          isOffline={till.isOffline || till.isStalled}
        />
        <section className="till-shows" aria-label={t('shows')}>
          <Shows
            shows={till.shows}
            chosen={show?.id ?? null}
            choose={(showtimeId) => act({ type: 'show', showtimeId })}
            isFixed={sale.stage !== 'choose'}
          />
        </section>
        <div className="till-stage">
          <Notices till={till} parked={parking.parked} unpark={parking.unpark} currency={currency} />
          <Stage
            {...{ till, sight, letters, print, currency }}
            park={parking.park}
            isPlanOpen={plan.isOpen}
            turnPlan={plan.turn}
            openDetails={() => setSheet('details')}
          />
        </div>
        <Receipt {...{ sale, show, nameOf, act, currency }} total={sight.total} isStalled={till.isStalled} />
      </div>
      <Sheets
        name={sheet}
        close={() => setSheet(null)}
        keys={{ types: names.map((name, index) => [name, letters[index] ?? null]), isOn: hasKeys, turn: turnKeys }}
        {...{ till, theatre, shifts }}
      />
      {printed !== undefined && <PaperTickets key={printed} bookingId={printed} nameOf={nameOf} request={prints} />}
    </>
  )
}

/** Whether keys that are single characters do something; this till remembers. */
function useKeySwitch() {
  const [isOn, setOn] = useState(() => readStored('counter.keys', true))
  const turn = (on: boolean) => {
    writeStored('counter.keys', on)
    setOn(on)
  }
  return [isOn, turn] as const
}

/** A key that was pressed with a pointer does not take the focus: Enter would press it again. */
function keepFocus(event: MouseEvent): void {
  const isKey = event.target instanceof Element && event.target.closest('button') !== null
  if (isKey) event.preventDefault()
}

/** The plan of the hall, to pick seats from. From the tenders it leads back: seats are changed before they are paid. */
function usePlan({ sale, act }: TillState) {
  const [isOpen, setOpen] = useState(false)
  const turn = () => {
    if (sale.stage === 'choose') setOpen(!isOpen)
    else if (sale.stage === 'tender' && !sale.booking) {
      act({ type: 'back' })
      act({ type: 'seats', seats: sale.hold?.seats ?? null, firstType: sale.active })
      setOpen(true)
    }
  }
  const isShown = isOpen && sale.stage === 'choose'
  if (isOpen && sale.stage !== 'choose' && sale.work === null) setOpen(false)
  return { isOpen: isShown, turn }
}

/** Puts sales aside: the seats are free meanwhile, the choice is kept. */
function useParking({ sale, show, act }: TillState, theatreId: string) {
  const { parked, park, take } = useParked(theatreId)
  return {
    parked,
    park() {
      const label = `${show?.localStartsAt.slice(11, 16)} ${show?.movie.title}`
      park({ showtimeId: show?.id ?? null, counts: sale.counts, seats: sale.hold?.seats ?? sale.seats, label })
      act({ type: 'new' })
    },
    unpark({ id, showtimeId, counts, seats }: ParkedSale) {
      take(id)
      act({ type: 'restore', parked: { showtimeId, counts, seats } })
    },
  }
}

type Toggles = Readonly<Record<'plan' | 'print' | 'find' | 'shift' | 'help', () => void>>

function keysOf(
  { sale, show, shows, types, act }: TillState,
  letters: readonly (string | null)[],
  toggles: Toggles,
): Keys {
  return {
    stage: sale.stage,
    active: sale.active,
    letters: new Map(
      types.flatMap((type, index) => {
        const letter = letters[index]
        return letter ? [[letter, type] as const] : []
      }),
    ),
    act,
    move(by) {
      const next = shows[shows.findIndex(({ id }) => id === show?.id) + by]
      if (next) act({ type: 'show', showtimeId: next.id })
    },
    toggle: (what) => toggles[what](),
  }
}
