import { useQuery } from '@tanstack/react-query'
import { useMemo, useRef, useState } from 'react'
import type { Movie } from '../../../contract/catalogue.ts'
import type { Theatre } from '../../../contract/venues.ts'
import { Empty, FailedPage, Waiting } from '../../ui/states.tsx'
import { useToast } from '../../ui/toast.tsx'
import { businessDayRange, instantOf } from '../../ui/zone.ts'
import type { ManagementPageProps } from '../pages.tsx'
import { AddShowtime } from './AddShowtime.tsx'
import { BoardHead } from './BoardHead.tsx'
import { weekOf } from './board.ts'
import type { Lane, Place } from './board.ts'
import { CopyDialog } from './CopyDialog.tsx'
import { DayBoard } from './DayBoard.tsx'
import { FilmShelf } from './FilmShelf.tsx'
import { MoveQuestion } from './MoveQuestion.tsx'
import { pricesOf, usualPrices } from './prices.ts'
import { lanesQuery, priceListsQuery, programmeQuery } from './programme.ts'
import type { Screening } from './programme.ts'
import { PublishDialog } from './PublishDialog.tsx'
import { ShowtimeDialog } from './ShowtimeDialog.tsx'
import { useChanges } from './use-changes.ts'
import type { Changes } from './use-changes.ts'
import type { Ground } from './use-dragging.ts'
import { useIncoming } from './use-incoming.ts'
import { useView } from './use-view.ts'
import { WeekOverview } from './WeekOverview.tsx'
import { useScheduleWords } from './words/index.ts'
// oxlint-disable-next-line import/no-unassigned-import -- a style sheet has no name
import '../../styles/board.css'

/** `/manage/schedule`: what is on when, in which hall, and everything that changes it. */
export function SchedulePage({ theatre }: ManagementPageProps) {
  const { data: lanes, error, refetch } = useQuery(lanesQuery(theatre.id))
  if (error) return <FailedPage error={error} retry={() => void refetch()} />
  if (!lanes) return <Waiting />
  return <Schedule theatre={theatre} lanes={lanes} />
}

interface Whole {
  readonly theatre: Theatre
  readonly lanes: readonly Lane[]
}

/** What is open over the board. */
type Opened =
  | { readonly kind: 'add'; readonly film: Movie | null }
  | { readonly kind: 'copy' | 'publish' }
  | { readonly kind: 'showtime'; readonly screening: Screening }

function Schedule({ theatre, lanes }: Whole) {
  const { t } = useScheduleWords()
  const { today, date, view, go } = useView(theatre)
  const days = view === 'week' ? weekOf(date, theatre.settings.filmWeekStartsOn) : [date]
  const [from = date, to = date] = [days[0], days.at(-1)]
  const { data: screenings = [], error, refetch } = useQuery(programmeQuery(theatre.id, from, to))
  const changes = useChanges(theatre, lanes)
  const [opened, setOpened] = useState<Opened | null>(null)
  const shown = screenings.filter(({ showtime }) => showtime.businessDate >= from && showtime.businessDate <= to)
  const drafts = shown.filter(({ status }) => status === 'draft')
  if (error) return <FailedPage error={error} retry={() => void refetch()} />
  const close = () => setOpened(null)
  return (
    <>
      <BoardHead {...{ today, date, view, from, to, go }}>
        <button
          type="button"
          className="button"
          disabled={shown.length === 0}
          onClick={() => setOpened({ kind: 'copy' })}
        >
          {t(view === 'week' ? 'copy_week' : 'copy_day')}
        </button>
        {drafts.length > 0 && (
          <button type="button" className="button" onClick={() => setOpened({ kind: 'publish' })}>
            {t('publish_count', { count: drafts.length })}
          </button>
        )}
        <button type="button" className="button button-main" onClick={() => setOpened({ kind: 'add', film: null })}>
          {t('add_showtime')}
        </button>
      </BoardHead>
      {lanes.length === 0 ? (
        <Empty>{t('no_halls')}</Empty>
      ) : view === 'week' ? (
        <WeekOverview
          {...{ theatre, days, today, lanes, screenings }}
          show={(chosen) => go({ date: chosen, view: 'day' })}
        />
      ) : (
        <Day key={date} {...{ theatre, lanes, date, screenings, changes }} open={setOpened} />
      )}
      {opened?.kind === 'copy' && (
        <CopyDialog {...{ from, to, changes, close }} theatreId={theatre.id} show={(target) => go({ date: target })} />
      )}
      {opened?.kind === 'publish' && <PublishDialog {...{ theatre, from, to, drafts, changes, close }} />}
      {opened?.kind === 'showtime' && (
        <ShowtimeDialog {...{ theatre, lanes, changes, close }} screening={opened.screening} />
      )}
      {opened?.kind === 'add' && lanes.length > 0 && (
        <Adding {...{ theatre, lanes, date, screenings, changes, close }} film={opened.film} />
      )}
      {changes.question && <MoveQuestion {...{ theatre, lanes, changes }} move={changes.question} />}
    </>
  )
}

