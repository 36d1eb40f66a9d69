import { useInfiniteQuery } from '@tanstack/react-query'
import { useDeferredValue, useState } from 'react'
import type { PointerEvent } from 'react'
import type { Movie } from '../../../contract/catalogue.ts'
import { Poster } from '../../ui/Poster.tsx'
import { filmsQuery } from '../films/films.ts'
import { hueOf } from './film-hue.ts'
import { useScheduleWords } from './words/index.ts'

type Handlers = Readonly<
  Record<
    'onPointerDown' | 'onPointerMove' | 'onPointerUp' | 'onPointerCancel',
    (event: PointerEvent<HTMLElement>) => void
  >
>

interface FilmShelfProps {
  readonly handlersOf: (film: Movie) => Handlers
  /** A click or Enter: for those who do not drag. */
  readonly choose: (film: Movie) => void
  readonly isDragging: boolean
}

/** The films at hand, to be put on the board. */
export function FilmShelf({ handlersOf, choose, isDragging }: FilmShelfProps) {
  const { t } = useScheduleWords()
  const [q, setQ] = useState('')
  const { data } = useInfiniteQuery(filmsQuery({ q: useDeferredValue(q.trim()), status: undefined }))
  const films = data?.pages.flatMap((page) => page.data) ?? []
  return (
    <section aria-labelledby="shelf" className="shelf">
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
        <h2 id="shelf" className="text-lg font-bold">
          {t('shelf')}
        </h2>
        <p className="text-sm text-soft max-sm:hidden">{t('shelf_hint')}</p>
        <input
          type="search"
          className="field ms-auto max-w-56 max-sm:max-w-40"
          aria-label={t('find_film')}
          placeholder={t('find_film')}
          value={q}
          onChange={(event) => setQ(event.target.value)}
        />
      </div>
      <ul className="shelf-films" data-dragging={isDragging}>
        {films.map((film) => (
          <li key={film.id}>
            <button
              type="button"
              className="shelf-film"
              style={{ '--film-hue': hueOf(film.id) }}
              onClick={() => choose(film)}
              {...handlersOf(film)}
            >
              <Poster film={film} className="w-9" />
              <span className="sr-only">{t('schedule_film', { title: film.title })}</span>
              <span aria-hidden="true">
                <b>{film.title}</b>
                <span>{t('minutes', { count: film.runtimeMinutes })}</span>
              </span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  )
}
