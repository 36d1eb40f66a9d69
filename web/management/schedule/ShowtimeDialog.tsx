import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import type { ShowtimePatch } from '../../../contract/showtimes.ts'
import type { Theatre } from '../../../contract/venues.ts'
import { call } from '../../api.ts'
import { Dialog } from '../../ui/Dialog.tsx'
import { Field } from '../../ui/Field.tsx'
import { Form, SelectField, fieldProblems } from '../../ui/form.tsx'
import { Link } from '../../ui/router.tsx'
import { instantOf, localOf, timeOf } from '../../ui/zone.ts'
import type { Lane } from './board.ts'
import { EndShowtime } from './EndShowtime.tsx'
import { PriceField } from './PriceField.tsx'
import { pricesOf } from './prices.ts'
import type { PriceChoice } from './prices.ts'
import type { Screening } from './programme.ts'
import type { Changes } from './use-changes.ts'
import { WaitingRoomDialog } from './WaitingRoomDialog.tsx'
import { useScheduleWords } from './words/index.ts'

interface ShowtimeDialogProps {
  readonly screening: Screening
  readonly theatre: Theatre
  readonly lanes: readonly Lane[]
  readonly changes: Changes
  readonly close: () => void
}

const visibilities = ['public', 'unlisted', 'private'] as const

/** One showtime: what it is, what can be changed of it, and how it ends. */
export function ShowtimeDialog({ screening, theatre, lanes, changes, close }: ShowtimeDialogProps) {
  const { t, when } = useScheduleWords()
  const { showtime, film, taken, status } = screening
  return (
    <Dialog title={film.title} close={close} size="wide">
      <div className="mb-4 flex flex-wrap items-baseline gap-x-4 gap-y-1">
        <p className="text-lg font-semibold">
          {when(showtime)} {t('until_time', { time: timeOf(screening.endsAt, theatre.timeZone) })}
        </p>
        <p className="text-soft">
          {status === 'scheduled' ? t('seats_taken', { taken, capacity: showtime.capacity }) : t(status)}
        </p>
        {status === 'scheduled' && (
          <Link className="quiet-link ms-auto" href={`/showtimes/${showtime.id}`}>
            {t('seat_map')}
          </Link>
        )}
      </div>
      {status === 'cancelled' ? (
        <p>{t('cancelled_because', { reason: showtime.cancelReason ?? '' })}</p>
      ) : (
        <EditForm {...{ screening, theatre, lanes, changes, close }} />
      )}
    </Dialog>
  )
}

interface Draft {
  readonly start: string
  readonly hall: string
  readonly prices: PriceChoice
  readonly format: string
  readonly language: string
  readonly subtitles: string
  readonly visibility: (typeof visibilities)[number]
}

function useSave({ screening, theatre, changes, close }: ShowtimeDialogProps, draft: Draft) {
  const { showtime } = screening
  return useMutation({
    async mutationFn(status: 'draft' | 'scheduled') {
      const text = (value: string) => (value.trim() === '' ? null : value.trim())
      const body: ShowtimePatch = {
        ...pricesOf(draft.prices, theatre.currency),
        format: text(draft.format) ?? '2d',
        language: text(draft.language),
        subtitles: text(draft.subtitles),
        visibility: draft.visibility,
        ...(status !== showtime.status && { status }),
      }
      await call('updateShowtime', { params: { id: showtime.id }, body })
      // A time that was not touched is not read anew: it may be one that the clocks show twice.
      const isSameTime = draft.start === localOf(screening.startsAt, theatre.timeZone)
      const startsAt = isSameTime ? screening.startsAt : instantOf(draft.start, theatre.timeZone)
      const isMoved = startsAt !== screening.startsAt || draft.hall !== screening.auditoriumId
      await (isMoved ? changes.move(screening, { startsAt, auditoriumId: draft.hall }) : changes.refresh())
    },
    onSuccess: close,
  })
}

function EditForm(props: ShowtimeDialogProps) {
  const { screening, theatre, changes, close } = props
  const { t } = useScheduleWords()
  const { showtime } = screening
  const isDraft = showtime.status === 'draft'
  const [isWaiting, setWaiting] = useState(false)
  const [draft, setDraft] = useState<Draft>({
    start: localOf(screening.startsAt, theatre.timeZone),
    hall: showtime.auditoriumId,
    prices: showtime.prices.length > 0 ? { kind: 'keep' } : { kind: 'none' },
    format: showtime.format,
    language: showtime.language ?? '',
    subtitles: showtime.subtitles ?? '',
    visibility: showtime.visibility,
  })
  const save = useSave(props, draft)
  return (
    <Form
      submit={() => save.mutate(isDraft ? 'draft' : 'scheduled')}
      isBusy={save.isPending}
      error={save.error}
      beside={
        <>
          <EndShowtime screening={screening} changes={changes} close={close} />
          <button type="button" className="button" onClick={() => setWaiting(true)}>
            {t('waiting_room')}
          </button>
          {isWaiting && (
            <WaitingRoomDialog screening={screening} timeZone={theatre.timeZone} close={() => setWaiting(false)} />
          )}
          {isDraft && (
            <button
              type="button"
              className="button ms-auto"
              disabled={save.isPending}
              onClick={() => save.mutate('scheduled')}
            >
              {t('publish')}
            </button>
          )}
        </>
      }
    >
      <EditFields {...props} draft={draft} setDraft={setDraft} problem={fieldProblems(save.error)} />
    </Form>
  )
}

interface EditFieldsProps extends ShowtimeDialogProps {
  readonly draft: Draft
  readonly setDraft: (draft: Draft) => void
  readonly problem: (path: string) => string | undefined
}

function EditFields({ screening, theatre, lanes, draft, setDraft, problem }: EditFieldsProps) {
  const { t } = useScheduleWords()
  const bind = (name: 'start' | 'hall' | 'format' | 'language' | 'subtitles') => ({
    value: draft[name],
    problem: problem(`/${name}`),
    onChange: (value: string) => setDraft({ ...draft, [name]: value }),
  })
  return (
    <div className="grid gap-4 sm:grid-cols-2">
      <Field
        label={t('starts_at')}
        hint={t('theatre_clock')}
        type="datetime-local"
        step={300}
        required
        {...bind('start')}
      />
      <SelectField label={t('hall')} options={lanes.map(({ id, name }) => [id, name])} {...bind('hall')} />
      <div className="sm:col-span-2">
        <PriceField
          theatre={theatre}
          current={screening.showtime.prices}
          choice={draft.prices}
          choose={(prices) => setDraft({ ...draft, prices })}
          problem={problem('/prices') ?? problem('/priceListId') ?? problem('/basePrice')}
        />
      </div>
      <div className="grid grid-cols-3 gap-3 sm:col-span-2 sm:grid-cols-4">
        <Field label={t('format')} maxLength={20} {...bind('format')} />
        <Field label={t('language')} maxLength={35} {...bind('language')} />
        <Field label={t('subtitles')} maxLength={35} {...bind('subtitles')} />
        <div className="max-sm:col-span-3">
          <SelectField
            label={t('visibility')}
            value={draft.visibility}
            options={visibilities.map((each) => [each, t(`visibility_${each}`)])}
            onChange={(value) =>
              setDraft({ ...draft, visibility: visibilities.find((each) => each === value) ?? draft.visibility })
            }
          />
        </div>
      </div>
    </div>
  )
}
