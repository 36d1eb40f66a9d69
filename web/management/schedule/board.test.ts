import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { businessDayRange } from '../../ui/zone.ts'
import {
  conflictOf,
  inOrder,
  movedTo,
  neighbourLane,
  newSlot,
  percentOf,
  snap,
  snapInto,
  weekOf,
  within,
} from './board.ts'
import type { Slot } from './board.ts'

const minute = 60_000
const at = (time: string) => Date.parse(`2026-06-01T${time}Z`)
const lanes = [
  { id: 'one', name: 'Screen 1', turnaroundMinutes: 15 },
  { id: 'two', name: 'Screen 2', turnaroundMinutes: 30 },
]
function slot(id: string, from: string, to: string, more: Partial<Slot> = {}): Slot {
  const times = { startsAt: at(from), endsAt: at(to), busyUntil: at(to) + 15 * minute }
  return { id, auditoriumId: 'one', status: 'scheduled', ...times, ...more }
}
const day = { fromMs: at('06:00'), toMs: at('06:00') + 24 * 60 * minute }

describe('a conflict', () => {
  const evening = slot('evening', '19:30', '21:30')

  test('is the other showtime that has the hall, turnaround included on both sides', () => {
    expect(conflictOf(slot('new', '21:44', '23:00'), [evening])).toBe(evening)
    expect(conflictOf(slot('new', '21:45', '23:00'), [evening])).toBeUndefined()
    expect(conflictOf(slot('new', '17:00', '19:16'), [evening])).toBe(evening)
    expect(conflictOf(slot('new', '17:00', '19:15'), [evening])).toBeUndefined()
  })

  test('is never with itself, with what is cancelled, or in another hall', () => {
    expect(conflictOf(evening, [evening])).toBeUndefined()
    expect(conflictOf(slot('new', '20:00', '21:00'), [{ ...evening, status: 'cancelled' }])).toBeUndefined()
    expect(conflictOf(slot('new', '20:00', '21:00'), [{ ...evening, auditoriumId: 'two' }])).toBeUndefined()
  })

  test('with a draft counts too, and of two the earlier is named', () => {
    const draft = slot('draft', '17:00', '18:30', { status: 'draft' })
    expect(conflictOf(slot('new', '18:00', '20:00'), [evening, draft])).toBe(draft)
  })

  test('is mutual: whoever is in my way, I am in theirs', () => {
    const time = fc.integer({ min: 0, max: 600 })
    const some = fc.record({
      start: time,
      length: fc.integer({ min: 1, max: 200 }),
      turn: fc.integer({ min: 0, max: 60 }),
    })
    const made = (id: string, { start, length, turn }: { start: number; length: number; turn: number }): Slot => ({
      ...slot(id, '06:00', '07:00'),
      startsAt: start * minute,
      endsAt: (start + length) * minute,
      busyUntil: (start + length + turn) * minute,
    })
    fc.assert(
      fc.property(some, some, (one, other) => {
        const [a, b] = [made('a', one), made('b', other)]
        expect(conflictOf(a, [b]) !== undefined).toBe(conflictOf(b, [a]) !== undefined)
      }),
    )
  })
})

describe('moving', () => {
  test('keeps the length and takes on the turnaround of the hall it comes to', () => {
    const moved = movedTo(slot('a', '19:30', '21:30'), { auditoriumId: 'two', startsAt: at('20:00') }, lanes)
    expect(moved).toMatchObject({ auditoriumId: 'two', endsAt: at('22:00'), busyUntil: at('22:30') })
    const later = movedTo(slot('a', '19:30', '21:30'), { auditoriumId: 'one', startsAt: at('20:00') }, lanes)
    expect(later.busyUntil).toBe(at('22:15'))
  })

  test('a new one lasts its trailers and film, then the hall’s turnaround', () => {
    const made = newSlot({ auditoriumId: 'two', startsAt: at('12:00') }, 110, {
      id: 'two',
      name: 'B',
      turnaroundMinutes: 30,
    })
    expect(made).toMatchObject({ endsAt: at('13:50'), busyUntil: at('14:20'), status: 'draft' })
  })

  test('falls on five minutes, and never out of the day', () => {
    expect(snap(at('19:32'))).toBe(at('19:30'))
    expect(snap(at('19:33'))).toBe(at('19:35'))
    expect(snapInto(at('05:12'), day)).toBe(day.fromMs)
    expect(snapInto(day.toMs + minute, day)).toBe(day.toMs - 5 * minute)
    const { fromMs } = businessDayRange('2026-10-24', 'Asia/Kathmandu', '06:00')
    expect(snap(fromMs)).toBe(fromMs)
  })

  test('up and down goes from hall to hall, and stays at the edge', () => {
    expect(neighbourLane(lanes, 'one', 1)).toBe('two')
    expect(neighbourLane(lanes, 'two', 1)).toBe('two')
    expect(neighbourLane(lanes, 'one', -1)).toBe('one')
  })
})

describe('the board', () => {
  test('has its halls in the order people count', () => {
    const named = ['Screen 10', 'Screen 2', 'Balcony'].map((name) => ({ id: name, name, turnaroundMinutes: 0 }))
    expect(inOrder(named).map(({ name }) => name)).toEqual(['Balcony', 'Screen 2', 'Screen 10'])
  })

  test('shows what reaches into the day from before, and what leaves it', () => {
    const night = slot('night', '03:00', '05:50')
    const over = slot('over', '03:00', '05:40')
    expect(within([night, over, slot('a', '12:00', '13:00')], day).map(({ id }) => id)).toEqual(['night', 'a'])
  })

  test('stands by share of the day, also on days of 23 and 25 hours', () => {
    expect(percentOf(day.fromMs, day)).toBe(0)
    expect(percentOf(at('18:00'), day)).toBe(50)
    const long = businessDayRange('2026-10-24', 'Europe/London', '06:00')
    expect(percentOf(long.fromMs + 12.5 * 60 * minute, long)).toBe(50)
  })

  test('begins its week where the house does', () => {
    expect(weekOf('2026-01-24', 'thursday')[0]).toBe('2026-01-22')
    expect(weekOf('2026-01-22', 'thursday')[0]).toBe('2026-01-22')
    expect(weekOf('2026-01-21', 'thursday').at(-1)).toBe('2026-01-21')
    expect(weekOf('2026-03-29', 'monday')).toEqual(
      ['23', '24', '25', '26', '27', '28', '29'].map((number) => `2026-03-${number}`),
    )
  })
})
