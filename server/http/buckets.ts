import type { Quota } from './quotas.ts'

/** Counters kept per quota before the older half is forgotten: bounds the memory that strangers can use up. */
const mostCounters = 100_000

/**
 * One number per caller: when its bucket will be full again (GCRA). Two generations, so that nothing has to be swept:
 * what was not touched for a whole window counts no more and goes with the older one.
 */
export class Buckets {
  readonly #windowMs: number
  readonly #stepMs: number
  #current = new Map<string, number>()
  #older = new Map<string, number>()
  #turnsAt = 0

  constructor({ requests, windowSeconds }: Pick<Quota, 'requests' | 'windowSeconds'>) {
    this.#windowMs = windowSeconds * 1000
    this.#stepMs = this.#windowMs / requests
  }

  /** Milliseconds until the bucket of `key` is full again, were one more request taken from it. */
  debtAfterOne(key: string, nowMs: number): number {
    const fullAt = this.#current.get(key) ?? this.#older.get(key) ?? 0
    return Math.max(fullAt - nowMs, 0) + this.#stepMs
  }

  /** Whether a bucket holds that much; a step of tolerance for the rounding of fractions. */
  allows(debtMs: number): boolean {
    return debtMs <= this.#windowMs + 1e-6
  }

  take(key: string, nowMs: number, debtMs: number): void {
    if (nowMs >= this.#turnsAt || this.#current.size >= mostCounters) {
      this.#older = this.#current
      this.#current = new Map()
      this.#turnsAt = nowMs + this.#windowMs
    }
    this.#current.set(key, nowMs + debtMs)
  }

  /** Whole requests left at that debt. */
  left(debtMs: number): number {
    return Math.max(0, Math.floor((this.#windowMs - debtMs) / this.#stepMs + 1e-6))
  }

  /** Milliseconds until one more request is allowed. */
  waitMs(debtMs: number): number {
    return debtMs - this.#windowMs
  }
}
