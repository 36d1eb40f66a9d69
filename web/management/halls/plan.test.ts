import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseLayout, seatIdsOf } from '../../../server/venues/layout.ts'
import { layoutToPretix, parseAnyLayout } from '../../../server/venues/pretix.ts'
import { problemsOf } from './check-plan.ts'
import { compare } from './compare-plans.ts'
import { drawRows } from './draw-rows.ts'
import type { RowsToDraw } from './draw-rows.ts'
import * as edit from './edit-plan.ts'
import { labelsFrom, numberingOf, numbersFor } from './numbering.ts'
import { cellsBetween, emptyPlan, extentOf, placeOf, seatCount, seatsByPlace, seatsOf } from './plan.ts'
import type { Place, Plan } from './plan.ts'

const wish: RowsToDraw = {
  rows: 3,
  seats: 6,
  growth: 0,
  firstLabel: 'A',
  labelsFrom: 'front',
  leavesOutLookalikes: true,
  numbering: { first: 1, from: 'left', steps: 'all' },
  aislesAfter: [],
  aisleColumns: 1,
  gapLines: 0,
  category: 'standard',
}
const hall = drawRows(emptyPlan, wish)
const ids = (plan: Plan) => seatsOf(plan).map(({ id }) => id)
const at = (...cells: readonly (readonly [line: number, column: number])[]): Set<Place> =>
  new Set(cells.map(([line, column]) => placeOf({ line, column })))
const places = (plan: Plan, ...named: string[]): Set<Place> =>
  new Set(seatsOf(plan).flatMap((placed) => (named.includes(placed.id) ? placeOf(placed) : [])))

const numbering = fc.record({
  first: fc.integer({ min: 1, max: 60 }),
  from: fc.constantFrom('left', 'right'),
  steps: fc.constantFrom('all', 'odd', 'even'),
})
const anyWish = fc.record({
  rows: fc.integer({ min: 1, max: 8 }),
  seats: fc.integer({ min: 1, max: 14 }),
  growth: fc.integer({ min: 0, max: 3 }),
  firstLabel: fc.constantFrom('A', 'H', 'Y', '1', 'AA'),
  labelsFrom: fc.constantFrom('front', 'back'),
  leavesOutLookalikes: fc.boolean(),
  numbering,
  aislesAfter: fc.uniqueArray(fc.integer({ min: 1, max: 20 }), { maxLength: 3 }),
  aisleColumns: fc.integer({ min: 1, max: 2 }),
  gapLines: fc.integer({ min: 0, max: 2 }),
  category: fc.constantFrom('standard', 'premium', 'side: left'),
})
/** Things one can do to a plan, with the cells of a rectangle. */
const anyStep = fc.record({
  act: fc.constantFrom('add', 'remove', 'paint', 'sofa', 'split', 'column', 'line', 'move', 'closeColumn', 'closeLine'),
  one: fc.record({ line: fc.integer({ min: 0, max: 10 }), column: fc.integer({ min: 0, max: 20 }) }),
  other: fc.record({ line: fc.integer({ min: 0, max: 10 }), column: fc.integer({ min: 0, max: 20 }) }),
  kind: fc.constantFrom('standard', 'wheelchair', 'companion', 'sofa', 'restricted_view'),
})

function doStep(plan: Plan, { act, one, other, kind }: typeof anyStep extends fc.Arbitrary<infer Step> ? Step : never) {
  const cells = cellsBetween(one, other)
  const chosen = new Set(cells.map(placeOf))
  const doing = {
    add: () => edit.addSeats(plan, cells, { category: 'premium', kind }),
    remove: () => edit.removeSeats(plan, chosen),
    paint: () => edit.paint(plan, chosen, { kind }),
    sofa: () => edit.joinSofas(plan, chosen, 2),
    split: () => edit.splitSofas(plan, chosen),
    column: () => edit.insertColumn(plan, one.column),
    line: () => edit.insertLine(plan, one.line),
    move: () => edit.moveSeats(plan, chosen, other.line - one.line, 1),
    closeColumn: () => edit.closeColumn(plan, one.column),
    closeLine: () => edit.closeLine(plan, one.line),
  }
  return doing[act]()
}

