import { useQuery } from '@tanstack/react-query'
import type { CapacityRow } from '../../../contract/reports.ts'
import { call } from '../../api.ts'
import { Link } from '../../ui/router.tsx'
import { FailedPage, Waiting } from '../../ui/states.tsx'
import { useNow } from '../../ui/now.ts'
import type { ManagementPageProps } from '../pages.tsx'
import { businessDateOf } from '../../ui/zone.ts'
import { useTonightWords } from './words/index.ts'
// oxlint-disable-next-line import/no-unassigned-import -- a style sheet has no name
import '../../styles/reports.css'

/** Live enough for a foyer, light enough for a house with many screens open. */
const everyMs = 10_000
const minuteMs = 60_000

/** The running business day: how full each hall is, what comes next, what was taken. */
export function TonightPage({ theatre }: ManagementPageProps) {
  const { t, day } = useTonightWords()
  const now = useNow(everyMs)
  const today = businessDateOf(now, theatre.timeZone, theatre.settings.businessDayStartsAt)
  const query = { theatreId: theatre.id, from: today, to: today }
  const capacity = useQuery({
    queryKey: ['tonight', 'capacity', theatre.id, today],
    refetchInterval: everyMs,
    queryFn: ({ signal }) => call('reportCapacity', { query: { ...query, basis: 'show' }, signal }),
  })
  const revenue = useQuery({
    queryKey: ['tonight', 'revenue', theatre.id, today],
    refetchInterval: everyMs,
    queryFn: ({ signal }) => call('reportRevenue', { query: { ...query, basis: 'sale' }, signal }),
  })
  const error = capacity.error ?? revenue.error
  if (error && !(capacity.data && revenue.data)) {
    return <FailedPage error={error} retry={() => void Promise.all([capacity.refetch(), revenue.refetch()])} />
  }
  if (!capacity.data || !revenue.data) return <Waiting />
  const rows = capacity.data.rows
  const next = rows.find(({ startsAt }) => startsAt !== undefined && Date.parse(startsAt) > now)
  const total = revenue.data.totals.find(({ currency }) => currency === theatre.currency)
  return (
    <>
      <title>{t('tonight_title')}</title>
      <div className="house-head">
        <h1 className="marquee text-6xl">{t('tonight_title')}</h1>
        <p className="text-soft">{day(today)}</p>
      </div>
      <Headline rows={rows} next={next} now={now} currency={theatre.currency} total={total} />
      {rows.length === 0 && <p className="text-lg text-soft">{t('nothing_tonight')}</p>}
      {[...Map.groupBy(rows, ({ auditoriumId }) => auditoriumId ?? '')].map(([id, shows]) => (
        <HallLane key={id} shows={shows} nextId={next?.key} now={now} />
      ))}
    </>
  )
}

interface HeadlineProps {
  readonly rows: readonly CapacityRow[]
  readonly next: CapacityRow | undefined
  readonly now: number
  readonly currency: string
  readonly total: { readonly net: number; readonly refunded: number; readonly tickets: number } | undefined
}

function Headline({ rows, next, now, currency, total }: HeadlineProps) {
  const { t, money } = useTonightWords()
  const sold = rows.reduce((sum, row) => sum + row.sold, 0)
  const capacity = rows.reduce((sum, row) => sum + row.capacity, 0)
  const minutes = next?.startsAt === undefined ? null : Math.ceil((Date.parse(next.startsAt) - now) / minuteMs)
  return (
    <dl className="headline-figures">
      <div>
        <dt>{t('takings_today')}</dt>
        <dd className="marquee">{money({ amount: total?.net ?? 0, currency })}</dd>
        <dd className="contents">
          <small>
            {t('sold_today', { count: total?.tickets ?? 0 })}
            {total &&
              total.refunded > 0 &&
              `, ${t('of_it_refunded', { sum: money({ amount: total.refunded, currency }) })}`}
          </small>
        </dd>
      </div>
      <div>
        <dt>{t('guests_tonight')}</dt>
        <dd className="marquee">{sold}</dd>
        <dd className="contents">
          <small>{t('of_places', { capacity })}</small>
        </dd>
      </div>
      <div>
        <dt>{t('next_show')}</dt>
        <dd className="marquee">{next?.localStartsAt === undefined ? '–' : next.localStartsAt.slice(11, 16)}</dd>
        <dd className="contents">
          <small>
            {next === undefined || minutes === null
              ? t('no_more_shows')
              : `${t('in_minutes', { minutes })}: ${next.movieTitle ?? ''}, ${next.auditoriumName ?? ''}`}
          </small>
        </dd>
      </div>
    </dl>
  )
}

interface HallLaneProps {
  readonly shows: readonly CapacityRow[]
  readonly nextId: string | undefined
  readonly now: number
}

function HallLane({ shows, nextId, now }: HallLaneProps) {
  const { t } = useTonightWords()
  const sold = shows.reduce((sum, show) => sum + show.sold, 0)
  const capacity = shows.reduce((sum, show) => sum + show.capacity, 0)
  return (
    <section className="hall-lane">
      <h2>
        {shows[0]?.auditoriumName}
        <span>{t('sold_of', { sold, capacity })}</span>
      </h2>
      <ul className="hall-shows">
        {shows.map((show) => {
          const begun = show.startsAt !== undefined && Date.parse(show.startsAt) <= now
          const percent = Math.round(show.share * 100)
          return (
            <li key={show.key}>
              <Link
                href={`/manage/bookings?showtime=${show.key}`}
                className="tank"
                data-when={show.key === nextId ? 'next' : begun ? 'over' : 'later'}
              >
                <span className="tank-top">
                  <b className="marquee">{show.localStartsAt?.slice(11, 16)}</b>
                  <span className="tank-share marquee">{percent} %</span>
                </span>
                <span className="tank-title">{show.movieTitle}</span>
                <span className="tank-count">
                  {show.key === nextId && (
                    <>
                      <b>{t('next_show')}</b>
                      {', '}
                    </>
                  )}
                  {t('sold_of', { sold: show.sold, capacity: show.capacity })}
                </span>
                <span className="tank-level" aria-hidden="true">
                  <span style={{ width: `${Math.min(100, percent)}%` }} />
                </span>
              </Link>
            </li>
          )
        })}
      </ul>
    </section>
  )
}
