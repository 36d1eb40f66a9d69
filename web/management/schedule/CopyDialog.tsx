import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { call, forgetKey, keyFor } from '../../api.ts'
import { Dialog } from '../../ui/Dialog.tsx'
import { Field } from '../../ui/Field.tsx'
import { Form, fieldProblems } from '../../ui/form.tsx'
import { addDays, daysBetween } from '../../ui/zone.ts'
import type { Changes } from './use-changes.ts'
import { useScheduleWords } from './words/index.ts'

interface CopyDialogProps {
  readonly theatreId: string
  /** The business days that are copied, both included. */
  readonly from: string
  readonly to: string
  readonly changes: Changes
  /** Shows the day to which it was copied. */
  readonly show: (date: string) => void
  readonly close: () => void
}

/** A day or a week once more, at the same times on the clock; all of it or nothing. */
export function CopyDialog({ theatreId, from, to, changes, show, close }: CopyDialogProps) {
  const { t, day } = useScheduleWords()
  const isWeek = from !== to
  const [target, setTarget] = useState(addDays(from, 7))
  const [isDraft, setDraft] = useState(true)
  const copy = useMutation({
    async mutationFn() {
      const body = {
        theatreId,
        from,
        to,
        days: daysBetween(from, target),
        ...(isDraft && { status: 'draft' as const }),
      }
      const { showtimes } = await call('copyShowtimes', { body, idempotencyKey: keyFor('copyShowtimes', body) })
      forgetKey('copyShowtimes', body)
      await changes.made(
        showtimes.map(({ id }) => id),
        t('copied', { count: showtimes.length, day: day(target) }),
      )
    },
    onSuccess() {
      close()
      show(target)
    },
  })
  return (
    <Dialog title={t(isWeek ? 'copy_week' : 'copy_day')} close={close}>
      <Form submit={() => copy.mutate()} isBusy={copy.isPending} error={copy.error} label={t('copy')}>
        <p className="text-soft">{t('copy_text', { from: day(from) })}</p>
        <Field
          label={t(isWeek ? 'copy_to_week' : 'copy_to_day')}
          type="date"
          required
          min={addDays(from, 1)}
          max={addDays(from, 400)}
          value={target}
          onChange={setTarget}
          problem={fieldProblems(copy.error)('/days')}
        />
        <label className="flex items-center gap-3 font-semibold">
          <input
            type="checkbox"
            className="size-5 accent-(--accent)"
            checked={isDraft}
            onChange={(event) => setDraft(event.target.checked)}
          />
          {t('copy_as_draft')}
        </label>
      </Form>
    </Dialog>
  )
}
