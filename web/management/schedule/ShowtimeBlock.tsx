import type { ComponentProps, CSSProperties } from 'react'
import { timeOf } from '../../ui/zone.ts'
import { percentOf } from './board.ts'
import type { Lane, Slot, Span } from './board.ts'
import { hueOf } from './film-hue.ts'
import type { Screening } from './programme.ts'
import type { Preview } from './use-dragging.ts'
import { useScheduleWords } from './words/index.ts'

type BlockProps = Omit<ComponentProps<'button'>, 'children'> & {
  readonly screening: Screening
  readonly preview: Preview | null
  readonly lanes: readonly Lane[]
  readonly span: Span
  readonly timeZone: string
}

/** Where a slot lies on the tracks. */
export function placeStyle(slot: Slot, lanes: readonly Lane[], span: Span): CSSProperties {
  return {
    insetInlineStart: `${percentOf(slot.startsAt, span)}%`,
    width: `${percentOf(slot.busyUntil, span) - percentOf(slot.startsAt, span)}%`,
    '--lane-index': lanes.findIndex(({ id }) => id === slot.auditoriumId),
    '--film-share': `${(100 * (slot.endsAt - slot.startsAt)) / (slot.busyUntil - slot.startsAt)}%`,
  }
}

/** A showtime on its hall's track, as long as it lasts; the turnaround is its hatched tail. */
export function ShowtimeBlock({ screening, preview, lanes, span, timeZone, ...button }: BlockProps) {
  const { t, when } = useScheduleWords()
  const { showtime, film, taken, status } = screening
  const slot = preview?.slot ?? screening
  const time = (instantMs: number) => timeOf(instantMs, timeZone)
  const hall = lanes.find(({ id }) => id === slot.auditoriumId)?.name ?? ''
  const times = `${time(slot.startsAt)}–${time(slot.endsAt)}`
  const name = [
    film.title,
    when(showtime),
    t('until_time', { time: time(screening.endsAt) }),
    hall,
    status === 'scheduled' ? t('seats_taken', { taken, capacity: showtime.capacity }) : t(status),
  ].join(', ')
  return (
    <li
      className="slot"
      data-moving={preview !== null}
      data-conflict={preview?.conflict !== undefined}
      data-status={status}
      style={{ ...placeStyle(slot, lanes, span), '--film-hue': hueOf(film.id) }}
    >
      <button type="button" className="showing" aria-describedby="board-keys" {...button}>
        <span className="sr-only">{name}</span>
        {status !== 'cancelled' && (
          <span className="grip" data-grip aria-hidden="true">
            <svg viewBox="0 0 8 20" width="8" height="20" fill="currentColor">
              {[3, 10, 17].map((y) => (
                <path key={y} d={`M1 ${y}h2v2H1zM5 ${y}h2v2H5z`} />
              ))}
            </svg>
          </span>
        )}
        <span className="showing-title" aria-hidden="true">
          {film.title}
        </span>
        <span className="showing-times" aria-hidden="true">
          {times}
        </span>
        <span className="showing-facts" aria-hidden="true">
          {status === 'scheduled' ? facts(screening) : t(status)}
        </span>
        {status === 'scheduled' && (
          <span className="showing-fill" style={{ width: `${(100 * taken) / Math.max(1, showtime.capacity)}%` }} />
        )}
      </button>
      {status !== 'cancelled' && <span className="tail" aria-hidden="true" />}
      {preview?.conflict && (
        <span className="reason" aria-hidden="true">
          {t('taken_by', {
            title: preview.conflict.film.title,
            from: time(preview.conflict.startsAt),
            to: time(preview.conflict.endsAt),
            ready: time(preview.conflict.busyUntil),
          })}
        </span>
      )}
    </li>
  )
}

function facts({ showtime, taken }: Screening): string {
  const { format, language, capacity } = showtime
  return [`${taken}/${capacity}`, format === '2d' ? null : format.toUpperCase(), language].filter(Boolean).join(' · ')
}
