import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { Auditorium } from '../../../contract/auditoriums.ts'
import type { Answer } from '../../../contract/client.ts'
import { call } from '../../api.ts'
import { Field } from '../../ui/Field.tsx'
import { Form } from '../../ui/form.tsx'
import { Link } from '../../ui/router.tsx'
import { Failed, Notice } from '../../ui/states.tsx'
import { geometryOf } from './geometry.ts'
import { placeOf, seatsByPlace, seatsOf } from './plan.ts'
import type { Place, Plan } from './plan.ts'
import { PlanCanvas } from './PlanCanvas.tsx'
import { brokenQuery } from './queries.ts'
import { useHallWords } from './words/index.ts'

type Broken = Answer<'readOutOfOrder'>['seats'][number]

/** The list that the house keeps is sent as a whole: what is not in it works again. */
function useBroken(hall: Auditorium) {
  const queries = useQueryClient()
  const { data: broken } = useQuery(brokenQuery(hall.id))
  const set = useMutation({
    mutationFn: (seats: readonly Broken[]) =>
      call('setOutOfOrder', { params: { id: hall.id }, body: { seats: [...seats], reason: '–' } }),
    onSuccess: ({ seats }) => queries.setQueryData(brokenQuery(hall.id).queryKey, seats),
  })
  return { broken: broken ?? [], set }
}

interface OutOfOrderProps {
  readonly hall: Auditorium
  readonly plan: Plan
  readonly timeZone: string
}

/** Picks broken seats on the plan: they leave every coming showtime, and whoever had booked one is named. */
export function OutOfOrder({ hall, plan, timeZone }: OutOfOrderProps) {
  const { t, list } = useHallWords()
  const [selection, setSelection] = useState<ReadonlySet<Place>>(new Set())
  const [reason, setReason] = useState('')
  const [until, setUntil] = useState('')
  const { broken, set } = useBroken(hall)
  const standing = seatsByPlace(plan)
  const marked = new Set(
    seatsOf(plan).flatMap((each) => (broken.some(({ seat }) => seat === each.id) ? placeOf(each) : [])),
  )
  const chosen = [...selection].flatMap((place) => standing.get(place)?.id ?? [])
  const take = () => {
    const others = broken.filter(({ seat }) => !chosen.includes(seat))
    const wanted = chosen.map((seat) => ({ seat, reason: reason.trim(), until: until === '' ? null : until }))
    set.mutate([...others, ...wanted], {
      onSuccess: () => {
        setSelection(new Set())
        setReason('')
      },
    })
  }
  return (
    <div className="editor">
      <div className="min-w-0">
        <PlanCanvas
          plan={plan}
          geometry={geometryOf(plan, 0)}
          cell={26}
          selection={selection}
          marked={marked}
          isHand
          draw={({ cells }) =>
            setSelection(
              turned(
                selection,
                cells.map(placeOf).filter((place) => standing.has(place)),
              ),
            )
          }
          onKey={() => false}
        />
      </div>
      <aside className="editor-side" aria-label={t('out_of_order')}>
        <div className="panel p-4">
          <Form submit={take} isBusy={set.isPending} error={null} label={t('take_out', { count: chosen.length })}>
            <p className={chosen.length === 0 ? 'text-soft' : 'text-lg font-bold'}>
              {chosen.length === 0 ? t('pick_broken') : list(chosen)}
            </p>
            <Field label={t('reason')} required maxLength={500} value={reason} onChange={setReason} />
            <Field
              label={t('until_repaired')}
              type="datetime-local"
              hint={t('until_hint', { zone: timeZone })}
              value={until}
              onChange={setUntil}
            />
          </Form>
        </div>
        <Failed of={set} />
        {set.data && set.data.bookings.length > 0 && <Hit bookings={set.data.bookings} />}
        <BrokenSeats
          broken={broken}
          timeZone={timeZone}
          repair={(seat) => set.mutate(broken.filter((each) => each.seat !== seat))}
        />
      </aside>
    </div>
  )
}

/** A stroke over seats takes them up, or lets them go when all of them were taken up. */
function turned(selection: ReadonlySet<Place>, places: readonly Place[]): ReadonlySet<Place> {
  const isOff = places.every((place) => selection.has(place))
  return new Set(isOff ? [...selection].filter((place) => !places.includes(place)) : [...selection, ...places])
}

/** Who sits there: the house has to tell them. */
function Hit({ bookings }: { readonly bookings: Answer<'setOutOfOrder'>['bookings'] }) {
  const { t, list } = useHallWords()
  return (
    <Notice tone="bad" title={t('hit', { count: bookings.length })}>
      <ul className="grid gap-1">
        {bookings.map(({ bookingId, reference, seats }) => (
          <li key={`${bookingId} ${seats.join()}`}>
            <Link href={`/manage/bookings/${bookingId}`} className="quiet-link">
              {reference}
            </Link>
            {' · '}
            {list(seats)}
          </li>
        ))}
      </ul>
    </Notice>
  )
}

interface BrokenSeatsProps {
  readonly broken: readonly Broken[]
  readonly timeZone: string
  readonly repair: (seat: string) => void
}

function BrokenSeats({ broken, timeZone, repair }: BrokenSeatsProps) {
  const { t, instant } = useHallWords()
  if (broken.length === 0) return <p className="text-soft">{t('all_in_order')}</p>
  return (
    <ul className="broken-seats">
      {broken.map(({ seat, reason, until }) => (
        <li key={seat}>
          <div>
            <b>{seat}</b> {reason}
            <p className="text-sm text-soft">
              {until === null ? t('until_further') : t('until_then', { when: instant(until, timeZone) })}
            </p>
          </div>
          <button type="button" className="act" aria-label={t('repaired_seat', { seat })} onClick={() => repair(seat)}>
            {t('repaired')}
          </button>
        </li>
      ))}
    </ul>
  )
}
