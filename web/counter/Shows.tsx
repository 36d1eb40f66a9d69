import { useEffect, useRef } from 'react'
import { businessToday } from '../catalogue/showtimes.ts'
import type { Listed } from '../catalogue/showtimes.ts'
import { useNow } from '../ui/now.ts'
import { minutesToStart } from './shows.ts'
import { useCounterWords } from './words/index.ts'

interface ShowsProps {
  readonly shows: readonly Listed[]
  readonly chosen: string | null
  readonly choose: (id: string) => void
  /** While seats are held the showtime stands. */
  readonly isFixed: boolean
}

/** What runs and what comes, as tiles that a thumb finds. */
export function Shows({ shows, chosen, choose, isFixed }: ShowsProps) {
  const { t } = useCounterWords()
  const now = useNow(10_000)
  const place = useRef<HTMLUListElement>(null)
  useEffect(() => {
    if (chosen !== null)
      place.current?.querySelector('[aria-pressed="true"]')?.scrollIntoView({ block: 'nearest', inline: 'nearest' })
  }, [chosen])
  if (shows.length === 0) return <p className="p-4 text-soft">{t('no_shows')}</p>
  return (
    <ul ref={place} className="till-tiles" aria-label={t('shows')}>
      {shows.map((show) => (
        <li key={show.id}>
          <button
            type="button"
            className="show-tile"
            aria-pressed={show.id === chosen}
            disabled={isFixed && show.id !== chosen}
            onClick={() => choose(show.id)}
          >
            <Tile show={show} now={now} />
          </button>
        </li>
      ))}
    </ul>
  )
}

const soonMinutes = 60

function Tile({ show, now }: { readonly show: Listed; readonly now: number }) {
  const { t, dayParts } = useCounterWords()
  const minutes = minutesToStart(show.startsAt, now)
  const { weekday, number } = dayParts(show.businessDate)
  // A time alone is one of tonight's.
  const otherDay = show.businessDate === businessToday(now) ? '' : `${weekday} ${number}`
  const begun = minutes === 0 ? t('begins') : t('began', { minutes: -minutes })
  const soon = minutes <= 0 ? begun : minutes <= soonMinutes ? t('starts_in', { minutes }) : otherDay
  const { availableSeats, capacity } = show
  const share = capacity === 0 ? 0 : availableSeats / capacity
  return (
    <>
      <span className="show-time">
        <b className="marquee">{show.localStartsAt.slice(11, 16)}</b>
        <span data-begun={minutes <= 0}>{soon}</span>
      </span>
      <span className="show-title">{show.movie.title}</span>
      <span className="show-place">
        {show.auditorium?.name}
        {show.format !== '2d' && `, ${show.format.toUpperCase()}`}
        {show.salesPaused && `, ${t('paused')}`}
      </span>
      <span className="show-left" data-few={share < 0.15}>
        <span className="show-bar" aria-hidden="true">
          <span style={{ width: `${share * 100}%` }} />
        </span>
        {availableSeats === 0 ? t('sold_out') : t('seats_left', { count: availableSeats })}
      </span>
    </>
  )
}
