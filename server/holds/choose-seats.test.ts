import { readFileSync, existsSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Layout } from '../../contract/layouts.ts'
import { categoriesOf, parseLayout, seatIdsOf } from '../venues/layout.ts'
import { bestSeats, suggestSeats } from './choose-seats.ts'
import { companionNeedsWheelchair, leavesSingleGap, singleGapsLeft, splitsSofa } from './seat-rules.ts'

/** A hall drawn as text, the screen above: `.` a seat, `_` no seat, `w c r` their kinds, `S` sofas of two, `p` premium. */
function hall(...drawing: string[]): Layout {
  let sofa = 0
  const kinds: Record<string, string> = { w: 'wheelchair', c: 'companion', r: 'restricted_view', S: 'sofa' }
  const rows = drawing.map((text, index) => ({
    label: String.fromCodePoint(65 + index),
    seats: [...text].flatMap((sign, column) => {
      if (sign === '_') return []
      if (sign === 'S') sofa += 1
      return {
        number: String(column + 1),
        column: column + 1,
        kind: kinds[sign] ?? 'standard',
        category: sign === 'p' ? 'premium' : 'standard',
        ...(sign === 'S' && { unit: `S${Math.ceil(sofa / 2)}` }),
      }
    }),
  }))
  const parsed = parseLayout({ rows })
  if (parsed.problems) throw new Error(JSON.stringify(parsed.problems))
  return parsed.layout
}

const none = new Set<string>()
const sorted = (seats: string[] | null) => seats?.toSorted() ?? null

describe('best seats', () => {
  it('lie in the middle, two thirds back', () => {
    expect(bestSeats(hall('.......', '.......', '.......', '.......'), none, { count: 1 })).toEqual(['C4'])
    expect(bestSeats(hall('.......', '.......', '.......', '.......'), none, { count: 3 })).toEqual(['C3', 'C4', 'C5'])
  })

  it('move to where the party sits together', () => {
    expect(bestSeats(hall('.....', '.....', '.....'), new Set(['C3', 'B3']), { count: 5 })).toEqual([
      'A1',
      'A2',
      'A3',
      'A4',
      'A5',
    ])
  })

  it('do not cross an aisle while there is a place without one', () => {
    expect(bestSeats(hall('....', '.._..'), none, { count: 4 })).toEqual(['A1', 'A2', 'A3', 'A4'])
    expect(bestSeats(hall('....', '.._..'), new Set(['A2']), { count: 4 })).toEqual(['B1', 'B2', 'B4', 'B5'])
  })

  it('are split over two lines, one behind the other and as evenly as can be, when no line has room', () => {
    expect(sorted(bestSeats(hall('...', '...'), none, { count: 4 }))).toEqual(['A1', 'A2', 'B1', 'B2'])
  })

  it('are scattered only when nothing else is left, and null when there are too few', () => {
    const room = hall('.....', '.....', '.....', '.....', '.....')
    const taken = new Set(seatIdsOf(room).filter((id) => !['A1', 'A3', 'E5', 'C3'].includes(id)))
    expect(sorted(bestSeats(room, taken, { count: 3 }))).toEqual(['A1', 'A3', 'C3'])
    expect(bestSeats(room, taken, { count: 5 })).toBeNull()
  })

  it('leave accessible and restricted places to those who ask for them', () => {
    expect(bestSeats(hall('wcr.'), none, { count: 1 })).toEqual(['A4'])
    expect(bestSeats(hall('wcr.'), none, { count: 2 })).toBeNull()
    expect(bestSeats(hall('....', '.wc.', '....'), none, { count: 2, accessible: true })).toEqual(['B2', 'B3'])
    expect(bestSeats(hall('....', '.w..', '....'), none, { count: 3, accessible: true })).toEqual(['B2', 'B1', 'B3'])
    expect(bestSeats(hall('....'), none, { count: 1, accessible: true })).toBeNull()
  })

  it('keep to the category', () => {
    expect(bestSeats(hall('pp..', '....', '....'), none, { count: 2, category: 'premium' })).toEqual(['A1', 'A2'])
    expect(bestSeats(hall('....'), none, { count: 2, category: 'premium' })).toBeNull()
  })

  it('avoid a single gap and half a sofa, and never break a rule the theatre turned on', () => {
    expect(bestSeats(hall('.....'), none, { count: 2 })).toEqual(['A1', 'A2'])
    expect(bestSeats(hall('SS', 'SS'), none, { count: 1 }, { sellSofasWhole: true })).toBeNull()
    expect(bestSeats(hall('SS..'), none, { count: 1 }, { sellSofasWhole: true })).toEqual(['A4'])
  })
})

describe('suggestions', () => {
  it('are other groups of the same size, near the one that is gone, without a seat in common', () => {
    const room = hall('.........', '.........', '.........')
    const groups = suggestSeats(room, new Set(['B5']), ['B5', 'B6'])
    expect(groups).toHaveLength(3)
    expect(groups.flat()).not.toContain('B5')
    expect(new Set(groups.flat()).size).toBe(6)
    expect(groups[0]).toEqual(['B6', 'B7'])
  })

  it('stay in the price category where they can, and keep wheelchair places for who wanted one', () => {
    expect(suggestSeats(hall('pp..pp'), new Set(['A1']), ['A1', 'A2'])).toEqual([['A5', 'A6']])
    expect(suggestSeats(hall('wc..wc'), new Set(['A1']), ['A1', 'A2'])[0]).toEqual(['A5', 'A6'])
    expect(suggestSeats(hall('.wc'), new Set(['A1']), ['A1'])).toEqual([])
  })
})

