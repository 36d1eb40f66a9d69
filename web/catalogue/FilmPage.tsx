import { useQuery } from '@tanstack/react-query'
import { call } from '../api.ts'
import { useWords } from '../messages/locale.tsx'
import { useNow } from '../ui/now.ts'
import { Poster } from '../ui/Poster.tsx'
import { FailedPage, Waiting } from '../ui/states.tsx'
import type { Movie } from '../../contract/catalogue.ts'
import { FilmFacts, TheatreTimes } from './FilmRow.tsx'
import { groupBy, isOnSale, showtimesQuery } from './showtimes.ts'

/** A film: what it is, and every time it can be seen. */
export function FilmPage({ id }: { readonly id: string }) {
  const {
    data: film,
    error,
    refetch,
  } = useQuery({
    queryKey: ['film', id],
    queryFn: ({ signal }) => call('getMovie', { params: { id }, signal }),
  })
  if (error && !film) return <FailedPage error={error} retry={() => void refetch()} />
  if (!film) return <Waiting />
  return (
    <article className="page pt-8 sm:pt-12">
      <title>{film.title}</title>
      <div className="grid grid-cols-[7rem_minmax(0,1fr)] gap-x-4 gap-y-5 sm:grid-rows-[auto_1fr] sm:grid-cols-[14rem_minmax(0,1fr)] sm:gap-x-10 lg:grid-cols-[20rem_minmax(0,1fr)]">
        <div className="sm:sticky sm:top-6 sm:row-span-2 sm:self-start">
          <Poster film={film} eager />
        </div>
        <div className="grid content-start gap-3">
          <h1 className="marquee text-[clamp(2.4rem,7vw,6rem)] wrap-anywhere">{film.title}</h1>
          <FilmFacts film={film} />
        </div>
        <div className="col-span-2 grid content-start gap-4 sm:col-span-1 sm:col-start-2">
          {film.overview !== null && <p className="max-w-[62ch] text-lg whitespace-pre-line">{film.overview}</p>}
          <People film={film} />
          <AllTimes id={id} />
        </div>
      </div>
    </article>
  )
}

function People({ film }: { readonly film: Movie }) {
  const { t, language, list } = useWords()
  const rows = [
    [t('original_title'), film.originalTitle !== film.title ? film.originalTitle : null],
    [t('directed_by'), list(film.directors)],
    [t('cast'), list(film.cast.slice(0, 8))],
    [t('filter_language'), film.originalLanguage === null ? null : language(film.originalLanguage)],
    [t('year'), film.year === null ? null : String(film.year)],
  ].filter(([, value]) => value)
  return (
    <>
      <dl className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-6 gap-y-1">
        {rows.map(([name, value]) => (
          <div key={name} className="contents">
            <dt className="label pt-0.5">{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      {film.trailerUrl !== null && (
        <a className="button justify-self-start" href={film.trailerUrl} rel="noreferrer" target="_blank">
          {t('trailer')}
        </a>
      )}
    </>
  )
}

function AllTimes({ id }: { readonly id: string }) {
  const { t, day } = useWords()
  const now = useNow(60_000)
  const { data } = useQuery(showtimesQuery({ movieId: id }))
  const onSale = data?.filter((showtime) => isOnSale(showtime, now))
  return (
    <section
      aria-labelledby="times"
      className={`mt-4 grid content-start gap-6 border-t border-line pt-6 ${data ? '' : 'min-h-dvh'}`}
    >
      <h2 id="times" className="marquee text-4xl">
        {t('all_times')}
      </h2>
      {onSale?.length === 0 && <p className="text-soft">{t('no_times_yet')}</p>}
      {onSale &&
        groupBy(onSale, ({ businessDate }) => businessDate).map((today) => (
          <div
            key={today[0]?.businessDate}
            className="grid gap-x-6 gap-y-3 border-t border-line pt-5 xl:grid-cols-[9rem_minmax(0,1fr)]"
          >
            <h3 className="text-lg leading-tight font-bold">{day(today[0]?.businessDate ?? '')}</h3>
            <div className="flex flex-wrap gap-x-8 gap-y-5">
              {groupBy(today, ({ theatreId }) => theatreId).map((here) => (
                <TheatreTimes key={here[0]?.theatreId} showtimes={here} />
              ))}
            </div>
          </div>
        ))}
    </section>
  )
}
