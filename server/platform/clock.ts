/** Where time comes from: an argument everywhere, so that tests can move it. */
export interface Clock {
  /** Milliseconds since the epoch; never less than what it answered before. */
  now(): number
}

/** The host's clock, held still while the host's time is set back. */
export function createSystemClock(source: () => number = Date.now): Clock {
  let latest = 0
  return {
    now() {
      latest = Math.max(latest, source())
      return latest
    },
  }
}

/** A clock that goes by the host's until it is set by one that several servers share. */
export interface SharedClock extends Clock {
  /**
   * Sets it by a clock elsewhere, `read` in milliseconds since the epoch: from then on it goes by the monotonic timer,
   * whatever happens to the host's time. It never runs backwards.
   */
  setBy(read: () => Promise<number>): Promise<void>
}

const samples = 3

export function createSharedClock(source: () => number = Date.now): SharedClock {
  let offsetMs: number | null = null
  const clock = createSystemClock(() => (offsetMs === null ? source() : Math.round(performance.now() + offsetMs)))
  return {
    now: clock.now,
    async setBy(read) {
      let shortestMs = Infinity
      for (let sample = 0; sample < samples; sample += 1) {
        const askedAt = performance.now()
        const answer = await read()
        const tookMs = performance.now() - askedAt
        // The quickest answer says it best: it was true somewhere on its way.
        if (tookMs < shortestMs) offsetMs = answer - (askedAt + tookMs / 2)
        shortestMs = Math.min(shortestMs, tookMs)
      }
    },
  }
}

/** A clock that stands still until it is moved: for tests and simulations. */
export interface ManualClock extends Clock {
  advance(milliseconds: number): void
  set(milliseconds: number): void
}

export function createManualClock(startMs: number): ManualClock {
  let now = startMs
  return {
    now: () => now,
    advance(milliseconds) {
      now += milliseconds
    },
    set(milliseconds) {
      now = milliseconds
    },
  }
}
