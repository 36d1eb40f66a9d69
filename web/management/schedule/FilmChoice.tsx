import { useInfiniteQuery } from '@tanstack/react-query'
import { useDeferredValue, useState } from 'react'
import type { Movie } from '../../../contract/catalogue.ts'
import { Poster } from '../../ui/Poster.tsx'
import { filmsQuery } from '../films/films.ts'
import { useScheduleWords } from './words/index.ts'

interface FilmChoiceProps {
  readonly film: Movie | null
  readonly choose: (film: Movie) => void
}

/** One film of the catalogue: typed at, then chosen. */
export function FilmChoice({ film, choose }: FilmChoiceProps) {
  const { t } = useScheduleWords()
  const [q, setQ] = useState('')
  const { data } = useInfiniteQuery(filmsQuery({ q: useDeferredValue(q.trim()), status: undefined }))
  const found = data?.pages.flatMap((page) => page.data) ?? []
  const films = film && !found.some(({ id }) => id === film.id) ? [film, ...found] : found
  return (
    <fieldset className="grid gap-2">
      <legend className="mb-1 font-semibold">{t('film')}</legend>
      <input
        type="search"
        className="field"
        aria-label={t('find_film')}
        placeholder={t('find_film')}
        value={q}
        onChange={(event) => setQ(event.target.value)}
        onKeyDown={(event) => {
          // Enter in the search takes the first film; it does not send the form.
          if (event.key !== 'Enter') return
          event.preventDefault()
          if (films[0]) choose(films[0])
        }}
      />
      <div className="film-choice">
        {films.map((each) => (
          <label key={each.id}>
            <input type="radio" name="film" required checked={film?.id === each.id} onChange={() => choose(each)} />
            <span>
              <Poster film={each} className="w-8" />
              <span>
                <b>{each.title}</b> <span className="text-soft">{t('minutes', { count: each.runtimeMinutes })}</span>
              </span>
            </span>
          </label>
        ))}
      </div>
    </fieldset>
  )
}
