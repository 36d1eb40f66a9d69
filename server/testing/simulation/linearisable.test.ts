import { describe, expect, it } from 'vitest'
import { judgeHistory } from './history.ts'
import type { Ask, Heard, Observed } from './history.ts'
import { linearise } from './linearisable.ts'
import type { SeatAct, SeatOperation } from './linearisable.ts'

/** The clock stands at a moment's own number of seconds. */
const clockBetween = (from: number, to: number): [number, number] => [from * 1000, Math.min(to, 1e6) * 1000]

function at(invokedAt: number, returnedAt: number, act: SeatAct): SeatOperation {
  return { name: `${act.do} ${invokedAt}`, invokedAt, returnedAt, act }
}
const never: readonly [number, number] = [Infinity, Infinity]
const take = (ref: string, expiresAt = never): SeatAct => ({ do: 'take', ref, expiresAt })
const isPossible = (...operations: SeatOperation[]) => linearise(operations, clockBetween) !== null

describe('the checker of one seat', () => {
  it('lets one have it, and nobody else before it is given back', () => {
    expect(isPossible(at(1, 2, take('a')), at(3, 4, take('b')))).toBe(false)
    expect(isPossible(at(1, 2, take('a')), at(3, 4, { do: 'free', ref: 'a' }), at(5, 6, take('b')))).toBe(true)
    // Given back by somebody who did not have it.
    expect(isPossible(at(1, 2, take('a')), at(3, 4, { do: 'free', ref: 'x' }), at(5, 6, take('b')))).toBe(false)
  })

  it('takes any order for what went on at once, and none for what came after the other', () => {
    const read = (status: 'available' | 'held' | 'booked'): SeatAct => ({ do: 'read', status })
    expect(isPossible(at(1, 4, take('a')), at(2, 3, read('available')))).toBe(true)
    expect(isPossible(at(1, 4, take('a')), at(2, 3, read('held')))).toBe(true)
    expect(isPossible(at(1, 2, take('a')), at(3, 4, read('available')))).toBe(false)
    // Seen, and then not there any more.
    expect(isPossible(at(1, 6, take('a')), at(2, 3, read('held')), at(4, 5, read('available')))).toBe(false)
  })

  it('believes that a seat was taken only when somebody had it', () => {
    expect(isPossible(at(1, 2, { do: 'find taken' }))).toBe(false)
    expect(isPossible(at(1, 4, take('a')), at(2, 3, { do: 'find taken' }))).toBe(true)
  })

  it('lets a seat lapse when its time is over, and neither earlier nor later', () => {
    const held = at(1, 2, take('a', [50_000, 50_000]))
    expect(isPossible(held, at(40, 41, take('b')))).toBe(false)
    expect(isPossible(held, at(50, 51, take('b')))).toBe(true)
    expect(isPossible(held, at(50, 51, { do: 'find taken' }))).toBe(false)
    expect(isPossible(held, at(49, 51, { do: 'find taken' }))).toBe(true)
    const paid: SeatAct = { do: 'change', from: 'a', to: 'a', expiresAt: null }
    expect(isPossible(held, at(40, 41, paid), at(90, 91, take('b')))).toBe(false)
    expect(isPossible(held, at(60, 61, paid))).toBe(false)
  })

  it('takes what nobody heard of as done at some moment, or never', () => {
    expect(isPossible(at(1, Infinity, take('a')), at(3, 4, take('b')))).toBe(true)
    expect(isPossible(at(1, Infinity, take('a')), at(3, 4, { do: 'find taken' }))).toBe(true)
    // It cannot have been done before it was asked.
    expect(isPossible(at(1, 2, { do: 'find taken' }), at(3, Infinity, take('a')))).toBe(false)
  })
})

describe('the judge of a history', () => {
  const one = (invokedAt: number, returnedAt: number, key: string, ask: Ask, heard: Heard | null): Observed => ({
    client: 'c',
    key,
    ask,
    invokedAt,
    returnedAt,
    heard,
  })
  const hold = (...seats: string[]): Ask => ({ do: 'hold', showtime: 's', seats, lastsMs: 1e9 })
  const made = (id: string): Heard => ({ kind: 'made', id, expiresAt: 1e12 })

  it('finds a seat of several that was given twice', () => {
    const history = [one(1, 2, 'k1', hold('A1', 'A2'), made('h1')), one(3, 4, 'k2', hold('A2', 'A3'), made('h2'))]
    expect(judgeHistory(history, clockBetween).join()).toContain('s A2')
    expect(judgeHistory(history.slice(1), clockBetween)).toEqual([])
  })

  it('finds a key that had two effects, and one that was forgotten', () => {
    const first = one(1, 2, 'k', hold('A1'), made('h1'))
    expect(judgeHistory([first, one(3, 4, 'k', hold('A1'), made('h1'))], clockBetween)).toEqual([])
    expect(judgeHistory([first, one(3, 4, 'k', hold('A1'), made('h2'))], clockBetween)).toHaveLength(1)
    const refused: Heard = { kind: 'refused', code: 'seats_unavailable', seats: ['A1'] }
    expect(judgeHistory([first, one(3, 4, 'k', hold('A1'), refused)], clockBetween)).toHaveLength(1)
  })

  it('takes tries of one key as one thing that was done once', () => {
    const history = [
      one(1, Infinity, 'k', hold('A1'), null),
      one(2, 3, 'r', { do: 'read', showtime: 's' }, { kind: 'seen', statuses: { A1: 'held' } }),
      one(4, 5, 'k', hold('A1'), made('h1')),
    ]
    expect(judgeHistory(history, clockBetween)).toEqual([])
    expect(judgeHistory(history.slice(1), clockBetween)).toHaveLength(1)
  })
})
