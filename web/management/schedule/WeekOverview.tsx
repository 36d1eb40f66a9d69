import type { Theatre } from '../../../contract/venues.ts'
import { businessDayRange, hoursBetween, timeOf } from '../../ui/zone.ts'
import { percentOf } from './board.ts'
import type { Lane } from './board.ts'
import { hueOf } from './film-hue.ts'
import type { Screening } from './programme.ts'
import { useScheduleWords } from './words/index.ts'

interface WeekOverviewProps {
  readonly theatre: Theatre
  readonly days: readonly string[]
  readonly today: string
  readonly lanes: readonly Lane[]
  readonly screenings: readonly Screening[]
  readonly show: (date: string) => void
}

/** Seven days at a glance: each a row of thin tracks, one for each hall. A day opens on its board. */
export function WeekOverview({ theatre, days, today, lanes, screenings, show }: WeekOverviewProps) {
  const { t, day, dayParts } = useScheduleWords()
  return (
    <ol className="week" aria-label={t('week')}>
      {days.map((date) => {
        const shown = screenings.filter(
          ({ showtime, status }) => showtime.businessDate === date && status !== 'cancelled',
        )
        const drafts = shown.filter(({ status }) => status === 'draft').length
        const { weekday, number } = dayParts(date)
        const counts = [
          t('count_showtimes', { count: shown.length }),
          drafts > 0 && t('count_drafts', { count: drafts }),
        ]
        return (
          <li key={date} className="week-day">
            <button type="button" aria-current={date === today ? 'date' : undefined} onClick={() => show(date)}>
              <span className="sr-only">{day(date)}</span>
              <span className="week-date" aria-hidden="true">
                {weekday} <b>{number}</b>
              </span>
              <span className="text-sm text-soft">{counts.filter(Boolean).join(', ')}</span>
            </button>
            <DayTracks date={date} theatre={theatre} lanes={lanes} screenings={shown} />
          </li>
        )
      })}
    </ol>
  )
}

interface DayTracksProps {
  readonly date: string
  readonly theatre: Theatre
  readonly lanes: readonly Lane[]
  readonly screenings: readonly Screening[]
}

/** A picture of the day; its list is read on the day's own board. */
function DayTracks({ date, theatre, lanes, screenings }: DayTracksProps) {
  const { timeZone, settings } = theatre
  const span = businessDayRange(date, timeZone, settings.businessDayStartsAt)
  return (
    <div className="tracks" aria-hidden="true">
      {hoursBetween(span.fromMs, span.toMs, timeZone)
        .filter((_, index) => index % 3 === 0)
        .map(({ atMs, label }) => (
          <span key={atMs} className="tick" style={{ insetInlineStart: `${percentOf(atMs, span)}%` }}>
            {label.slice(0, 2)}
          </span>
        ))}
      {lanes.map((lane) => (
        <div key={lane.id} className="track">
          {screenings
            .filter(({ auditoriumId }) => auditoriumId === lane.id)
            .map(({ id, film, startsAt, endsAt, status }) => (
              <span
                key={id}
                className="bar"
                data-status={status}
                title={`${timeOf(startsAt, timeZone)} ${film.title}, ${lane.name}`}
                style={{
                  '--film-hue': hueOf(film.id),
                  insetInlineStart: `${percentOf(startsAt, span)}%`,
                  width: `${percentOf(endsAt, span) - percentOf(startsAt, span)}%`,
                }}
              >
                {film.title}
              </span>
            ))}
        </div>
      ))}
    </div>
  )
}
