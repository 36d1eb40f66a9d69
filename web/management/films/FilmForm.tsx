import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { ReactNode } from 'react'
import type { Movie } from '../../../contract/catalogue.ts'
import { call, forgetKey, keyFor } from '../../api.ts'
import { Field } from '../../ui/Field.tsx'
import { Form, SelectField, TextField, fieldProblems } from '../../ui/form.tsx'
import { Poster } from '../../ui/Poster.tsx'
import { draftOf, emptyDraft, inputOf } from './film-draft.ts'
import type { FilmDraft } from './film-draft.ts'
import { PosterField } from './PosterField.tsx'
import { uploadPoster } from './upload-poster.ts'
import { useFilmWords } from './words/index.ts'

interface FilmFormProps {
  /** Null adds one. */
  readonly film: Movie | null
  /** `hasPoster` is false when a poster was chosen and did not arrive. */
  readonly saved: (film: Movie, hasPoster: boolean) => void
  readonly beside?: ReactNode
}

const statuses = ['now_showing', 'coming_soon', 'archived'] as const

/** Saves the film, then sends its poster. */
function useSave(film: Movie | null, saved: FilmFormProps['saved']) {
  const queries = useQueryClient()
  const [sentPercent, setSentPercent] = useState<number | null>(null)
  const save = useMutation({
    mutationFn: async ({ draft, poster }: { draft: FilmDraft; poster: File | null }) => {
      const body = inputOf(draft)
      const kept = film
        ? await call('updateMovie', { params: { id: film.id }, body })
        : await call('createMovie', { body, idempotencyKey: keyFor('createMovie', body) })
      forgetKey('createMovie', body)
      if (poster === null) return { kept, hasPoster: true }
      setSentPercent(0)
      const hasPoster = await uploadPoster(kept.id, poster, setSentPercent).then(
        () => true,
        () => false,
      )
      return { kept, hasPoster }
    },
    onSuccess: async ({ kept, hasPoster }) => {
      await Promise.all([
        queries.invalidateQueries({ queryKey: ['films'] }),
        queries.invalidateQueries({ queryKey: ['film', kept.id] }),
      ])
      saved(kept, hasPoster)
    },
    onSettled: () => setSentPercent(null),
  })
  return { save, sentPercent }
}

/** Everything that is known of a film, the two things it must have first. */
export function FilmForm({ film, saved, beside }: FilmFormProps) {
  const { t } = useFilmWords()
  const [draft, setDraft] = useState(() => (film ? draftOf(film) : emptyDraft))
  const [poster, setPoster] = useState<File | null>(null)
  const { save, sentPercent } = useSave(film, saved)
  const problem = fieldProblems(save.error)
  const bind = (name: Exclude<keyof FilmDraft, 'status'>) => ({
    value: draft[name],
    problem: problem(`/${name}`),
    onChange: (value: string) => setDraft({ ...draft, [name]: value }),
  })
  return (
    <Form
      submit={() => save.mutate({ draft, poster })}
      isBusy={save.isPending}
      error={save.error}
      beside={beside}
      {...(!film && { label: t('add_film') })}
    >
      <div className="grid gap-6 sm:grid-cols-[11rem_1fr]">
        <PosterField
          current={film ? <Poster film={film} /> : <EmptyPoster title={draft.title} />}
          chosen={poster}
          choose={setPoster}
          sentPercent={sentPercent}
        />
        <div className="grid content-start gap-4 sm:grid-cols-2">
          <div className="sm:col-span-2">
            <Field label={t('title')} required maxLength={500} {...bind('title')} />
          </div>
          <Field
            label={t('runtime_minutes')}
            type="number"
            inputMode="numeric"
            required
            min={1}
            max={1000}
            {...bind('runtimeMinutes')}
          />
          <SelectField
            label={t('status')}
            value={draft.status}
            options={statuses.map((status) => [status, t(status)])}
            onChange={(value) =>
              setDraft({ ...draft, status: statuses.find((status) => status === value) ?? draft.status })
            }
          />
          <Field label={t('release_date')} type="date" {...bind('releaseDate')} />
          <Field label={t('certification')} maxLength={20} {...bind('certification')} />
          <div className="sm:col-span-2">
            <Field label={t('genres')} hint={t('comma_hint')} {...bind('genres')} />
          </div>
          <MoreFields bind={bind} isOpen={film !== null} />
        </div>
      </div>
    </Form>
  )
}

/** What the audience sees of a film without a poster. */
function EmptyPoster({ title }: { readonly title: string }) {
  const { t } = useFilmWords()
  const film = {
    title: title.trim() === '' ? t('poster') : title,
    posterUrl: '/media/posters/drawn/',
    genres: [],
    directors: [],
  }
  return <Poster film={film} />
}

interface MoreFieldsProps {
  readonly bind: (name: Exclude<keyof FilmDraft, 'status'>) => {
    readonly value: string
    readonly problem: string | undefined
    readonly onChange: (value: string) => void
  }
  readonly isOpen: boolean
}

function MoreFields({ bind, isOpen }: MoreFieldsProps) {
  const { t } = useFilmWords()
  return (
    <details open={isOpen} className="sm:col-span-2">
      <summary className="quiet-link cursor-pointer py-1 font-semibold">{t('details')}</summary>
      <div className="mt-3 grid gap-4 sm:grid-cols-2">
        <Field label={t('original_title')} maxLength={500} {...bind('originalTitle')} />
        <Field label={t('original_language')} hint={t('language_hint')} maxLength={35} {...bind('originalLanguage')} />
        <Field label={t('directors')} hint={t('comma_hint')} {...bind('directors')} />
        <Field label={t('year')} type="number" inputMode="numeric" min={1870} max={2200} {...bind('year')} />
        <div className="sm:col-span-2">
          <TextField label={t('cast')} rows={2} {...bind('cast')} />
        </div>
        <Field label={t('distributor')} maxLength={200} {...bind('distributor')} />
        <Field label={t('trailer')} type="url" maxLength={2000} {...bind('trailerUrl')} />
        <div className="sm:col-span-2">
          <TextField label={t('overview')} maxLength={10_000} {...bind('overview')} />
        </div>
      </div>
    </details>
  )
}