describe('numbers and labels', () => {
  test('run from either end, all, odd or even', () => {
    expect(numbersFor(4, { first: 1, from: 'left', steps: 'all' })).toEqual(['1', '2', '3', '4'])
    expect(numbersFor(4, { first: 1, from: 'right', steps: 'all' })).toEqual(['4', '3', '2', '1'])
    expect(numbersFor(3, { first: 1, from: 'left', steps: 'even' })).toEqual(['2', '4', '6'])
    expect(numbersFor(3, { first: 4, from: 'right', steps: 'odd' })).toEqual(['9', '7', '5'])
  })

  test('never name two seats of a row the same, and their rule is found again', () => {
    fc.assert(
      fc.property(numbering, fc.integer({ min: 1, max: 40 }), (rule, count) => {
        const numbers = numbersFor(count, rule)
        expect(new Set(numbers).size).toBe(count)
        const found = numberingOf(numbers)
        expect(found && numbersFor(count, found)).toEqual(numbers)
      }),
    )
    expect(numberingOf(['1', '2', '4'])).toBeNull()
    expect(numberingOf(['1', 'H2'])).toBeNull()
    expect(numberingOf([])).toBeNull()
  })

  test('labels go on after Z and may leave out what looks like a number', () => {
    expect(labelsFrom('G', 4, true)).toEqual(['G', 'H', 'J', 'K'])
    expect(labelsFrom('G', 4, false)).toEqual(['G', 'H', 'I', 'J'])
    expect(labelsFrom('Y', 3, false)).toEqual(['Y', 'Z', 'AA'])
    expect(labelsFrom('AZ', 2, true)).toEqual(['AZ', 'BA'])
    expect(labelsFrom('9', 3, true)).toEqual(['9', '10', '11'])
    expect(labelsFrom('Box', 2, true)).toEqual(['Box', 'Box2'])
  })
})

describe('drawing rows', () => {
  test('rows × seats, with an aisle that no seat stands in and no number skips', () => {
    const plan = drawRows(emptyPlan, { ...wish, aislesAfter: [2] })
    expect(ids(plan).slice(0, 6)).toEqual(['A1', 'A2', 'A3', 'A4', 'A5', 'A6'])
    expect(plan.rows[0]?.seats.map(({ column }) => column)).toEqual([1, 2, 4, 5, 6, 7])
  })

  test('a hall that widens keeps its middle: rows that differ by one stand half a place apart', () => {
    const plan = drawRows(emptyPlan, { ...wish, seats: 4, growth: 1 })
    expect(plan.rows.map((row) => [row.seats.length, row.seats[0]?.column, row.stagger ?? false])).toEqual([
      [4, 2, false],
      [5, 1, true],
      [6, 1, false],
    ])
  })

  test('a second block stands behind the first, about the same middle, after a gap', () => {
    const plan = drawRows(hall, { ...wish, rows: 1, seats: 10, firstLabel: 'D', gapLines: 1 })
    const { firstLine, lastLine, firstColumn, lastColumn } = extentOf(plan)
    expect([firstLine, lastLine, firstColumn, lastColumn]).toEqual([1, 5, 1, 10])
    expect(plan.rows[0]?.seats.map(({ column }) => column)).toEqual([3, 4, 5, 6, 7, 8])
  })

  test('labels may begin at the back wall', () => {
    expect(drawRows(emptyPlan, { ...wish, labelsFrom: 'back' }).rows.map(({ label }) => label)).toEqual(['C', 'B', 'A'])
  })

  test('whatever is drawn the house accepts, seat for seat, and it comes back from both formats', () => {
    fc.assert(
      fc.property(anyWish, fc.integer({ min: 0, max: 40 }), (wanted, curve) => {
        const plan = edit.bend(drawRows(emptyPlan, wanted), curve)
        expect(problemsOf(plan)).toEqual([])
        expect(parseLayout(plan)).toEqual({ layout: plan })
        expect(new Set(seatIdsOf(plan)).size).toBe(seatCount(plan))
        const exported: unknown = JSON.parse(JSON.stringify(layoutToPretix(plan, 'Hall')))
        expect(parseAnyLayout(exported)).toEqual({ layout: plan })
      }),
    )
  })
})