describe('the single-gap rule', () => {
  const row = hall('.......')
  it('names the seats left alone', () => {
    expect(singleGapsLeft(row, none, ['A2', 'A3'])).toEqual(['A1'])
    expect(singleGapsLeft(row, none, ['A1', 'A3'])).toEqual(['A2'])
    expect(leavesSingleGap(row, none, ['A1', 'A2'])).toBe(false)
    expect(leavesSingleGap(row, none, ['A3', 'A4'])).toBe(false)
  })
  it('lets a gap pass that was there before or that nobody could avoid', () => {
    expect(leavesSingleGap(row, new Set(['A2']), ['A3', 'A4'])).toBe(false)
    expect(leavesSingleGap(row, new Set(['A4']), ['A1', 'A2'])).toBe(false)
    expect(leavesSingleGap(row, new Set(['A4']), ['A1', 'A3'])).toBe(true)
  })
  it('takes an aisle for an end and does not mind a lone wheelchair place', () => {
    expect(leavesSingleGap(hall('..._...'), none, ['A5'])).toBe(false)
    expect(leavesSingleGap(hall('...._...'), none, ['A2'])).toBe(true)
    expect(leavesSingleGap(hall('w....'), none, ['A2', 'A3'])).toBe(false)
  })
})

describe('sofas and companions', () => {
  it('a sofa is split when one half stays free', () => {
    const room = hall('SSSS..')
    expect(splitsSofa(room, none, ['A1'])).toBe(true)
    expect(splitsSofa(room, none, ['A1', 'A2'])).toBe(false)
    expect(splitsSofa(room, none, ['A2', 'A3'])).toBe(true)
    expect(splitsSofa(room, new Set(['A2']), ['A1'])).toBe(false)
    expect(splitsSofa(room, none, ['A5'])).toBe(false)
  })
  it('a companion comes with a wheelchair place', () => {
    const room = hall('wc.')
    expect(companionNeedsWheelchair(room, ['A2'])).toBe(true)
    expect(companionNeedsWheelchair(room, ['A1', 'A2'])).toBe(false)
    expect(companionNeedsWheelchair(room, ['A3'])).toBe(false)
  })
})

const sign = fc.constantFrom('.', '.', '.', '.', '_', 'w', 'c', 'r', 'p', 'S')
const drawn = fc
  .array(fc.array(sign, { minLength: 3, maxLength: 14 }), { minLength: 1, maxLength: 8 })
  .map((rows) => rows.map((row) => `.${row.join('').replaceAll(/S+/gu, (run) => 'S'.repeat(run.length * 2))}`))

describe('in any hall', () => {
  it('best and suggested seats are free, distinct, as many as asked, lawful, and of no kind that was not asked for', () => {
    fc.assert(
      fc.property(
        drawn,
        fc.integer({ min: 1, max: 10 }),
        fc.array(fc.nat({ max: 120 })),
        fc.boolean(),
        fc.boolean(),
        (rows, count, marks, singleGapRule, sellSofasWhole) => {
          const room = hall(...rows)
          const ids = seatIdsOf(room)
          const taken = new Set(marks.flatMap((mark) => ids[mark] ?? []))
          const rules = { singleGapRule, sellSofasWhole }
          const kinds = new Map(
            room.seating === 'general'
              ? []
              : room.rows.flatMap((row) => row.seats.map((seat) => [row.label + seat.number, seat.kind])),
          )
          const best = bestSeats(room, taken, { count }, rules)
          const near = suggestSeats(
            room,
            taken,
            ids.filter((id) => kinds.get(id) !== 'wheelchair').slice(0, count),
            rules,
          )
          const ordinary = ids.filter((id) => !taken.has(id) && ['standard', 'sofa'].includes(kinds.get(id) ?? ''))
          if (!singleGapRule && !sellSofasWhole) expect(best === null).toBe(ordinary.length < count)
          for (const seats of best ? [best, ...near] : near) {
            expect(new Set(seats).size).toBe(seats.length)
            expect(seats.every((id) => ordinary.includes(id))).toBe(true)
            if (singleGapRule) expect(leavesSingleGap(room, taken, seats)).toBe(false)
            if (sellSofasWhole) expect(splitsSofa(room, taken, seats)).toBe(false)
          }
          if (best) expect(best).toHaveLength(count)
          expect(new Set(near.flat()).size).toBe(near.flat().length)
        },
      ),
      { numRuns: 300 },
    )
  })
})

const real = '../shared/data/programme/auditoriums.ndjson'
describe.skipIf(!existsSync(real))('in the real halls', () => {
  it('a pair, a family and a wheelchair with company find seats', () => {
    for (const text of readFileSync(real, 'utf8').trim().split('\n')) {
      const { layout } = parseLayout(JSON.parse(text).layout)
      if (layout?.seating !== 'reserved') throw new Error(text.slice(0, 80))
      expect(categoriesOf(layout).length).toBeGreaterThan(0)
      expect(bestSeats(layout, none, { count: 2 })).toHaveLength(2)
      const kinds = layout.rows.flatMap((row) => row.seats.map((seat) => seat.kind))
      if (kinds.includes('wheelchair')) expect(bestSeats(layout, none, { count: 2, accessible: true })).toHaveLength(2)
    }
  })
})
