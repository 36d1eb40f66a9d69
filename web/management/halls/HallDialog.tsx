import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { Auditorium } from '../../../contract/auditoriums.ts'
import { call, forgetKey, keyFor } from '../../api.ts'
import { Dialog } from '../../ui/Dialog.tsx'
import { Field } from '../../ui/Field.tsx'
import { Form, SelectField, fieldProblems } from '../../ui/form.tsx'
import { navigate } from '../../ui/router.tsx'
import { drawRows } from './draw-rows.ts'
import { wholeOf } from './DrawRows.tsx'
import { emptyPlan } from './plan.ts'
import { hallQuery } from './queries.ts'
import { useHallWords } from './words/index.ts'

interface HallDialogProps {
  readonly theatreId: string
  /** The one to change; without, a new one. */
  readonly hall?: Auditorium
  readonly close: () => void
}

/** How people sit in a hall that is new. */
interface Start {
  readonly seating: 'reserved' | 'general'
  readonly rows: string
  readonly seats: string
  readonly capacity: string
}

/** A hall needs a layout from the first moment: a plain one, which the editor then makes right. */
function firstLayout({ seating, rows, seats, capacity }: Start) {
  if (seating === 'general') return { seating, capacity: wholeOf(capacity, 1, 100_000) }
  return drawRows(emptyPlan, {
    rows: wholeOf(rows, 1, 60),
    seats: wholeOf(seats, 1, 80),
    growth: 0,
    firstLabel: 'A',
    labelsFrom: 'front',
    leavesOutLookalikes: true,
    numbering: { first: 1, from: 'left', steps: 'all' },
    aislesAfter: [],
    aisleColumns: 1,
    gapLines: 0,
    category: 'standard',
  })
}

function useSave({ theatreId, hall, close }: HallDialogProps, name: string, turnaround: string, start: Start) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: async () => {
      const facts = { name: name.trim(), turnaroundMinutes: turnaround === '' ? null : wholeOf(turnaround, 0, 480) }
      if (hall) return await call('updateAuditorium', { params: { id: hall.id }, body: facts })
      const body = { ...facts, layout: firstLayout(start) }
      const act = `hall ${theatreId}`
      const made = await call('createAuditorium', {
        params: { id: theatreId },
        body,
        idempotencyKey: keyFor(act, body),
      })
      forgetKey(act, body)
      return made
    },
    onSuccess: async (saved) => {
      queries.setQueryData(hallQuery(saved.id).queryKey, saved)
      await queries.invalidateQueries({ queryKey: ['halls'] })
      close()
      if (!hall) navigate(`/manage/halls/${saved.id}`)
    },
  })
}

/** Name and turnaround of a hall; for a new one also how people sit. */
export function HallDialog(props: HallDialogProps) {
  const { hall, close } = props
  const { t } = useHallWords()
  const [name, setName] = useState(hall?.name ?? '')
  const [turnaround, setTurnaround] = useState(String(hall?.turnaroundMinutes ?? ''))
  const [start, setStart] = useState<Start>({ seating: 'reserved', rows: '8', seats: '12', capacity: '100' })
  const save = useSave(props, name, turnaround, start)
  const problem = fieldProblems(save.error)
  return (
    <Dialog title={hall ? hall.name : t('add_hall')} close={close}>
      <Form
        submit={() => save.mutate()}
        isBusy={save.isPending}
        error={save.error}
        {...(!hall && { label: t('add_hall') })}
      >
        <Field
          label={t('name')}
          required
          maxLength={200}
          placeholder={t('hall_example')}
          value={name}
          onChange={setName}
          problem={problem('/name')}
        />
        <Field
          label={t('turnaround')}
          type="number"
          min={0}
          max={480}
          hint={t('turnaround_hint')}
          value={turnaround}
          onChange={setTurnaround}
          problem={problem('/turnaroundMinutes')}
        />
        {!hall && <StartFields start={start} change={setStart} />}
      </Form>
    </Dialog>
  )
}

function StartFields({ start, change }: { readonly start: Start; readonly change: (start: Start) => void }) {
  const { t } = useHallWords()
  const count = (name: 'rows' | 'seats' | 'capacity', max: number) => ({
    type: 'number',
    min: 1,
    max,
    value: start[name],
    onChange: (value: string) => change({ ...start, [name]: value }),
  })
  return (
    <>
      <SelectField
        label={t('seating')}
        value={start.seating}
        options={[
          ['reserved', t('seating_reserved')],
          ['general', t('seating_general')],
        ]}
        onChange={(seating) => change({ ...start, seating: seating === 'general' ? 'general' : 'reserved' })}
      />
      {start.seating === 'reserved' ? (
        <div className="pair">
          <Field label={t('rows')} {...count('rows', 60)} />
          <Field label={t('seats_in_row')} {...count('seats', 80)} />
        </div>
      ) : (
        <Field label={t('capacity')} {...count('capacity', 100_000)} />
      )}
    </>
  )
}
