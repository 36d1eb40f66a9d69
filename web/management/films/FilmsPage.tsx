import { useInfiniteQuery } from '@tanstack/react-query'
import { useDeferredValue, useState } from 'react'
import type { Movie } from '../../../contract/catalogue.ts'
import { Dialog } from '../../ui/Dialog.tsx'
import { Poster } from '../../ui/Poster.tsx'
import { Link, navigate } from '../../ui/router.tsx'
import { Empty, PartWaiting, Refused } from '../../ui/states.tsx'
import { useToast } from '../../ui/toast.tsx'
import { useHouseWords } from '../../ui/words/index.ts'
import type { ManagementPageProps } from '../pages.tsx'
import { FilmForm } from './FilmForm.tsx'
import { ImportFilms } from './ImportFilms.tsx'
import { FilmPage } from './FilmPage.tsx'
import { filmsQuery } from './films.ts'
import { useFilmWords } from './words/index.ts'

type StatusFilter = Movie['status'] | undefined

/** `/manage/films`: the catalogue; below it, each film. */
export function FilmsPage({ rest }: ManagementPageProps) {
  return rest === '' ? <FilmList /> : <FilmPage key={rest} id={rest} />
}

function FilmList() {
  const { t } = useFilmWords()
  const toast = useToast()
  const [q, setQ] = useState('')
  const [status, setStatus] = useState<StatusFilter>()
  const [isAdding, setAdding] = useState(false)
  const [isImporting, setImporting] = useState(false)
  return (
    <>
      <title>{t('films')}</title>
      <div className="house-head">
        <h1 className="marquee text-5xl sm:text-6xl">{t('films')}</h1>
        <button type="button" className="button ms-auto" onClick={() => setImporting(true)}>
          {t('import_films')}
        </button>
        <button type="button" className="button button-main" onClick={() => setAdding(true)}>
          {t('add_film')}
        </button>
      </div>
      <div className="mb-5 flex flex-wrap gap-3">
        <input
          type="search"
          className="field max-w-sm"
          aria-label={t('find_film')}
          placeholder={t('find_hint')}
          value={q}
          onChange={(event) => setQ(event.target.value)}
        />
        <StatusChoice status={status} choose={setStatus} />
      </div>
      <Films q={useDeferredValue(q.trim())} status={status} />
      {isImporting && (
        <Dialog title={t('import_films')} close={() => setImporting(false)}>
          <ImportFilms close={() => setImporting(false)} />
        </Dialog>
      )}
      {isAdding && (
        <Dialog title={t('add_film')} size="wide" close={() => setAdding(false)}>
          <FilmForm
            film={null}
            saved={(film, hasPoster) => {
              setAdding(false)
              toast({ text: hasPoster ? t('film_added', { title: film.title }) : t('poster_failed') })
              navigate(`/manage/films/${film.id}`)
            }}
          />
        </Dialog>
      )}
    </>
  )
}

const choices = [undefined, 'now_showing', 'coming_soon', 'archived'] as const

function StatusChoice({
  status,
  choose,
}: {
  readonly status: StatusFilter
  readonly choose: (to: StatusFilter) => void
}) {
  const { t } = useFilmWords()
  return (
    <fieldset className="choice">
      <legend className="sr-only">{t('status')}</legend>
      {choices.map((choice) => (
        <label key={choice ?? 'all'}>
          <input type="radio" name="status" checked={status === choice} onChange={() => choose(choice)} />
          <span>{t(choice ?? 'all_films')}</span>
        </label>
      ))}
    </fieldset>
  )
}

function Films({ q, status }: { readonly q: string; readonly status: StatusFilter }) {
  const { t } = useFilmWords()
  const house = useHouseWords()
  const { data, error, refetch, hasNextPage, isFetchingNextPage, fetchNextPage } = useInfiniteQuery(
    filmsQuery({ q, status }),
  )
  if (error) return <Refused error={error} retry={() => void refetch()} />
  if (!data) return <PartWaiting />
  const films = data.pages.flatMap((page) => page.data)
  if (films.length === 0) return <Empty>{q === '' ? house.t('nothing_here') : t('no_film_fits')}</Empty>
  return (
    <>
      <ul className="film-wall">
        {films.map((film) => (
          <li key={film.id}>
            <Link href={`/manage/films/${film.id}`} className="film-card">
              <Poster film={film} />
              <span className="mt-2 block font-bold leading-tight">{film.title}</span>
              <span className="block text-sm text-soft">
                {[t('minutes', { count: film.runtimeMinutes }), film.status !== 'now_showing' && t(film.status)]
                  .filter(Boolean)
                  .join(', ')}
              </span>
            </Link>
          </li>
        ))}
      </ul>
      {hasNextPage && (
        <button
          type="button"
          className="button mt-6"
          disabled={isFetchingNextPage}
          onClick={() => void fetchNextPage()}
        >
          {house.t(isFetchingNextPage ? 'loading_more' : 'load_more')}
        </button>
      )}
    </>
  )
}
