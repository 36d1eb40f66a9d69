import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import type { Movie } from '../../../contract/catalogue.ts'
import type { ShowtimeInput } from '../../../contract/showtimes.ts'
import type { Theatre } from '../../../contract/venues.ts'
import { Dialog } from '../../ui/Dialog.tsx'
import { Field } from '../../ui/Field.tsx'
import { Form, SelectField, fieldProblems } from '../../ui/form.tsx'
import { instantOf, localOf, timeOf } from '../../ui/zone.ts'
import { conflictOf, newSlot } from './board.ts'
import type { Lane, Place } from './board.ts'
import { FilmChoice } from './FilmChoice.tsx'
import { PriceField } from './PriceField.tsx'
import { keepUsualPrices, pricesOf } from './prices.ts'
import type { PriceChoice } from './prices.ts'
import type { Screening } from './programme.ts'
import type { Changes } from './use-changes.ts'
import { useScheduleWords } from './words/index.ts'

interface AddShowtimeProps {
  readonly theatre: Theatre
  readonly lanes: readonly Lane[]
  readonly screenings: readonly Screening[]
  readonly film: Movie | null
  readonly place: Place
  readonly prices: PriceChoice
  readonly changes: Changes
  readonly close: () => void
}

interface Entry {
  readonly film: Movie | null
  readonly hall: string
  /** On the theatre's clock. */
  readonly start: string
  readonly prices: PriceChoice
  readonly format: string
  readonly language: string
  readonly subtitles: string
  readonly isDraft: boolean
}

function useAdd({ theatre, changes, close }: AddShowtimeProps, entry: Entry) {
  return useMutation({
    async mutationFn(film: Movie) {
      const text = (value: string) => (value.trim() === '' ? null : value.trim())
      const input: ShowtimeInput = {
        movieId: film.id,
        auditoriumId: entry.hall,
        startsAt: entry.start,
        status: entry.isDraft ? 'draft' : 'scheduled',
        format: text(entry.format) ?? '2d',
        language: text(entry.language),
        subtitles: text(entry.subtitles),
        ...pricesOf(entry.prices, theatre.currency),
      }
      await changes.create(input, film.title)
      keepUsualPrices(theatre.id, entry.prices)
    },
    onSuccess: close,
  })
}

/** A showtime without dragging: film, hall, time, prices; what is in the way is said while one chooses. */
export function AddShowtime(props: AddShowtimeProps) {
  const { theatre, place, film, prices, close } = props
  const { t } = useScheduleWords()
  const [entry, setEntry] = useState<Entry>({
    film,
    hall: place.auditoriumId,
    start: localOf(place.startsAt, theatre.timeZone),
    prices,
    format: '2d',
    language: '',
    subtitles: '',
    isDraft: prices.kind === 'none',
  })
  const add = useAdd(props, entry)
  return (
    <Dialog title={t('add_showtime')} close={close} size="wide">
      <Form
        submit={() => entry.film && add.mutate(entry.film)}
        isBusy={add.isPending}
        error={add.error}
        label={t(entry.isDraft ? 'add_draft' : 'add_on_sale')}
      >
        <div className="grid gap-5 sm:grid-cols-2 sm:gap-7">
          <FilmChoice film={entry.film} choose={(chosen) => setEntry({ ...entry, film: chosen })} />
          <EntryFields {...props} entry={entry} change={setEntry} problem={fieldProblems(add.error)} />
        </div>
      </Form>
    </Dialog>
  )
}

interface EntryFieldsProps extends AddShowtimeProps {
  readonly entry: Entry
  readonly change: (entry: Entry) => void
  readonly problem: (path: string) => string | undefined
}

function EntryFields({ theatre, lanes, screenings, entry, change, problem }: EntryFieldsProps) {
  const { t } = useScheduleWords()
  const { film, hall, start } = entry
  const bind = (name: 'format' | 'language' | 'subtitles') => ({
    value: entry[name],
    problem: problem(`/${name}`),
    onChange: (value: string) => change({ ...entry, [name]: value }),
  })
  return (
    <div className="grid content-start gap-4">
      <SelectField
        label={t('hall')}
        value={hall}
        options={lanes.map(({ id, name }) => [id, name])}
        onChange={(chosen) => change({ ...entry, hall: chosen })}
        problem={problem('/auditoriumId')}
      />
      <Field
        label={t('starts_at')}
        hint={t('theatre_clock')}
        type="datetime-local"
        step={300}
        required
        value={start}
        onChange={(chosen) => change({ ...entry, start: chosen })}
        problem={problem('/startsAt')}
      />
      {film && <Outlook {...{ theatre, lanes, screenings, film, hall, start }} />}
      <PriceField
        theatre={theatre}
        choice={entry.prices}
        choose={(prices) => change({ ...entry, prices })}
        problem={problem('/prices') ?? problem('/priceListId') ?? problem('/basePrice')}
      />
      <div className="grid grid-cols-3 gap-3">
        <Field label={t('format')} maxLength={20} {...bind('format')} />
        <Field label={t('language')} maxLength={35} {...bind('language')} />
        <Field label={t('subtitles')} maxLength={35} {...bind('subtitles')} />
      </div>
      <label className="flex items-center gap-3 font-semibold">
        <input
          type="checkbox"
          className="size-5 accent-(--accent)"
          checked={entry.isDraft}
          onChange={(event) => change({ ...entry, isDraft: event.target.checked })}
        />
        {t('as_draft')}
      </label>
    </div>
  )
}

interface OutlookProps {
  readonly theatre: Theatre
  readonly lanes: readonly Lane[]
  readonly screenings: readonly Screening[]
  readonly film: Movie
  readonly hall: string
  readonly start: string
}

/** When it ends, and who has the hall already. */
function Outlook({ theatre, lanes, screenings, film, hall, start }: OutlookProps) {
  const { t } = useScheduleWords()
  const lane = lanes.find(({ id }) => id === hall)
  if (!lane || start === '') return null
  const { timeZone, settings } = theatre
  const place = { auditoriumId: hall, startsAt: instantOf(start, timeZone) }
  const slot = newSlot(place, settings.trailerMinutes + film.runtimeMinutes, lane)
  const conflict = conflictOf(slot, screenings)
  const time = (instantMs: number) => timeOf(instantMs, timeZone)
  return (
    <output className={`rounded-lg border-s-4 bg-sunk px-3 py-2 text-sm ${conflict ? 'border-accent' : 'border-good'}`}>
      {conflict
        ? t('taken_by', {
            title: conflict.film.title,
            from: time(conflict.startsAt),
            to: time(conflict.endsAt),
            ready: time(conflict.busyUntil),
          })
        : t('outlook', { ends: time(slot.endsAt), ready: time(slot.busyUntil) })}
    </output>
  )
}
