import { useLayoutEffect, useRef } from 'react'
import type { ReactNode } from 'react'
import type { Theatre } from '../../../contract/venues.ts'
import { useNow } from '../../ui/now.ts'
import { hoursBetween, timeOf } from '../../ui/zone.ts'
import { percentOf, within } from './board.ts'
import type { Lane, Place, Span } from './board.ts'
import type { Screening } from './programme.ts'
import { ShowtimeBlock, placeStyle } from './ShowtimeBlock.tsx'
import { useDragging } from './use-dragging.ts'
import type { Ground, Preview } from './use-dragging.ts'
import type { Incoming } from './use-incoming.ts'
import { useScheduleWords } from './words/index.ts'

const hourMs = 3_600_000

interface DayBoardProps {
  readonly theatre: Theatre
  readonly ground: Ground
  readonly screenings: readonly Screening[]
  /** Rem for an hour. */
  readonly zoom: number
  readonly incoming: Incoming | null
  readonly move: (screening: Screening, place: Place) => void
  readonly refuse: (text: string) => void
  readonly open: (screening: Screening) => void
}

/** A business day, from six to six: a track for each hall, showtimes as blocks as long as they last. */
export function DayBoard({ theatre, ground, screenings, zoom, incoming, move, refuse, open }: DayBoardProps) {
  const { t } = useScheduleWords()
  const { lanes, span, layer, scroller } = ground
  const { timeZone } = theatre
  const shown = within(screenings, span)
  const reason = (preview: Preview) => sayPlace(preview, lanes, timeZone, t)
  const { preview, dragger } = useDragging({ ground, screenings, drop: move, refuse: (late) => refuse(reason(late)) })
  useScrollToEvening(ground, shown)
  const inOrder = shown.toSorted(
    (one, other) =>
      lanes.findIndex(({ id }) => id === one.auditoriumId) - lanes.findIndex(({ id }) => id === other.auditoriumId) ||
      one.startsAt - other.startsAt,
  )
  return (
    <section
      className="board"
      ref={scroller}
      aria-label={t('board')}
      style={{ '--hours': (span.toMs - span.fromMs) / hourMs, '--hour': `${zoom}rem`, '--lanes': lanes.length }}
    >
      <p id="board-keys" className="sr-only">
        {t('board_keys')}
      </p>
      <output className="sr-only" aria-live="assertive">
        {preview?.by === 'keys' && reason(preview)}
      </output>
      <div className="board-plan">
        <Hours span={span} timeZone={timeZone} />
        {lanes.map((lane) => (
          <div key={lane.id} className="lane">
            <h2 className="lane-name">{lane.name}</h2>
          </div>
        ))}
        <ul className="slots" aria-label={t('showtimes')} ref={layer}>
          {inOrder.map((screening) => (
            <ShowtimeBlock
              key={screening.id}
              screening={screening}
              preview={preview?.slot.id === screening.id ? preview : null}
              lanes={lanes}
              span={span}
              timeZone={timeZone}
              onPointerDown={(event) => dragger.grab(screening, event)}
              onPointerMove={(event) => dragger.pull(event)}
              onPointerUp={() => dragger.letGo()}
              onPointerCancel={() => dragger.putBack()}
              onKeyDown={(event) => dragger.press(screening, event)}
              onBlur={() => dragger.goOn(screening)}
              onClick={() => {
                if (dragger.isClick()) open(screening)
              }}
            />
          ))}
          {incoming?.slot && <Ghost incoming={incoming} ground={ground} timeZone={timeZone} />}
        </ul>
        <NowLine span={span} />
      </div>
    </section>
  )
}

type Say = ReturnType<typeof useScheduleWords>['t']

/** Where a showtime would be, and what is in its way. */
function sayPlace({ slot, conflict }: Preview, lanes: readonly Lane[], timeZone: string, t: Say): string {
  const place = {
    time: timeOf(slot.startsAt, timeZone),
    hall: lanes.find(({ id }) => id === slot.auditoriumId)?.name ?? '',
  }
  if (!conflict) return t('place_free', place)
  const clock = { from: timeOf(conflict.startsAt, timeZone), to: timeOf(conflict.endsAt, timeZone) }
  const taken = t('taken_by', { title: conflict.film.title, ...clock, ready: timeOf(conflict.busyUntil, timeZone) })
  return `${place.time}, ${place.hall}. ${taken}`
}

function Hours({ span, timeZone }: { readonly span: Span; readonly timeZone: string }): ReactNode {
  return (
    <div className="hours" aria-hidden="true">
      {hoursBetween(span.fromMs, span.toMs, timeZone).map(({ atMs, label }) => (
        <span key={atMs} style={{ insetInlineStart: `${percentOf(atMs, span)}%` }}>
          {label}
        </span>
      ))}
    </div>
  )
}

/** A film from the shelf, over the board. */
function Ghost({ incoming, ground, timeZone }: { incoming: Incoming; ground: Ground; timeZone: string }) {
  const { t } = useScheduleWords()
  const { slot, conflict, film } = incoming
  if (!slot) return null
  return (
    <li
      className="slot"
      data-moving="true"
      data-status="draft"
      data-conflict={conflict !== undefined}
      style={placeStyle(slot, ground.lanes, ground.span)}
    >
      <div className="showing">
        <span className="showing-title">{film.title}</span>
        <span className="showing-times">{`${timeOf(slot.startsAt, timeZone)}–${timeOf(slot.endsAt, timeZone)}`}</span>
      </div>
      <span className="tail" />
      {conflict && (
        <span className="reason">
          {t('taken_by', {
            title: conflict.film.title,
            from: timeOf(conflict.startsAt, timeZone),
            to: timeOf(conflict.endsAt, timeZone),
            ready: timeOf(conflict.busyUntil, timeZone),
          })}
        </span>
      )}
    </li>
  )
}

function NowLine({ span }: { readonly span: Span }) {
  const now = useNow(30_000)
  if (now < span.fromMs || now >= span.toMs) return null
  return (
    <div className="now-place" aria-hidden="true">
      <span className="now-line" style={{ insetInlineStart: `${percentOf(now, span)}%` }} />
    </div>
  )
}

/**
 * The board begins half an hour before the first film, or in the late morning of an empty day; on a phone, where little of a day
 * can be seen, an hour before now. Once, when it is known.
 */
function useScrollToEvening({ scroller, layer, span }: Ground, shown: readonly Screening[]): void {
  const isThere = useRef(false)
  useLayoutEffect(() => {
    if (isThere.current) return
    isThere.current = shown.length > 0
    const first = shown.reduce((earliest, { startsAt }) => Math.min(earliest, startsAt), Infinity)
    const from = Math.max(span.fromMs, Number.isFinite(first) ? first - hourMs / 2 : span.fromMs + 4 * hourMs)
    const width = layer.current?.getBoundingClientRect().width ?? 0
    const now = Date.now()
    const seesLittle = width > 3 * (scroller.current?.clientWidth ?? width)
    const begin = seesLittle && now >= span.fromMs && now < span.toMs ? Math.max(from, now - hourMs) : from
    const way = document.documentElement.dir === 'rtl' ? -1 : 1
    scroller.current?.scrollTo({ left: (way * width * percentOf(begin, span)) / 100, behavior: 'instant' })
  }, [scroller, layer, span, shown])
}
