import { memo } from 'react'

export interface SeatProps {
  readonly id: string
  readonly number: string
  /** What a screen reader says, beginning with the id. */
  readonly name: string
  readonly kind: string
  /** Which colour: categories from the cheapest on. */
  readonly tone: number
  readonly isFree: boolean
  readonly isChosen: boolean
  readonly isTabStop: boolean
  readonly line: number
  readonly column: number
  /** How far it is drawn behind its line, and beside its column, in seats. */
  readonly drop: number
  readonly aside: number
}

const wheelchairPath =
  'M12 2a2 2 0 1 1 0 4 2 2 0 0 1 0-4zm-1 5h2v4h5v2h-4l3 6-1.8 1-3.4-6H11zM8 11.5v2.3a4 4 0 1 0 5 5l1 2A6 6 0 1 1 8 11.5z'

/** The sign of a place for a wheelchair. */
export function Wheelchair() {
  return (
    <svg viewBox="0 0 24 24" aria-hidden="true" fill="currentColor">
      <path d={wheelchairPath} />
    </svg>
  )
}

/** Only seats of bowed or staggered rows say where they are drawn. */
function drawnAt(drop: number, aside: number) {
  return {
    ...(drop > 0 && { top: `calc(var(--seat) * ${drop.toFixed(2)})` }),
    ...(aside > 0 && { insetInlineStart: `calc(var(--seat) * ${aside})` }),
  }
}

/** One seat of the plan. Pressing and keys are heard by the plan around it: two thousand of these stay cheap. */
export const Seat = memo(function Seat(props: SeatProps) {
  const { id, number, name, kind, tone, isFree, isChosen, isTabStop, line, column, drop, aside } = props
  return (
    <button
      type="button"
      data-seat={id}
      data-tone={tone}
      data-kind={kind}
      data-number={isFree || isChosen ? number : ''}
      aria-label={name}
      aria-pressed={isChosen}
      aria-disabled={!isFree && !isChosen ? true : undefined}
      tabIndex={isTabStop ? 0 : -1}
      className="seat"
      style={{ gridRow: line, gridColumn: column, ...drawnAt(drop, aside) }}
    >
      {kind === 'wheelchair' && <Wheelchair />}
    </button>
  )
})
