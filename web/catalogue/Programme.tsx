import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useWords } from '../messages/locale.tsx'
import { Refused } from '../ui/states.tsx'
import { navigate, useLocation } from '../ui/router.tsx'
import { useNow } from '../ui/now.ts'
import { DayTabs } from './DayTabs.tsx'
import { FilmRow } from './FilmRow.tsx'
import { FilterBar } from './FilterBar.tsx'
import { anything, fits } from './filters.ts'
import { nearby } from './near.ts'
import { groupBy, isOnSale, nextShowtimeQuery, showtimesQuery } from './showtimes.ts'

const daysShown = 10
const minuteMs = 60_000

/** The day that the address asks for, else `today`. */
export function useChosenDay(today: string): string {
  const { search } = useLocation()
  const asked = search.get('date')
  return asked !== null && /^\d{4}-\d\d-\d\d$/.test(asked) ? asked : today
}

interface ProgrammeProps {
  /** The business day that is running, where one looks from or in the house. */
  readonly today: string
  readonly theatreId?: string
}

/** Films and times of one day, of all houses or of one. */
export function Programme({ today, theatreId }: ProgrammeProps) {
  const { path } = useLocation()
  const now = useNow(minuteMs)
  const day = useChosenDay(today)
  const [wanted, change] = useState(anything)
  const { data, error, refetch } = useQuery(showtimesQuery({ date: day, ...(theatreId && { theatreId }) }))
  const onSale = data?.filter((showtime) => isOnSale(showtime, now))
  const fitting = onSale?.filter((showtime) => fits(showtime, wanted))
  const shown = fitting && wanted.near ? nearby(fitting, wanted.near) : fitting
  const goTo = (next: string) => navigate(`${path}?date=${next}`, { replace: true })
  return (
    <div className="page">
      <DayTabs today={today} chosen={day} count={daysShown} choose={goTo} />
      <div className="mt-3">
        <FilterBar showtimes={onSale ?? []} wanted={wanted} change={change} withPlaces={theatreId === undefined} />
      </div>
      <div id="programme" role="tabpanel" aria-labelledby={`day-${day}`} className="mt-6 min-h-[70dvh]">
        {error && !data && <Refused error={error} retry={() => void refetch()} />}
        {!shown && !error && <Skeleton />}
        {shown &&
          groupBy(shown, ({ movieId }) => movieId).map((showtimes, index) => (
            <FilmRow key={showtimes[0]?.movieId} showtimes={showtimes} eager={index < 2} />
          ))}
        {onSale && shown?.length === 0 && (
          <NothingOn
            day={day}
            theatreId={theatreId}
            isFiltered={onSale.length > 0}
            clear={() => change(anything)}
            goTo={goTo}
          />
        )}
      </div>
    </div>
  )
}

interface NothingOnProps {
  readonly day: string
  readonly theatreId: string | undefined
  readonly isFiltered: boolean
  readonly clear: () => void
  readonly goTo: (day: string) => void
}

/** An empty day says where the next film is. */
function NothingOn({ day, theatreId, isFiltered, clear, goTo }: NothingOnProps) {
  const { t, day: dayName } = useWords()
  const { data: next } = useQuery({ ...nextShowtimeQuery(day, theatreId), enabled: !isFiltered })
  return (
    <div className="grid justify-items-start gap-4 border-t border-line py-16">
      <h2 className="marquee text-4xl">{isFiltered ? t('nothing_fits') : t('nothing_on', { day: dayName(day) })}</h2>
      {isFiltered ? (
        <button type="button" className="button button-main" onClick={clear}>
          {t('clear_filters')}
        </button>
      ) : next && next.businessDate !== day ? (
        <button type="button" className="button button-main" onClick={() => goTo(next.businessDate)}>
          {t('next_is_on', { day: dayName(next.businessDate) })}
        </button>
      ) : (
        <p className="text-soft">{t('nothing_planned')}</p>
      )}
    </div>
  )
}

function Skeleton() {
  const { t } = useWords()
  return (
    <output aria-label={t('loading')} className="block">
      {[0, 1, 2].map((row) => (
        <div
          key={row}
          className="grid animate-pulse grid-cols-[5.5rem_1fr] gap-6 border-t border-line py-8 lg:grid-cols-[13rem_1fr] lg:py-10"
        >
          <div className="poster bg-raised" />
          <div className="grid content-start gap-4">
            <div className="h-10 w-2/3 rounded bg-raised" />
            <div className="h-5 w-1/3 rounded bg-raised" />
            <div className="h-24 rounded bg-raised" />
          </div>
        </div>
      ))}
    </output>
  )
}
