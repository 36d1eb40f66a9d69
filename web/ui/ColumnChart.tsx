import { useRef, useState } from 'react'
import type { KeyboardEvent } from 'react'
import { labelEvery, ticksOf } from './chart-scale.ts'

export interface ChartPoint {
  readonly key: string
  /** Below its column. */
  readonly label: string
  readonly value: number
  /** All that the column says, in words. */
  readonly text: string
}

interface ColumnChartProps {
  /** What the chart is of. */
  readonly title: string
  readonly points: readonly ChartPoint[]
  /** A mark of the axis in words. */
  readonly markOf: (value: number) => string
  /** How to go about in it, for those who hear it. */
  readonly hint: string
}

const width = 720
const height = 260
const bottom = 30
const top = 12
const labelWidth = 62
/** A letter of a mark as large as a phone shows it, where the same drawing has half the room. */
const markLetter = 12
const marks = 4
/** A single day is a column too, not a wall. */
const widest = 56

interface Scale {
  readonly ticks: readonly number[]
  /** Where the columns begin: the marks have room before it. */
  readonly left: number
  readonly yOf: (value: number) => number
  /** How wide a column is with the room about it. */
  readonly step: number
  /** Every how many columns there is a label. */
  readonly every: number
}

function scaleOf(points: readonly ChartPoint[], markOf: (value: number) => string): Scale {
  const values = points.map(({ value }) => value)
  const ticks = ticksOf(Math.min(...values), Math.max(...values), marks)
  const low = ticks[0] ?? 0
  const left = Math.max(64, 8 + markLetter * Math.max(...ticks.map((tick) => markOf(tick).length)))
  const span = (ticks.at(-1) ?? 0) - low || 1
  return {
    ticks,
    left,
    yOf: (value) => top + (1 - (value - low) / span) * (height - top - bottom),
    step: (width - left) / Math.max(1, points.length),
    every: labelEvery(points.length, Math.floor((width - left) / labelWidth)),
  }
}

/**
 * Columns on one axis. One stop of the Tab key: arrow keys go from column to column, and what each says stands above the
 * chart, as it does for a pointer.
 */
export function ColumnChart({ title, points, markOf, hint }: ColumnChartProps) {
  const [shown, setShown] = useState<number | null>(null)
  const chart = useRef<SVGSVGElement>(null)
  const scale = scaleOf(points, markOf)
  const go = (event: KeyboardEvent) => {
    const here = shown ?? 0
    const last = points.length - 1
    const targets: Readonly<Record<string, number>> = { ArrowRight: here + 1, ArrowLeft: here - 1, Home: 0, End: last }
    const target = targets[event.key]
    if (target === undefined || target < 0 || target > last) return
    event.preventDefault()
    chart.current?.querySelector<SVGGElement>(`[data-index="${target}"]`)?.focus()
  }
  return (
    <figure className="chart">
      <figcaption>
        <b>{title}</b>
        <span aria-hidden="true">{points[shown ?? -1]?.text ?? hint}</span>
      </figcaption>
      {/* oxlint-disable-next-line jsx-a11y/no-static-element-interactions -- its columns have the focus; they are heard in one place */}
      <svg ref={chart} viewBox={`0 0 ${width} ${height}`} onKeyDown={go} onPointerLeave={() => setShown(null)}>
        {scale.ticks.map((tick) => (
          <g key={tick} aria-hidden="true">
            <line
              x1={scale.left}
              x2={width}
              y1={scale.yOf(tick)}
              y2={scale.yOf(tick)}
              className={tick === 0 ? 'chart-base' : 'chart-line'}
            />
            <text x={scale.left - 8} y={scale.yOf(tick) + 4} textAnchor="end">
              {markOf(tick)}
            </text>
          </g>
        ))}
        {points.map((point, index) => (
          <Column
            key={point.key}
            point={point}
            index={index}
            scale={scale}
            isTabStop={index === (shown ?? 0)}
            show={() => setShown(index)}
          />
        ))}
      </svg>
    </figure>
  )
}

interface ColumnProps {
  readonly point: ChartPoint
  readonly index: number
  readonly scale: Scale
  readonly isTabStop: boolean
  readonly show: () => void
}

function Column({
  point: { label, value, text },
  index,
  scale: { left, yOf, step, every },
  isTabStop,
  show,
}: ColumnProps) {
  const x = left + index * step
  const wide = Math.min(widest, Math.max(1, step * 0.76))
  return (
    <g
      // oxlint-disable-next-line jsx-a11y/prefer-tag-over-role -- a part of a drawing
      role="img"
      tabIndex={isTabStop ? 0 : -1}
      aria-label={text}
      data-index={index}
      className="chart-column"
      onFocus={show}
      onPointerEnter={show}
    >
      <rect x={x} y={top} width={step} height={height - top - bottom} className="chart-touch" />
      <rect
        x={x + (step - wide) / 2}
        y={Math.min(yOf(0), yOf(value))}
        width={wide}
        height={Math.abs(yOf(value) - yOf(0))}
        rx={Math.min(3, wide / 4)}
        className="chart-bar"
      />
      {index % every === 0 && (
        <text x={x + step / 2} y={height - 9} textAnchor="middle" aria-hidden="true">
          {label}
        </text>
      )}
    </g>
  )
}
