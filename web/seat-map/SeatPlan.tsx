import { useDeferredValue, useRef, useState } from 'react'
import type { KeyboardEvent, MouseEvent } from 'react'
import type { MappedSeat } from '../../contract/holds.ts'
import { bowOf } from '../../contract/seating.ts'
import { useWords } from '../messages/locale.tsx'
import { neighbour } from './choice.ts'
import { Seat } from './Seat.tsx'
import { useZoom } from './use-zoom.ts'

export interface SeatPlanProps {
  readonly seats: readonly MappedSeat[]
  /** How far the middle of the rows bows away from the screen, in tenths of a line. */
  readonly curve: number
  readonly chosen: ReadonlySet<string>
  readonly isFree: (id: string) => boolean
  readonly nameOf: (seat: MappedSeat) => string
  readonly toneOf: (category: string) => number
  readonly press: (id: string) => void
}

const none: readonly MappedSeat[] = []

function seatOf(event: KeyboardEvent | MouseEvent): string | undefined {
  const seat = event.target instanceof Element ? event.target.closest('[data-seat]') : null
  return seat instanceof HTMLElement ? seat.dataset['seat'] : undefined
}

/** From which column and line a hall begins, and how many columns it has; the screen and the rows' letters stand around it. */
function gridOf(seats: readonly MappedSeat[]) {
  const columns = seats.map(({ column }) => column)
  const firstColumn = Math.min(...columns)
  const width = Math.max(...columns) - firstColumn + 1
  return { firstColumn, width, firstLine: Math.min(...seats.map(({ line }) => line)) }
}

/** The hall as a plan: the screen on top, seats where they stand, arrow keys from seat to seat. */
export function SeatPlan(props: SeatPlanProps) {
  const { seats, curve, press, isFree } = props
  const { t } = useWords()
  const { hall, turn } = useZoom()
  const [tabStop, setTabStop] = useState('')
  const plan = useRef<HTMLFieldSetElement>(null)
  // The letters of the rows hold the places at once; the seats are drawn a few at a time, so that no tap has to wait for them.
  const drawn = useDeferredValue(seats, none)
  const { firstColumn, width, firstLine } = gridOf(seats)
  const firstFree = seats.find(({ id }) => isFree(id)) ?? seats[0]
  const stop = seats.some(({ id }) => id === tabStop) ? tabStop : firstFree?.id

  const onKeyDown = (event: KeyboardEvent) => {
    const from = seatOf(event)
    const to = from === undefined ? null : neighbour(seats, from, event.key)
    if (to === null) return
    event.preventDefault()
    setTabStop(to)
    plan.current?.querySelector<HTMLElement>(`[data-seat="${CSS.escape(to)}"]`)?.focus()
  }
  const onClick = (event: MouseEvent) => {
    const id = seatOf(event)
    if (id === undefined) return
    setTabStop(id)
    press(id)
  }
  return (
    <div className="relative">
      <div ref={hall} className="hall">
        {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- its seats are the buttons; two thousand are heard in one place */}
        <fieldset
          ref={plan}
          aria-label={t('seat_map')}
          className="plan"
          style={{ '--columns': width + 2, '--bow': curve / 10 }}
          onKeyDown={onKeyDown}
          onClick={onClick}
        >
          <div className="screen" style={{ gridColumn: `2 / span ${width}` }} aria-hidden="true">
            <span>{t('screen')}</span>
          </div>
          <RowLabels seats={seats} firstLine={firstLine} lastColumn={width + 2} />
          {drawn.map((seat) => (
            <Seat
              key={seat.id}
              id={seat.id}
              number={seat.number}
              name={props.nameOf(seat)}
              kind={seat.kind}
              tone={props.toneOf(seat.category)}
              isFree={isFree(seat.id)}
              isChosen={props.chosen.has(seat.id)}
              isTabStop={seat.id === stop}
              line={seat.line - firstLine + 2}
              column={seat.column - firstColumn + 2}
              drop={curve === 0 ? 0 : bowOf(seat.column, firstColumn, firstColumn + width - 1, curve)}
              aside={seat.stagger ? 0.5 : 0}
            />
          ))}
        </fieldset>
      </div>
      <ZoomButtons turn={turn} />
    </div>
  )
}

function ZoomButtons({ turn }: { readonly turn: (by: number) => void }) {
  const { t } = useWords()
  return (
    // Between the screen and the first row: over neither.
    <div className="absolute end-2 top-14 flex gap-1">
      <button type="button" className="zoom" aria-label={t('zoom_out')} onClick={() => turn(-1)}>
        −
      </button>
      <button type="button" className="zoom" aria-label={t('zoom_in')} onClick={() => turn(1)}>
        +
      </button>
    </div>
  )
}

interface RowLabelsProps {
  readonly seats: readonly MappedSeat[]
  readonly firstLine: number
  readonly lastColumn: number
}

/** The letters at both ends of the rows. */
function RowLabels({ seats, firstLine, lastColumn }: RowLabelsProps) {
  const rows = [...new Map(seats.map(({ row, line }) => [row, line]))]
  return rows.flatMap(([row, line]) =>
    [1, lastColumn].map((column) => (
      <span
        key={`${row} ${column}`}
        aria-hidden="true"
        className="row-label"
        style={{ gridRow: line - firstLine + 2, gridColumn: column }}
      >
        {row}
      </span>
    )),
  )
}

/** The same seats row by row, for whoever would rather read than look. */
export function SeatList({ seats, chosen, isFree, nameOf, press }: SeatPlanProps) {
  const { t } = useWords()
  const rows = [...new Set(seats.map(({ row }) => row))]
  return (
    <fieldset aria-label={t('seat_list')} className="panel grid gap-5 p-4">
      {rows.map((row) => {
        const free = seats.filter((seat) => seat.row === row && (isFree(seat.id) || chosen.has(seat.id)))
        return (
          <section key={row} aria-label={t('row', { row })}>
            <h2 className="label">{t('row', { row })}</h2>
            {free.length === 0 && <p className="text-soft">{t('row_full')}</p>}
            <ul className="mt-1 flex flex-wrap gap-2">
              {free.map((seat) => (
                <li key={seat.id}>
                  <button
                    type="button"
                    className="button aria-pressed:border-accent aria-pressed:bg-accent aria-pressed:text-on-accent"
                    aria-label={nameOf(seat)}
                    aria-pressed={chosen.has(seat.id)}
                    onClick={() => press(seat.id)}
                  >
                    {seat.id}
                  </button>
                </li>
              ))}
            </ul>
          </section>
        )
      })}
    </fieldset>
  )
}