interface DayProps extends Whole {
  readonly date: string
  readonly screenings: readonly Screening[]
  readonly changes: Changes
}

const zooms = [3, 4.25, 6, 9]

function Day({
  theatre,
  lanes,
  date,
  screenings,
  changes,
  open,
}: DayProps & { readonly open: (what: Opened) => void }) {
  const { t } = useScheduleWords()
  const toast = useToast()
  const [zoom, setZoom] = useState(1)
  const { data: lists = [] } = useQuery(priceListsQuery(theatre.id))
  const layer = useRef<HTMLUListElement>(null)
  const scroller = useRef<HTMLDivElement>(null)
  const { timeZone, settings, currency } = theatre
  const ground = useMemo<Ground>(
    () => ({ layer, scroller, lanes, span: businessDayRange(date, timeZone, settings.businessDayStartsAt) }),
    [lanes, date, timeZone, settings.businessDayStartsAt],
  )
  const create = (film: Movie, { auditoriumId, startsAt }: Place) => {
    const prices = pricesOf(usualPrices(theatre.id, lists), currency)
    const input = { movieId: film.id, auditoriumId, startsAt: new Date(startsAt).toISOString(), ...prices }
    changes.create({ ...input, status: 'draft' }, film.title).catch(changes.refuse)
  }
  const { incoming, handlersOf, isClick } = useIncoming(ground, screenings, settings.trailerMinutes, create, () =>
    toast({ text: t('hall_is_taken') }),
  )
  return (
    <>
      <div className="zooms">
        <p className="text-sm text-soft max-sm:hidden">{t('board_hint')}</p>
        <button
          type="button"
          className="step"
          aria-label={t('zoom_out')}
          disabled={zoom === 0}
          onClick={() => setZoom(zoom - 1)}
        >
          −
        </button>
        <button
          type="button"
          className="step"
          aria-label={t('zoom_in')}
          disabled={zoom === zooms.length - 1}
          onClick={() => setZoom(zoom + 1)}
        >
          +
        </button>
      </div>
      <DayBoard
        {...{ theatre, ground, screenings, incoming }}
        zoom={zooms[zoom] ?? 4.25}
        move={(screening, place) => void changes.move(screening, place)}
        refuse={(text) => toast({ text })}
        open={(screening) => open({ kind: 'showtime', screening })}
      />
      <FilmShelf
        handlersOf={handlersOf}
        isDragging={incoming !== null}
        choose={(film) => {
          if (isClick()) open({ kind: 'add', film })
        }}
      />
    </>
  )
}

/** The first evening place of the day that nobody has is proposed. */
function Adding({ theatre, lanes, date, film, ...rest }: DayProps & { film: Movie | null; close: () => void }) {
  const { data: lists } = useQuery(priceListsQuery(theatre.id))
  const startsAt = instantOf(`${date}T19:30`, theatre.timeZone)
  const isFree = ({ id }: Lane) =>
    !rest.screenings.some((each) => each.auditoriumId === id && each.startsAt <= startsAt && each.busyUntil > startsAt)
  const hall = lanes.find(isFree) ?? lanes[0]
  if (!hall || !lists) return null
  const place = { auditoriumId: hall.id, startsAt }
  return <AddShowtime {...{ theatre, lanes, film, place, ...rest }} prices={usualPrices(theatre.id, lists)} />
}
