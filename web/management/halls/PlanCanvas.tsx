import { useId, useRef, useState } from 'react'
import type { KeyboardEvent, PointerEvent } from 'react'
import { cellAt, cornerOf } from './geometry.ts'
import type { Geometry } from './geometry.ts'
import { cellsBetween, placeOf, seatsByPlace } from './plan.ts'
import type { Cell, Place, Plan } from './plan.ts'
import { PlanView, pointOn } from './PlanView.tsx'
import { useHallWords } from './words/index.ts'

/** A rectangle that was drawn: all its cells, and whether Shift was held. */
export interface Stroke {
  readonly cells: readonly Cell[]
  readonly isMore: boolean
}

interface PlanCanvasProps {
  readonly plan: Plan
  readonly geometry: Geometry
  /** Pixels of a cell. */
  readonly cell: number
  readonly selection: ReadonlySet<Place>
  /** Seats to mark: out of order, or with a problem. */
  readonly marked: ReadonlySet<Place>
  /** A finger moves the paper instead of drawing. */
  readonly isHand: boolean
  readonly draw: (stroke: Stroke) => void
  /** Keys that are not the cursor's own; true when something was done. */
  readonly onKey: (event: KeyboardEvent, cursor: Cell) => boolean
}

const steps: Readonly<Record<string, readonly [lines: number, columns: number]>> = {
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
}

/** The cursor and the rectangle that is being drawn, by pointer or by keys. */
function useStroke({ geometry, isHand, draw, onKey }: PlanCanvasProps) {
  const drawing = useRef<SVGSVGElement>(null)
  const [cursor, setCursor] = useState<Cell>({ line: 1, column: 1 })
  const [from, setFrom] = useState<Cell | null>(null)
  const [isDrawing, setDrawing] = useState(false)
  const cells = cellsBetween(from ?? cursor, cursor)
  const at = (event: PointerEvent) => (drawing.current ? cellAt(pointOn(drawing.current, event), geometry) : cursor)
  const isFinger = (event: PointerEvent) => isHand && event.pointerType === 'touch'
  const finish = () => {
    setFrom(null)
    setDrawing(false)
  }
  const step = (lines: number, columns: number, isMore: boolean) => {
    setFrom(isMore ? (from ?? cursor) : null)
    setCursor({
      line: Math.min(Math.max(cursor.line + lines, 0), geometry.lines - 1),
      column: Math.min(Math.max(cursor.column + columns, 0), geometry.columns - 1),
    })
  }
  const hears = {
    onPointerDown(event: PointerEvent) {
      if (event.button !== 0) return
      const here = at(event)
      setCursor(here)
      setFrom(here)
      if (isFinger(event)) return
      event.currentTarget.setPointerCapture(event.pointerId)
      setDrawing(true)
    },
    onPointerMove(event: PointerEvent) {
      if (isDrawing) setCursor(at(event))
    },
    onPointerUp(event: PointerEvent) {
      if (!isDrawing && !isFinger(event)) return
      const here = at(event)
      draw({ cells: cellsBetween(from ?? here, here), isMore: event.shiftKey })
      setCursor(here)
      finish()
    },
    onPointerCancel: finish,
    onKeyDown(event: KeyboardEvent) {
      const [lines, columns] = (event.altKey ? undefined : steps[event.key]) ?? [0, 0]
      if (lines !== 0 || columns !== 0) step(lines, columns, event.shiftKey)
      else if (event.key === ' ' || event.key === 'Enter') {
        draw({ cells, isMore: event.shiftKey })
        finish()
      } else if (event.key === 'Escape' && from) finish()
      else if (!onKey(event, cursor)) return
      event.preventDefault()
    },
  }
  return { drawing, cursor, cells, isDrawing, hears }
}

/** The paper: a rectangle is drawn by pointer, or with Shift and the arrow keys, and Space lets the tool do its work on it. */
export function PlanCanvas(props: PlanCanvasProps) {
  const { plan, geometry, cell, selection, marked, isHand } = props
  const { t } = useHallWords()
  const help = useId()
  const [hasFocus, setFocus] = useState(false)
  const { drawing, cursor, cells, isDrawing, hears } = useStroke(props)
  return (
    <div className="canvas-place">
      <p id={help} className="sr-only">
        {t('canvas_help')}
      </p>
      <div className="canvas">
        <PlanView
          ref={drawing}
          plan={plan}
          geometry={geometry}
          cell={cell}
          role="application"
          aria-label={t('canvas')}
          aria-describedby={help}
          tabIndex={0}
          className="paper"
          data-hand={isHand}
          {...hears}
          onFocus={() => setFocus(true)}
          onBlur={() => setFocus(false)}
        >
          <Frames places={marked} geometry={geometry} className="plan-marked" />
          <Frames places={selection} geometry={geometry} className="plan-selected" />
          {(isDrawing || hasFocus) && (
            <Frames places={new Set(cells.map(placeOf))} geometry={geometry} className="plan-cursor" />
          )}
        </PlanView>
      </div>
      <CursorWords plan={plan} cursor={cursor} cells={cells.length} isChosen={selection.has(placeOf(cursor))} />
    </div>
  )
}

interface FramesProps {
  readonly places: ReadonlySet<Place>
  readonly geometry: Geometry
  readonly className: string
}

/** Frames around cells, as one path. */
function Frames({ places, geometry, className }: FramesProps) {
  const path = [...places].map((place) => {
    const [line = 0, column = 0] = place.split(':').map(Number)
    const { x, y } = cornerOf({ line, column }, geometry)
    return `M${x + 0.03} ${y + 0.03}h.94v.94h-.94z`
  })
  return <path className={className} d={path.join('')} />
}

interface CursorWordsProps {
  readonly plan: Plan
  readonly cursor: Cell
  readonly cells: number
  readonly isChosen: boolean
}

/** What the cursor stands on, in words; read out as it moves. */
function CursorWords({ plan, cursor, cells, isChosen }: CursorWordsProps) {
  const { t, tOr } = useHallWords()
  const placed = seatsByPlace(plan).get(placeOf(cursor))
  const where = t('cursor_at', { line: cursor.line, column: cursor.column })
  const words = placed
    ? [
        t('seat', { seat: placed.id }),
        tOr(`category_${placed.seat.category}`, placed.seat.category),
        ...(placed.seat.kind === 'standard' ? [] : [t(`kind_${placed.seat.kind}`)]),
        ...(placed.seat.unit === undefined ? [] : [t('in_sofa', { sofa: placed.seat.unit })]),
        ...(isChosen ? [t('chosen')] : []),
      ]
    : [t('empty_place')]
  return (
    <output className="canvas-words">
      {[...words, where, ...(cells > 1 ? [t('cells', { count: cells })] : [])].join(' · ')}
    </output>
  )
}
