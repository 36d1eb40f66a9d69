import { useMutation, useQuery } from '@tanstack/react-query'
import type { Theatre } from '../../../contract/venues.ts'
import { call } from '../../api.ts'
import { DataTable } from '../../ui/DataTable.tsx'
import { Dialog } from '../../ui/Dialog.tsx'
import { Failed, Notice } from '../../ui/states.tsx'
import { useHouseWords } from '../../ui/words/index.ts'
import { businessDateOf, localOf } from '../../ui/zone.ts'
import type { Lane } from './board.ts'
import type { Changes, SoldMove } from './use-changes.ts'
import { useScheduleWords } from './words/index.ts'

interface MoveQuestionProps {
  readonly move: SoldMove
  readonly theatre: Theatre
  readonly lanes: readonly Lane[]
  readonly changes: Changes
}

/** Tickets are sold: who will sit where, and that everybody hears of it, before it happens. */
export function MoveQuestion({ move, theatre, lanes, changes }: MoveQuestionProps) {
  const { t, when } = useScheduleWords()
  const house = useHouseWords()
  const { screening, place } = move
  const isOtherHall = place.auditoriumId !== screening.auditoriumId
  const isOtherTime = place.startsAt !== screening.startsAt
  const plan = useQuery({
    queryKey: ['move', screening.id, place],
    enabled: isOtherHall,
    staleTime: 0,
    gcTime: 0,
    queryFn: () =>
      call('moveShowtime', {
        params: { id: screening.id },
        body: {
          auditoriumId: place.auditoriumId,
          dryRun: true,
          ...(isOtherTime && { startsAt: new Date(place.startsAt).toISOString() }),
        },
      }),
  })
  const confirm = useMutation({ mutationFn: () => changes.moveSold(move), onSuccess: changes.forgetQuestion })
  const local = localOf(place.startsAt, theatre.timeZone)
  const { businessDayStartsAt } = theatre.settings
  const newTime = when({
    localStartsAt: local,
    businessDate: businessDateOf(place.startsAt, theatre.timeZone, businessDayStartsAt),
  })
  const seatless = plan.data?.withoutEqualSeat ?? []
  const isReady = !isOtherHall || (plan.data !== undefined && seatless.length === 0)
  return (
    <Dialog title={t('move_sold', { title: screening.film.title })} close={changes.forgetQuestion}>
      <div className="grid gap-4">
        <p className="text-lg font-semibold">
          {[newTime, lanes.find(({ id }) => id === place.auditoriumId)?.name].join(', ')}
        </p>
        <p className="text-soft">{t(isOtherTime ? 'move_sold_time' : 'move_sold_hall')}</p>
        {plan.data && seatless.length === 0 && <Reseated moves={plan.data.moves} />}
        {seatless.length > 0 && (
          <Notice tone="bad" title={t('seatless', { count: seatless.length })}>
            {seatless.map(({ reference, from }) => `${reference}: ${from}`).join(', ')}
          </Notice>
        )}
        <Failed of={plan} />
        <Failed of={confirm} />
        <div className="flex flex-wrap gap-3">
          <button
            type="button"
            className="button button-main"
            disabled={!isReady || confirm.isPending}
            onClick={() => confirm.mutate()}
          >
            {t('move_and_tell')}
          </button>
          <button type="button" className="button" onClick={changes.forgetQuestion}>
            {house.t('keep_as_is')}
          </button>
        </div>
      </div>
    </Dialog>
  )
}

interface Reseating {
  readonly reference: string
  readonly from: string
  readonly to: string
}

function Reseated({ moves }: { readonly moves: readonly Reseating[] }) {
  const { t } = useScheduleWords()
  if (moves.length === 0) return <p>{t('same_seats')}</p>
  return (
    <DataTable
      caption={t('reseated')}
      columns={[
        { label: t('booking'), cell: ({ reference }: Reseating) => reference },
        { label: t('seat_from'), cell: ({ from }) => from },
        { label: t('seat_to'), cell: ({ to }) => to },
      ]}
      rows={moves}
      keyOf={({ reference, from }) => `${reference} ${from}`}
    />
  )
}
