import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { call } from '../../api.ts'
import { Dialog } from '../../ui/Dialog.tsx'
import { Field } from '../../ui/Field.tsx'
import { Form } from '../../ui/form.tsx'
import { Failed } from '../../ui/states.tsx'
import { useToast } from '../../ui/toast.tsx'
import { useHouseWords } from '../../ui/words/index.ts'
import type { Screening } from './programme.ts'
import type { Changes } from './use-changes.ts'
import { useScheduleWords } from './words/index.ts'

interface EndShowtimeProps {
  readonly screening: Screening
  readonly changes: Changes
  readonly close: () => void
}

/** A draft is deleted, what is on sale is cancelled with a reason that its guests read. */
export function EndShowtime({ screening, changes, close }: EndShowtimeProps) {
  const { t } = useScheduleWords()
  const house = useHouseWords()
  const [isAsking, setAsking] = useState(false)
  const remove = useMutation({ mutationFn: () => changes.remove(screening), onSuccess: close })
  return (
    <>
      {screening.status === 'scheduled' && (
        <button type="button" className="button" onClick={() => setAsking(true)}>
          {t('cancel_showtime')}
        </button>
      )}
      {(screening.status === 'draft' || screening.taken === 0) && (
        <button type="button" className="button" disabled={remove.isPending} onClick={() => remove.mutate()}>
          {house.t('delete')}
        </button>
      )}
      <Failed of={remove} />
      {isAsking && (
        <CancelQuestion
          screening={screening}
          leave={() => setAsking(false)}
          cancelled={async () => {
            await changes.refresh()
            close()
          }}
        />
      )}
    </>
  )
}

interface CancelQuestionProps {
  readonly screening: Screening
  readonly leave: () => void
  readonly cancelled: () => Promise<void>
}

function CancelQuestion({ screening, leave, cancelled }: CancelQuestionProps) {
  const { t, when } = useScheduleWords()
  const toast = useToast()
  const [reason, setReason] = useState('')
  const cancel = useMutation({
    mutationFn: () =>
      call('cancelShowtime', {
        params: { id: screening.id },
        body: { reason: reason.trim() },
        idempotencyKey: `cancel-${screening.id}`,
      }),
    onSuccess: async ({ refundsStarted, dueAtCounter }) => {
      toast({ text: t('cancelled_done', { count: refundsStarted, due: dueAtCounter }) })
      await cancelled()
    },
  })
  return (
    <Dialog title={t('cancel_question', { title: screening.film.title })} close={leave}>
      <Form submit={() => cancel.mutate()} isBusy={cancel.isPending} error={cancel.error} label={t('cancel_now')}>
        <p className="text-soft">{t('cancel_text', { when: when(screening.showtime) })}</p>
        <Field
          label={t('reason')}
          hint={t('reason_hint')}
          required
          maxLength={500}
          value={reason}
          onChange={setReason}
        />
      </Form>
    </Dialog>
  )
}
