import type { MappedSeat } from '../../contract/holds.ts'
import { useWords } from '../messages/locale.tsx'
import { Wheelchair } from './Seat.tsx'

interface SeatLegendProps {
  readonly categories: readonly string[]
  readonly seats: readonly MappedSeat[]
  readonly priceOf: (category: string) => string | null
}

/** What the colours and marks of a plan mean, and what each costs. */
export function SeatLegend({ categories, seats, priceOf }: SeatLegendProps) {
  const { t, tOr } = useWords()
  const kinds = [...new Set(seats.map(({ kind }) => kind))].filter((kind) => kind !== 'standard' && kind !== 'sofa')
  const present = categories.filter((category) => seats.some((seat) => seat.category === category))
  return (
    <ul className="flex flex-wrap gap-x-5 gap-y-1 text-sm" aria-label={t('legend')}>
      {present.map((category) => (
        <li key={category} className="flex items-center gap-2">
          <Mark tone={Math.min(categories.indexOf(category), 3)} kind={category === 'sofa' ? 'sofa' : 'standard'} />
          {tOr(`category_${category}`, category)} <b>{priceOf(category)}</b>
        </li>
      ))}
      {kinds.map((kind) => (
        <li key={kind} className="flex items-center gap-2">
          <Mark tone={0} kind={kind} />
          {tOr(`kind_${kind}`, kind)}
        </li>
      ))}
      <li className="flex items-center gap-2 text-soft">
        <span
          className="seat pointer-events-none size-5"
          style={{ '--seat': '1.25rem', '--fill': 'var(--seat-taken)' }}
        />
        {t('taken')}
      </li>
    </ul>
  )
}

function Mark({ tone, kind }: { readonly tone: number; readonly kind: string }) {
  return (
    <span
      aria-hidden="true"
      className="seat pointer-events-none size-5"
      style={{ '--seat': '1.25rem' }}
      data-tone={tone}
      data-kind={kind}
    >
      {kind === 'wheelchair' && <Wheelchair />}
    </span>
  )
}
