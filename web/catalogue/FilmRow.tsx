import { useWords } from '../messages/locale.tsx'
import { Poster } from '../ui/Poster.tsx'
import { Link } from '../ui/router.tsx'
import type { Movie } from '../../contract/catalogue.ts'
import { groupBy } from './showtimes.ts'
import type { Listed } from './showtimes.ts'
import { TimeButton } from './TimeButton.tsx'

/** The facts of a film in a line. */
export function FilmFacts({ film }: { readonly film: Movie }) {
  const { t, tOr } = useWords()
  const genres = film.genres.slice(0, 3).map((genre) => tOr(`genre_${genre}`, genre.replaceAll('_', ' ')))
  const facts = [film.certification, t('minutes', { count: film.runtimeMinutes }), genres.join(', ')]
  return <p className="text-soft">{facts.filter(Boolean).join('  ·  ')}</p>
}

/** One film of a day: its poster, its facts, its times by house. */
export function FilmRow({ showtimes, eager }: { readonly showtimes: readonly Listed[]; readonly eager: boolean }) {
  const film = showtimes[0]?.movie
  if (!film) return null
  const href = `/films/${film.id}`
  return (
    <article className="grid grid-cols-[5.5rem_minmax(0,1fr)] gap-x-4 gap-y-5 border-t border-line py-8 sm:grid-rows-[auto_1fr] sm:grid-cols-[8rem_minmax(0,1fr)] sm:gap-x-8 lg:grid-cols-[13rem_minmax(0,1fr)] lg:py-10">
      <Link href={href} tabIndex={-1} aria-hidden="true" className="sm:row-span-2">
        <Poster film={film} eager={eager} />
      </Link>
      <div className="grid content-start gap-2">
        <h2 className="marquee text-3xl sm:text-4xl lg:text-5xl">
          <Link href={href} className="hover:text-accent">
            {film.title}
          </Link>
        </h2>
        <FilmFacts film={film} />
        {film.overview !== null && (
          <p className="hidden max-w-[68ch] text-soft sm:[display:-webkit-box] sm:overflow-hidden sm:[-webkit-box-orient:vertical] sm:[-webkit-line-clamp:2]">
            {film.overview}
          </p>
        )}
      </div>
      <div className="col-span-2 flex flex-wrap content-start items-start gap-x-8 gap-y-5 sm:col-span-1">
        {groupBy(showtimes, ({ theatreId }) => theatreId).map((here) => (
          <TheatreTimes key={here[0]?.theatreId} showtimes={here} />
        ))}
      </div>
    </article>
  )
}

/** The times of one house, under its name. */
export function TheatreTimes({ showtimes }: { readonly showtimes: readonly Listed[] }) {
  const theatre = showtimes[0]?.theatre
  if (!theatre) return null
  return (
    <div className="grid max-w-full gap-2 max-sm:w-full">
      <p className="text-sm">
        <Link href={`/theatres/${theatre.id}`} className="quiet-link font-semibold">
          {theatre.name}
        </Link>
        <span className="text-soft">, {theatre.city}</span>
      </p>
      <ul className="flex flex-wrap gap-2 max-sm:grid max-sm:grid-cols-2">
        {showtimes.map((showtime) => (
          <li key={showtime.id} className="grid max-sm:only:col-span-2 sm:w-48">
            <TimeButton showtime={showtime} />
          </li>
        ))}
      </ul>
    </div>
  )
}
