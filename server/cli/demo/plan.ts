import type { LayoutInput, SeatKind } from '../../../contract/layouts.ts'

interface Mark {
  readonly kind: SeatKind
  readonly category: string
}

/** What each letter of a drawn plan stands for; a dot is a gap. */
const marks: Readonly<Record<string, Mark>> = {
  s: { kind: 'standard', category: 'standard' },
  p: { kind: 'standard', category: 'premium' },
  r: { kind: 'restricted_view', category: 'standard' },
  w: { kind: 'wheelchair', category: 'standard' },
  c: { kind: 'companion', category: 'standard' },
  o: { kind: 'sofa', category: 'sofa' },
}

export interface PlanOptions {
  /** From which side the seats of a row count, as somebody facing the screen sees it. */
  readonly numberedFrom: 'left' | 'right'
}

/**
 * Turns a drawn hall into a layout. Each line is a row, the screen is above the first: its label, then one letter a
 * column; an empty line is an aisle across. Two `o` side by side are one sofa.
 */
export function drawnLayout(drawing: string, options: PlanOptions): LayoutInput {
  let sofas = 0
  const lines = drawing.replace(/^\n+|\s+$/g, '').split('\n')
  const rows = lines.flatMap((drawn, index) => {
    const [label, letters] = drawn.trim().split(/\s+/)
    if (label === undefined || label === '' || letters === undefined) return []
    const placed = [...letters].flatMap((letter, column) => {
      const mark = marks[letter]
      return mark ? [{ mark, column: column + 1 }] : []
    })
    let halfOfSofa = false
    const seats = placed.map(({ mark, column }, position) => {
      const number = options.numberedFrom === 'left' ? position + 1 : placed.length - position
      const seat = { number: String(number), column, category: mark.category, kind: mark.kind }
      if (mark.kind !== 'sofa') return seat
      if (!halfOfSofa) sofas += 1
      halfOfSofa = !halfOfSofa
      return { ...seat, unit: `S${sofas}` }
    })
    return [{ label, line: index + 1, seats }]
  })
  return { seating: 'reserved', rows }
}