describe('editing', () => {
  test('a row that is numbered regularly goes on as it is, at either end', () => {
    const odd = drawRows(emptyPlan, { ...wish, rows: 1, numbering: { first: 3, from: 'left', steps: 'odd' } })
    const cells = [
      { line: 1, column: 7 },
      { line: 1, column: 0 },
    ]
    expect(ids(edit.addSeats(odd, cells, {}))).toEqual(['A1', 'A3', 'A5', 'A7', 'A9', 'A11', 'A13', 'A15'])
  })

  test('a seat on an empty line begins a row with the next label', () => {
    const plan = edit.addSeats(hall, cellsBetween({ line: 5, column: 2 }, { line: 5, column: 3 }), {
      kind: 'wheelchair',
    })
    expect(ids(plan).slice(-2)).toEqual(['D1', 'D2'])
    expect(plan.rows.at(-1)?.seats.map(({ kind }) => kind)).toEqual(['wheelchair', 'wheelchair'])
  })

  test('what stands already is not drawn again, and what is taken away leaves the others their numbers', () => {
    expect(edit.addSeats(hall, [{ line: 1, column: 1 }], {})).toEqual(hall)
    expect(ids(edit.removeSeats(hall, at([1, 2], [1, 3]))).slice(0, 4)).toEqual(['A1', 'A4', 'A5', 'A6'])
  })

  test('sofas join neighbours two by two, take free names, and never reach over an aisle', () => {
    const gapped = edit.insertColumn(hall, 4)
    const sofas = edit.joinSofas(gapped, places(gapped, 'C1', 'C2', 'C3', 'C4', 'C5'), 2)
    const units = sofas.rows.at(-1)?.seats.map(({ kind, unit }) => [kind, unit ?? null])
    expect(units).toEqual([
      ['sofa', 'S1'],
      ['sofa', 'S1'],
      ['sofa', null],
      ['sofa', 'S2'],
      ['sofa', 'S2'],
      ['standard', null],
    ])
    const more = edit.joinSofas(sofas, places(sofas, 'B1', 'B2'), 2)
    expect(more.rows[1]?.seats.slice(0, 2).map(({ unit }) => unit)).toEqual(['S3', 'S3'])
    expect(edit.splitSofas(more, places(more, 'B1')).rows[1]?.seats.map(({ unit }) => unit)).not.toContain('S3')
  })

  test('painting a sofa seat as something else takes it out of its sofa, and the sofa of one is a problem', () => {
    const sofas = edit.joinSofas(hall, places(hall, 'A1', 'A2'), 2)
    const broken = edit.paint(sofas, places(sofas, 'A1'), { kind: 'standard' })
    expect(problemsOf(broken)).toEqual([{ code: 'sofa_of_one', weight: 'error', what: 'S1', places: ['1:2'] }])
    expect(parseLayout(broken).problems).toHaveLength(1)
  })

  test('an aisle is opened and closed again; a column with seats is not closed', () => {
    expect(edit.closeColumn(edit.insertColumn(hall, 3), 3)).toEqual(hall)
    expect(edit.closeLine(edit.insertLine(hall, 2), 2)).toEqual(hall)
    expect(edit.closeColumn(hall, 3)).toBe(hall)
  })

  test('seats move where there is room, rows as a whole; otherwise nothing moves', () => {
    const end = places(hall, 'A6')
    expect(edit.moveSeats(hall, end, 0, 1).rows[0]?.seats.at(-1)?.column).toBe(7)
    expect(edit.moveSeats(hall, end, 0, -1)).toBe(hall)
    const row = places(hall, 'C1', 'C2', 'C3', 'C4', 'C5', 'C6')
    expect(edit.moveSeats(hall, row, 1, 0).rows.at(-1)?.line).toBe(4)
    expect(edit.moveSeats(hall, row, -1, 0)).toBe(hall)
  })

  test('rows are numbered and named anew, and drawn half a place aside', () => {
    const even = edit.renumber(hall, new Set([1]), { first: 2, from: 'right', steps: 'even' })
    expect(ids(even).slice(6, 12)).toEqual(['B12', 'B10', 'B8', 'B6', 'B4', 'B2'])
    expect(edit.relabel(hall, new Set([0, 1, 2]), 'H', 'back', true).rows.map(({ label }) => label)).toEqual([
      'K',
      'J',
      'H',
    ])
    const aside = edit.stagger(hall, new Set([1]), true)
    expect(aside.rows.map((row) => row.stagger ?? false)).toEqual([false, true, false])
    expect(edit.stagger(aside, new Set([1]), false)).toEqual(hall)
  })

  test('whatever is done in whatever order: no two seats share a place, and what has no error the house accepts', () => {
    let accepted = 0
    fc.assert(
      fc.property(anyWish, fc.array(anyStep, { maxLength: 12 }), (wanted, steps) => {
        const plan = steps.reduce(doStep, drawRows(emptyPlan, wanted))
        expect(seatsByPlace(plan).size).toBe(seatCount(plan))
        const hasErrors = problemsOf(plan).some(({ weight }) => weight === 'error')
        const { layout } = parseLayout(plan)
        expect(layout === undefined).toBe(hasErrors)
        if (layout === undefined) return
        accepted += 1
        expect(layout).toEqual(plan)
        expect(parseAnyLayout(layoutToPretix(layout, 'Hall')).layout).toEqual(plan)
      }),
      { numRuns: 300 },
    )
    expect(accepted).toBeGreaterThan(50)
  })
})

