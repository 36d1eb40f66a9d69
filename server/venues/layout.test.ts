import { existsSync, readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { capacityOf, categoriesOf, parseLayout, seatIdsOf } from './layout.ts'
import { layoutToPretix, parseAnyLayout } from './pretix.ts'

const problemsOf = (value: unknown) =>
  parseLayout(value).problems?.map((problem) => `${problem.path}: ${problem.message}`)
const row = (label: string, ...numbers: string[]) => ({ label, seats: numbers.map((number) => ({ number })) })

describe('a layout', () => {
  it('gets every default filled in', () => {
    expect(
      parseLayout({ rows: [row('A', '1', '2'), { label: 'B', seats: [{ number: '1', column: 5 }, { number: '2' }] }] }),
    ).toEqual({
      layout: {
        seating: 'reserved',
        rows: [
          {
            label: 'A',
            line: 1,
            seats: [
              { number: '1', column: 1, category: 'standard', kind: 'standard' },
              { number: '2', column: 2, category: 'standard', kind: 'standard' },
            ],
          },
          {
            label: 'B',
            line: 2,
            seats: [
              { number: '1', column: 5, category: 'standard', kind: 'standard' },
              { number: '2', column: 6, category: 'standard', kind: 'standard' },
            ],
          },
        ],
      },
    })
    expect(parseLayout({ seating: 'general', capacity: 120 })).toEqual({
      layout: { seating: 'general', capacity: 120 },
    })
  })

  it('may use a label for two rows, leave lines empty and skip numbers, as real halls do', () => {
    const { layout } = parseLayout({ rows: [row('K', '1', 'H1'), row('a'), row('K', '2', '18')] })
    expect(layout && seatIdsOf(layout)).toEqual(['K1', 'KH1', 'K2', 'K18'])
    expect(layout?.seating === 'reserved' && layout.rows.map((each) => each.line)).toEqual([1, 3])
  })

  it('keeps how its rows are drawn, and says nothing of straight ones', () => {
    const drawn = { curve: 12, rows: [{ ...row('A', '1'), stagger: true }, row('B', '1')] }
    expect(parseLayout(drawn).layout).toMatchObject({ curve: 12, rows: [{ stagger: true }, { label: 'B' }] })
    const straight = parseLayout({ curve: 0, rows: [{ ...row('A', '1'), stagger: false }] }).layout
    expect(straight).toEqual(parseLayout({ rows: [row('A', '1')] }).layout)
  })

  it('refuses what would not name each seat once, with every problem and its place', () => {
    expect(problemsOf({ rows: [row('A', '11', '1'), row('A1', '1'), row('A', '1')] })).toEqual([
      '/rows/1/seats/0: seat A11 is there already, at /rows/0/seats/0',
      '/rows/2/seats/0: seat A1 is there already, at /rows/0/seats/1',
    ])
    expect(
      problemsOf({
        rows: [
          {
            label: 'A',
            line: 1,
            seats: [
              { number: '1', column: 1 },
              { number: '2', column: 1 },
            ],
          },
        ],
      }),
    ).toEqual(['/rows/0/seats/1: lies on seat A1: line 1, column 1'])
    expect(problemsOf({ rows: [row('A', '1', ' 2')] })).toEqual([
      '/rows/0/seats/1/number: must not begin or end with white space',
    ])
  })

  it('knows a sofa by its unit: two seats or more, in one line, and sofa seats only', () => {
    const sofa = (number: string, unit: string) => ({ number, kind: 'sofa', unit })
    expect(
      problemsOf({ rows: [{ label: 'A', seats: [sofa('1', 'S1'), sofa('2', 'S1'), { number: '3', kind: 'sofa' }] }] }),
    ).toBeUndefined()
    expect(problemsOf({ rows: [{ label: 'A', seats: [sofa('1', 'S1'), { number: '2', unit: 'S1' }] }] })).toEqual([
      '/rows/0/seats/1/unit: only sofa seats have a unit, not standard',
      '/rows/0/seats/0/unit: sofa S1 has only one seat',
    ])
    expect(
      problemsOf({
        rows: [
          { label: 'A', seats: [sofa('1', 'S1')] },
          { label: 'B', seats: [sofa('1', 'S1')] },
        ],
      }),
    ).toEqual(['/rows/1/seats/0/unit: sofa S1 begins in another line, with seat A1'])
  })

  it('has between one and 2,000 seats', () => {
    const rows = (count: number) =>
      Array.from({ length: count }, (_, index) =>
        row(`R${index}-`, ...Array.from({ length: 100 }, (_each, seat) => String(seat))),
      )
    expect(problemsOf({ rows: rows(20) })).toBeUndefined()
    expect(problemsOf({ rows: [...rows(20), row('Z', '1')] })).toEqual([
      '/rows: must have at most 2000 seats, not 2001',
    ])
    expect(problemsOf({ rows: [row('A')] })).toEqual(['/rows: must have at least one seat'])
    expect(problemsOf({ rows: [] })).toHaveLength(1)
  })

  it.each([
    null,
    7,
    'rows',
    [[]],
    {},
    { seating: 'sofa', rows: [] },
    { seating: 'general' },
    { seating: 'general', capacity: 0 },
    { seating: 'general', capacity: 1.5 },
    { seating: 'general', capacity: 10, rows: [] },
    { rows: 'A' },
    { rows: [{ label: '', seats: [{ number: '1' }] }] },
    { rows: [{ label: 'A', seats: [{ number: 1 }] }] },
    { rows: [{ label: 'A', seats: [{ number: '1', kind: 'throne' }] }] },
    { rows: [{ label: 'A', seats: [{ number: '1', price: 3 }] }] },
    { rows: [{ label: 'A', seats: [{ number: '1', column: -1 }] }] },
    { rows: [{ label: 'A\u0000', seats: [{ number: '1' }] }] },
    { curve: 41, rows: [{ label: 'A', seats: [{ number: '1' }] }] },
    { rows: [{ label: 'A', stagger: 1, seats: [{ number: '1' }] }] },
    { zones: [] },
    { zones: 7, name: '', categories: [] },
  ])('refuses %j', (value) => {
    expect(parseAnyLayout(value).problems?.length).toBeGreaterThan(0)
  })
})

const text = fc
  .string({ minLength: 1, maxLength: 3, unit: fc.constantFrom(...'AB12:@- é影') })
  .map((each) => `x${each}x`)
const piece = fc.record({
  number: text,
  gap: fc.integer({ min: 0, max: 3 }),
  category: fc.option(text, { nil: undefined }),
  kind: fc.constantFrom('standard', 'wheelchair', 'companion', 'restricted_view', 'sofa'),
  whole: fc.boolean(),
})
/** Mostly lawful layouts: seats in rising columns, sofas of two; a number may still be there twice. */
const anyLayout = fc
  .array(
    fc.record({
      label: text,
      down: fc.integer({ min: 1, max: 3 }),
      stagger: fc.boolean(),
      pieces: fc.array(piece, { maxLength: 5 }),
    }),
    { minLength: 1, maxLength: 5 },
  )
  .map((rows) => {
    let line = 0
    let units = 0
    return rows.map(({ label, down, stagger, pieces }) => {
      let column = 0
      line += down
      const seats = pieces.flatMap(({ number, gap, category, kind, whole }) => {
        const unit = kind === 'sofa' && whole ? `S@${(units += 1)}` : undefined
        column += gap + 1
        const seat = { number, column, category, kind, unit }
        return unit === undefined ? [seat] : [seat, { ...seat, number: `${number}'`, column: (column += 1) }]
      })
      return { label, line, stagger, seats }
    })
  })

describe('any layout that is accepted', () => {
  it('is parsed to itself, and comes back the same from the pretix format', () => {
    let accepted = 0
    fc.assert(
      fc.property(anyLayout, fc.integer({ min: 0, max: 40 }), (rows, curve) => {
        const { layout } = parseLayout({ rows, curve })
        if (!layout) return
        accepted += 1
        expect(parseLayout(layout).layout).toEqual(layout)
        expect(new Set(seatIdsOf(layout)).size).toBe(capacityOf(layout))
        const back = parseAnyLayout(layoutToPretix(layout, 'Hall')).layout
        const inOrder =
          layout.seating === 'reserved' &&
          layout.rows.map((each) => ({ ...each, seats: each.seats.toSorted((a, b) => a.column - b.column) }))
        expect(back?.seating === 'reserved' && back.rows).toEqual(inOrder)
        expect(back?.seating === 'reserved' && back.curve).toBe(curve || undefined)
      }),
      { numRuns: 500 },
    )
    expect(accepted).toBeGreaterThan(100)
    const general = parseLayout({ seating: 'general', capacity: 77 }).layout
    expect(general && parseAnyLayout(layoutToPretix(general, 'Hall')).layout).toEqual(general)
  })
})

describe('a seating plan drawn in pretix', () => {
  const seat = (number: string, x: number, y = 0, category = 'Stalls') => ({
    seat_guid: `g${x}-${y}`,
    seat_number: number,
    position: { x, y },
    category,
  })
  const plan = (...zones: object[]) => ({
    name: 'Plan',
    categories: [{ name: 'Stalls', color: 'red' }],
    zones,
    size: { width: 500, height: 500 },
  })
  it('lands on the grid with its aisles, its zones told apart', () => {
    const rows = (y: number) => [
      { row_number: '1', position: { x: 10, y }, seats: [seat('1', 0), seat('2', 30, 2), seat('3', 90, 1)] },
      { row_number: '2', position: { x: 10, y: y + 40 }, seats: [seat('2', 30), seat('1', 0, 0, '')] },
    ]
    const parsed = parseAnyLayout(
      plan(
        { name: 'Stalls', position: { x: 5, y: 5 }, rows: rows(0) },
        { name: 'Balcony', position: { x: 5, y: 125 }, rows: rows(0) },
      ),
    )
    expect(parsed.problems).toBeUndefined()
    const found = parsed.layout?.seating === 'reserved' ? parsed.layout.rows : []
    expect(found.map((each) => [each.label, each.line, each.seats.map((one) => one.column)])).toEqual([
      ['Stalls 1', 1, [1, 2, 4]],
      ['Stalls 2', 2, [1, 2]],
      ['Balcony 1', 4, [1, 2, 4]],
      ['Balcony 2', 5, [1, 2]],
    ])
    expect(parsed.layout && categoriesOf(parsed.layout)).toEqual(['Stalls', 'standard'])
  })
})

const real = '../shared/data/programme/auditoriums.ndjson'
describe.skipIf(!existsSync(real))('the real halls', () => {
  it('are all accepted, seat for seat, and survive the pretix format', () => {
    const lines = readFileSync(real, 'utf8').trim().split('\n')
    expect(lines).toHaveLength(96)
    for (const line of lines) {
      const given = JSON.parse(line).layout
      const { layout, problems } = parseLayout(given)
      expect(problems).toBeUndefined()
      expect(layout).toEqual(given)
      expect(layout && parseAnyLayout(layoutToPretix(layout, 'Hall')).layout && seatIdsOf(layout).length).toBe(
        capacityOf(given),
      )
    }
  })
})
