import { describe, expect, test } from 'vitest'
import type { MappedSeat, SeatStatus } from '../../contract/holds.ts'
import { fitParty, groupsNear, neighbour, seatsTogether, typesFor, unitOf } from './choice.ts'
import { applyEvent, standingOfSeats } from './live.ts'

function seat(id: string, line: number, column: number, more: Partial<MappedSeat> = {}): MappedSeat {
  const row = id.slice(0, 1)
  const number = id.slice(1)
  return { id, row, number, line, column, category: 'standard', kind: 'standard', status: 'available', ...more }
}
/** A1 A2 A3 aisle A4; behind them B1 B2 B3, of which B1 is a wheelchair place. */
const seats = [
  seat('A1', 1, 1),
  seat('A2', 1, 2),
  seat('A3', 1, 3),
  seat('A4', 1, 5),
  seat('B1', 2, 1, { kind: 'wheelchair' }),
  seat('B2', 2, 2),
  seat('B3', 2, 3),
]
const free = new Map<string, SeatStatus>()

describe('choosing seats', () => {
  test('a tap moves the whole party: to the right where there is room, else to the left', () => {
    expect(seatsTogether(seats, free, 'A1', 3)).toEqual(['A1', 'A2', 'A3'])
    expect(seatsTogether(seats, free, 'A3', 3)).toEqual(['A1', 'A2', 'A3'])
  })

  test('where a seat is gone its neighbours are proposed: nearest first, none twice, no wheelchair place', () => {
    expect(groupsNear(seats, new Map([['A1', 'held']]), ['A1'], 2)).toEqual([
      ['A2', 'A3'],
      ['B2', 'B3'],
    ])
    expect(groupsNear(seats, new Map([['A2', 'held']]), ['A2'], 3)).toEqual([])
    expect(groupsNear(seats, free, [], 1)).toEqual([])
  })

  test('an aisle, a taken seat and a wheelchair place part a party', () => {
    expect(seatsTogether(seats, free, 'A4', 2)).toBeNull()
    expect(seatsTogether(seats, new Map([['A2', 'held']]), 'A1', 2)).toBeNull()
    expect(seatsTogether(seats, free, 'B2', 3)).toBeNull()
    expect(seatsTogether(seats, free, 'B1', 3)).toEqual(['B1', 'B2', 'B3'])
  })

  test('arrow keys go to the nearest seat, over aisles', () => {
    expect(neighbour(seats, 'A3', 'ArrowRight')).toBe('A4')
    expect(neighbour(seats, 'A4', 'ArrowDown')).toBe('B3')
    expect(neighbour(seats, 'A1', 'ArrowLeft')).toBeNull()
    expect(neighbour(seats, 'A1', 'End')).toBe('A4')
  })

  test('sofas go whole where the house sells them whole', () => {
    const sofas = [seat('P1', 9, 1, { unit: 'S1' }), seat('P2', 9, 2, { unit: 'S1' }), seat('P3', 9, 3)]
    expect(unitOf(sofas, 'P1', true)).toEqual(['P1', 'P2'])
    expect(unitOf(sofas, 'P1', false)).toEqual(['P1'])
  })

  test('a party that was not said is as many as there are seats', () => {
    expect(fitParty({ adult: 2 }, 3, 'adult')).toEqual({ adult: 3 })
    expect(fitParty({ adult: 2, child: 1 }, 1, 'adult')).toEqual({ adult: 1, child: 0 })
    expect(typesFor({ adult: 1, child: 1 }, ['A1', 'A2', 'A3'])).toEqual(['adult', 'child', 'adult'])
  })
})

test('an event changes what it names and nothing else', () => {
  const before = standingOfSeats(3, [seat('A1', 1, 1, { status: 'held' }), seat('A2', 1, 2)], null)
  const after = applyEvent(before, {
    version: 4,
    changed: [
      { id: 'A1', status: 'available' },
      { id: 'A2', status: 'booked' },
    ],
  })
  expect([...after.taken]).toEqual([['A2', 'booked']])
  expect(after.version).toBe(4)
})
