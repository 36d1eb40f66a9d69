import { describe, expect, test } from 'vitest'
import { begin, redo, take, undo } from './history.ts'

describe('steps back and forth', () => {
  test('undo goes back, redo forth, and a new step forgets what was undone', () => {
    const three = [1, 2, 3].reduce(take, begin(0))
    const back = undo(undo(three))
    expect([back.present, redo(back).present, redo(redo(redo(back))).present]).toEqual([1, 2, 3])
    expect(take(back, 9)).toEqual({ past: [0, 1], present: 9, future: [] })
    expect(take(back, 1)).toBe(back)
    expect(undo(begin(7))).toEqual(begin(7))
  })
})