describe('problems', () => {
  const codes = (plan: Plan) => problemsOf(plan).map(({ code, what }) => `${code} ${what}`.trim())
  test('name the seats that are there twice, and what they are', () => {
    expect(codes(edit.relabel(hall, new Set([1]), 'A', 'front', true))).toEqual(
      ['1', '2', '3', '4', '5', '6'].map((number) => `seat_twice A${number}`),
    )
    expect(codes(emptyPlan)).toEqual(['empty'])
    expect(codes(drawRows(emptyPlan, { ...wish, rows: 51, seats: 40 }))).toEqual(['too_many 2040'])
    expect(codes(edit.relabel(hall, new Set([0]), ' A', 'front', true)).slice(0, 1)).toEqual([
      'label A1'.replace('A', ' A'),
    ])
  })

  test('a companion without a wheelchair place in its line is wondered about, not refused', () => {
    const plan = edit.paint(hall, places(hall, 'B2'), { kind: 'companion' })
    expect(problemsOf(plan)).toMatchObject([{ code: 'companion_alone', weight: 'warning', what: 'B2' }])
    expect(parseLayout(plan).problems).toBeUndefined()
    expect(codes(edit.paint(plan, places(plan, 'B1'), { kind: 'wheelchair' }))).toEqual([])
  })

  test('a sofa over two lines is one', () => {
    const one = edit.joinSofas(hall, places(hall, 'A1', 'A2'), 2)
    const moved = {
      ...one,
      rows: one.rows.map((row, index) => ({
        ...row,
        seats: row.seats.map((seat) =>
          index === 1 && seat.number === '1' ? { ...seat, kind: 'sofa' as const, unit: 'S1' } : seat,
        ),
      })),
    }
    expect(codes(moved)).toEqual(['sofa_over_lines S1'])
  })
})

describe('what a new version means', () => {
  test('which seats come, go and change, and which categories need prices', () => {
    const after = edit.paint(edit.removeSeats(hall, places(hall, 'A1')), places(hall, 'B1'), { category: 'premium' })
    expect(compare(hall, edit.addSeats(after, [{ line: 3, column: 7 }], {}))).toEqual({
      added: ['C7'],
      removed: ['A1'],
      changed: ['B1'],
      newCategories: ['premium'],
      changesSeating: false,
      isSame: false,
    })
    expect(compare(hall, hall).isSame).toBe(true)
    expect(compare({ seating: 'general', capacity: 9 }, hall)).toMatchObject({
      changesSeating: true,
      newCategories: [],
    })
  })
})
