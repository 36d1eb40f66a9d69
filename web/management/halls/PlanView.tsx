import { memo } from 'react'
import type { ReactNode, Ref, SVGProps } from 'react'
import type { LayoutSeat } from '../../../contract/layouts.ts'
import { cornerOf } from './geometry.ts'
import type { Geometry } from './geometry.ts'
import { categoriesOf } from './plan.ts'
import type { Plan, PlanRow } from './plan.ts'

/** Colours of the seat map are four; categories beyond share the last. */
export function toneOf(categories: readonly string[], category: string): number {
  return Math.min(Math.max(categories.indexOf(category), 0), 3)
}

const wheelchair =
  'M12 2a2 2 0 1 1 0 4 2 2 0 0 1 0-4zm-1 5h2v4h5v2h-4l3 6-1.8 1-3.4-6H11zM8 11.5v2.3a4 4 0 1 0 5 5l1 2A6 6 0 1 1 8 11.5z'

function SeatShape({ seat, x, y, tone }: { readonly seat: LayoutSeat; x: number; y: number; tone: number }) {
  const isRound = seat.kind === 'companion'
  return (
    <g transform={`translate(${x} ${y})`} data-tone={tone} data-kind={seat.kind} className="plan-seat">
      <rect x={0.09} y={0.1} width={0.82} height={0.8} rx={isRound ? 0.4 : 0.24} />
      {seat.kind === 'restricted_view' && <path className="plan-stripe" d="M.2 .8 .8 .2M.2 .5 .5 .2M.5 .8 .8 .5" />}
      {seat.kind === 'wheelchair' ? (
        <path className="plan-icon" transform="translate(.24 .22) scale(.0225)" d={wheelchair} />
      ) : (
        <text x={0.5} y={0.62}>
          {seat.number}
        </text>
      )}
    </g>
  )
}

interface RowViewProps {
  readonly row: PlanRow
  readonly geometry: Geometry
  readonly categories: readonly string[]
}

/** A row draws itself anew only when it has changed, or the hall around it. */
const RowView = memo(function RowView({ row, geometry, categories }: RowViewProps) {
  const corners = row.seats.map((seat) => ({ seat, ...cornerOf({ line: row.line, column: seat.column }, geometry) }))
  const [first, last] = [corners[0], corners.at(-1)]
  return (
    <g>
      {corners.map(({ seat, x, y }, index) => {
        const before = corners[index - 1]
        const isJoined = seat.unit !== undefined && before?.seat.unit === seat.unit
        return isJoined ? (
          <path
            key={`joint ${seat.column}`}
            className="plan-joint"
            d={`M${before.x + 0.5} ${before.y + 0.78}L${x + 0.5} ${y + 0.78}`}
          />
        ) : null
      })}
      {corners.map(({ seat, x, y }) => (
        <SeatShape key={seat.column} seat={seat} x={x} y={y} tone={toneOf(categories, seat.category)} />
      ))}
      {first && last && (
        <>
          <text className="plan-label" x={first.x - 0.45} y={first.y + 0.62}>
            {row.label}
          </text>
          <text className="plan-label" x={last.x + 1.45} y={last.y + 0.62}>
            {row.label}
          </text>
        </>
      )}
    </g>
  )
})

/** Room around the cells: for the labels, and for the screen above. */
const margin = { side: 1, top: 2.2 }

interface PlanViewProps extends Omit<SVGProps<SVGSVGElement>, 'ref' | 'width'> {
  readonly ref?: Ref<SVGSVGElement>
  readonly plan: Plan
  readonly geometry: Geometry
  /** Pixels of a cell; without, the drawing is as wide as its place. */
  readonly cell?: number
  readonly children?: ReactNode
}

/** A hall as a drawing: the screen on top, every seat with its number, both ends of each row named. */
export function PlanView({ plan, geometry, cell, children, ...rest }: PlanViewProps) {
  const categories = categoriesOf(plan)
  const key = categories.join('\n')
  const width = geometry.columns + margin.side * 2
  const height = geometry.height + margin.top
  const middle = geometry.columns / 2
  const half = Math.max(2, middle * 0.8)
  return (
    <svg
      viewBox={`${-margin.side} ${-margin.top} ${width} ${height}`}
      {...(cell !== undefined && { width: width * cell, height: height * cell })}
      {...rest}
    >
      <path
        className="plan-screen"
        d={`M${middle - half} -0.9Q${middle} -1.9 ${middle + half} -0.9L${middle + half * 0.94} 0Q${middle} -0.8 ${middle - half * 0.94} 0z`}
      />
      <Rows plan={plan} geometry={geometry} categoriesKey={key} />
      {children}
    </svg>
  )
}

interface RowsProps {
  readonly plan: Plan
  readonly geometry: Geometry
  readonly categoriesKey: string
}

const Rows = memo(function Rows({ plan, geometry, categoriesKey }: RowsProps) {
  const categories = categoriesKey.split('\n')
  return plan.rows.map((row) => (
    <RowView
      key={`${row.line} ${row.label} ${row.seats[0]?.column}`}
      row={row}
      geometry={geometry}
      categories={categories}
    />
  ))
})

/** Where a pointer is on the drawing, in cells. */
export function pointOn(drawing: SVGSVGElement, event: { readonly clientX: number; readonly clientY: number }) {
  const matrix = drawing.getScreenCTM()
  if (!matrix) return { x: 0, y: 0 }
  const { x, y } = new DOMPoint(event.clientX, event.clientY).matrixTransform(matrix.inverse())
  return { x, y }
}

/** A hall at a glance: each category is one path. */
export function PlanThumb({ plan }: { readonly plan: Plan }) {
  const { lines, columns } = { lines: Math.max(...plan.rows.map(({ line }) => line)), columns: widthOf(plan) }
  const categories = categoriesOf(plan)
  const paths = categories.map((category) =>
    plan.rows
      .flatMap((row) =>
        row.seats
          .filter((seat) => seat.category === category)
          .map((seat) => `M${seat.column + (row.stagger ? 0.6 : 0.1)} ${row.line + 0.1}h.8v.8h-.8z`),
      )
      .join(''),
  )
  return (
    <svg viewBox={`0 -1 ${columns + 2} ${lines + 3}`} className="plan-thumb" aria-hidden="true">
      <path className="plan-beam" d={`M${columns * 0.12} -0.4H${columns * 0.88 + 1.5}`} />
      {paths.map((path, index) => (
        <path key={categories[index]} data-tone={Math.min(index, 3)} className="plan-seat" d={path} />
      ))}
    </svg>
  )
}

function widthOf(plan: Plan): number {
  return Math.max(...plan.rows.flatMap((row) => row.seats.map(({ column }) => column)))
}
