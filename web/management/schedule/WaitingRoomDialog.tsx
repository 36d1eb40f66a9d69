import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { WaitingRoom } from '../../../contract/waiting-room.ts'
import { call } from '../../api.ts'
import { Dialog } from '../../ui/Dialog.tsx'
import { Field } from '../../ui/Field.tsx'
import { Form, fieldProblems } from '../../ui/form.tsx'
import { useNow } from '../../ui/now.ts'
import { Failed, PartWaiting } from '../../ui/states.tsx'
import { instantOf, localOf } from '../../ui/zone.ts'
import type { Screening } from './programme.ts'
import { useScheduleWords } from './words/index.ts'

interface WaitingRoomDialogProps {
  readonly screening: Screening
  readonly timeZone: string
  readonly close: () => void
}

/** The waiting room before a rush: on, off, when it opens and how fast it lets people in. */
export function WaitingRoomDialog({ screening, timeZone, close }: WaitingRoomDialogProps) {
  const { t } = useScheduleWords()
  const { id } = screening
  const state = useQuery({
    queryKey: ['waiting-room', id],
    queryFn: ({ signal }) => call('readWaitingRoom', { params: { id }, signal }),
    // Its fields are filled once: what is typed is not written over.
    staleTime: Infinity,
    gcTime: 0,
  })
  return (
    <Dialog title={t('waiting_room')} close={close}>
      <Failed of={state} />
      {state.isPending && <PartWaiting />}
      {state.data && <RoomForm {...{ screening, timeZone, close }} room={state.data.room} />}
    </Dialog>
  )
}

interface RoomFormProps extends WaitingRoomDialogProps {
  readonly room: WaitingRoom | null
}

const hourMs = 3_600_000

/** The opening that is proposed: when sales open, else the next full hour but one. */
function usualOpening({ showtime }: Screening): number {
  const sales = showtime.salesOpenAt === null ? 0 : Date.parse(showtime.salesOpenAt)
  return sales > Date.now() ? sales : (Math.floor(Date.now() / hourMs) + 2) * hourMs
}

function useChanges({ screening, close }: WaitingRoomDialogProps) {
  const queries = useQueryClient()
  const onSuccess = async () => {
    await queries.invalidateQueries({ queryKey: ['waiting-room', screening.id] })
    close()
  }
  const params = { id: screening.id }
  type Body = Parameters<typeof call<'setWaitingRoom'>>[1]['body']
  const save = useMutation({ mutationFn: (body: Body) => call('setWaitingRoom', { params, body }), onSuccess })
  const end = useMutation({ mutationFn: () => call('endWaitingRoom', { params }), onSuccess })
  return { save, end }
}

function RoomForm(props: RoomFormProps) {
  const { screening, timeZone, room } = props
  const { t } = useScheduleWords()
  const { save, end } = useChanges(props)
  const [opens, setOpens] = useState(() => localOf(room ? Date.parse(room.opensAt) : usualOpening(screening), timeZone))
  const [perMinute, setPerMinute] = useState(String(room?.admitPerMinute ?? 60))
  const [atOnce, setAtOnce] = useState(String(room?.admittedAtOnce ?? 100))
  const [minutes, setMinutes] = useState(String((room?.admissionSeconds ?? 600) / 60))
  const problem = fieldProblems(save.error)
  const now = useNow(1000)
  const hasOpened = room !== null && Date.parse(room.opensAt) <= now
  const submit = () =>
    save.mutate({
      opensAt: hasOpened ? room.opensAt : new Date(instantOf(opens, timeZone)).toISOString(),
      admitPerMinute: Number(perMinute),
      admittedAtOnce: Number(atOnce),
      admissionSeconds: Math.round(Number(minutes) * 60),
    })
  const number = (name: string) => ({ type: 'number', required: true, min: 1, max: 10_000, problem: problem(name) })
  return (
    <Form
      submit={submit}
      isBusy={save.isPending}
      error={save.error}
      {...(!room && { label: t('waiting_room_on') })}
      beside={
        room && (
          <button type="button" className="button" disabled={end.isPending} onClick={() => end.mutate()}>
            {t('waiting_room_off')}
          </button>
        )
      }
    >
      <p className="text-soft">{t('waiting_room_text')}</p>
      {room && <p className="font-semibold">{t('waiting_count', { count: room.waiting })}</p>}
      <Field
        label={t('waiting_opens')}
        hint={t('theatre_clock')}
        type="datetime-local"
        required
        disabled={hasOpened}
        problem={problem('/opensAt')}
        value={opens}
        onChange={setOpens}
      />
      <div className="grid gap-4 sm:grid-cols-3">
        <Field label={t('waiting_pace')} {...number('/admitPerMinute')} value={perMinute} onChange={setPerMinute} />
        <Field label={t('waiting_at_once')} {...number('/admittedAtOnce')} value={atOnce} onChange={setAtOnce} />
        <Field
          label={t('waiting_minutes')}
          {...number('/admissionSeconds')}
          max={60}
          value={minutes}
          onChange={setMinutes}
        />
      </div>
      <Failed of={end} />
    </Form>
  )
}
