import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { afterAttempt, isFull, limits, secondsUntilFree } from './throttle.ts'

const limit = { burst: 3, intervalMs: 1000 }

describe('a bucket of attempts', () => {
  it('takes a burst, then one per interval', () => {
    let emptyAt: number | null = null
    const tryAt = (nowMs: number) => {
      if (isFull(limit, emptyAt, nowMs)) return false
      emptyAt = afterAttempt(limit, emptyAt, nowMs)
      return true
    }
    expect([0, 0, 0, 0].map(tryAt)).toEqual([true, true, true, false])
    expect([999, 1000, 1000, 2000].map(tryAt)).toEqual([false, true, false, true])
    expect([9000, 9000, 9000, 9000].map(tryAt)).toEqual([true, true, true, false])
  })

  it('tells to the second when to come back', () => {
    expect(secondsUntilFree(limit, 3000, 0)).toBe(1)
    expect(secondsUntilFree(limit, 3000, 999)).toBe(1)
    expect(secondsUntilFree(limits.passwordByAccountAndAddress, 900_000, 0)).toBe(90)
  })

  it('never lets through more than burst + elapsed / interval', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 1500 }), { maxLength: 60 }), (gaps) => {
        let now = 0
        let taken = 0
        let emptyAt: number | null = null
        for (const gap of gaps) {
          now += gap
          if (isFull(limit, emptyAt, now)) {
            const waitMs = secondsUntilFree(limit, emptyAt ?? 0, now) * 1000
            expect(isFull(limit, emptyAt, now + waitMs)).toBe(false)
            continue
          }
          emptyAt = afterAttempt(limit, emptyAt, now)
          taken += 1
        }
        expect(taken).toBeLessThanOrEqual(limit.burst + Math.floor(now / limit.intervalMs))
      }),
    )
  })
})
