/** Where time comes from: an argument everywhere, so that tests can move it. */
export interface Clock {
  /** Milliseconds since the epoch; never less than what it answered before. */
  now(): number
}

/** The host's clock, held still while the host's time is set back. */
export function createSystemClock(offsetMs: () => number = () => 0): Clock {
  let latest = 0
  return {
    now() {
      latest = Math.max(latest, Date.now() + offsetMs())
      return latest
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
