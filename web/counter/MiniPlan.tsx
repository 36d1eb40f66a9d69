import type { MappedSeat } from '../../contract/holds.ts'

interface MiniPlanProps {
  readonly seats: readonly MappedSeat[]
  readonly taken: ReadonlyMap<string, unknown>
  readonly lit: ReadonlySet<string>
  readonly toneOf: (category: string) => number
  readonly label: string
}

const unit = 10
const inset = 1.2

/** The hall at a glance: who sits where is a matter of the large plan. */
export function MiniPlan({ seats, taken, lit, toneOf, label }: MiniPlanProps) {
  const columns = seats.map(({ column }) => column)
  const lines = seats.map(({ line }) => line)
  const left = Math.min(...columns)
  const top = Math.min(...lines)
  const width = (Math.max(...columns) - left + 1) * unit
  const height = (Math.max(...lines) - top + 1) * unit
  return (
    <>
      <p className="sr-only">{label}</p>
      <svg viewBox={`-2 -14 ${width + 4} ${height + 16}`} aria-hidden="true" className="mini-plan">
        <path d={`M${width * 0.12} -5 Q${width / 2} -12 ${width * 0.88} -5`} className="mini-screen" />
        {seats.map(({ id, column, line, category }) => (
          <rect
            key={id}
            x={(column - left) * unit + inset}
            y={(line - top) * unit + inset}
            width={unit - 2 * inset}
            height={unit - 2 * inset}
            rx={2.4}
            className="mini-seat"
            data-tone={toneOf(category)}
            data-state={lit.has(id) ? 'lit' : taken.has(id) ? 'taken' : 'free'}
          />
        ))}
      </svg>
    </>
  )
}
