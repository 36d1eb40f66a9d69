import { useWords } from '../messages/locale.tsx'
import { Link } from '../ui/router.tsx'
import { priceFrom } from './showtimes.ts'
import type { Listed } from './showtimes.ts'

/** So few that one should know. */
const fewSeats = 12

/** A showtime as one thing to press: when, where, how, from what price, and how many are left. */
export function TimeButton({ showtime }: { readonly showtime: Listed }) {
  return (
    <Link href={`/showtimes/${showtime.id}`} className="time-button">
      <TimeFacts showtime={showtime} />
    </Link>
  )
}

/** What a button for a showtime says, wherever it leads. */
export function TimeFacts({ showtime }: { readonly showtime: Listed }) {
  const { t, money, clock, when, hall } = useWords()
  const from = priceFrom(showtime)
  const left = showtime.availableSeats
  const start = showtime.localStartsAt.slice(11, 16)
  const how = useTraits(showtime)
  const isAfterMidnight = showtime.localStartsAt.slice(0, 10) !== showtime.businessDate
  const isFew = left > 0 && left <= fewSeats
  return (
    <>
      <span className="flex flex-wrap items-baseline justify-between gap-x-2">
        <span className="whitespace-nowrap">
          <strong className={left === 0 ? 'line-through opacity-60' : ''}>{start}</strong>{' '}
          {t('until', { time: clock(showtime.endsAt, showtime.timeZone) })}
        </span>
        {left === 0 && <b className="text-soft">{t('sold_out')}</b>}
        {isFew && <b className="whitespace-nowrap text-accent">{t('last_seats', { count: left })}</b>}
      </span>
      {isAfterMidnight && <span className="font-semibold text-ink">{when(showtime)}</span>}
      <span>{[showtime.auditorium && hall(showtime.auditorium.name), ...how].filter(Boolean).join(', ')}</span>
      {from && <span className="font-semibold text-ink">{t('price_from', { price: money(from) })}</span>}
    </>
  )
}

/** Format, language, subtitles and accessible screenings, in words. */
function useTraits(showtime: Listed): string[] {
  const { t, tOr, language } = useWords()
  const { format, subtitles, accessibility, movie } = showtime
  const spoken = showtime.language
  const isDubbed = spoken !== null && movie.originalLanguage !== null && spoken !== movie.originalLanguage
  return [
    ...(format === '2d' ? [] : [format.toUpperCase()]),
    ...(isDubbed ? [t('spoken', { language: language(spoken) })] : []),
    ...(subtitles === null ? [] : [t('subtitled', { language: language(subtitles) })]),
    ...accessibility.map((kind) => tOr(`accessible_${kind}`, kind.replaceAll('_', ' '))),
  ]
}
