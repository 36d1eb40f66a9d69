/**
 * A bucket that fills with attempts and empties evenly: `burst` attempts at once, then one per `intervalMs`.
 * Kept as one instant, the one at which it will be empty again (the generic cell rate algorithm, ITU-T I.371).
 */
export interface Limit {
  /** Attempts that may come at once. */
  readonly burst: number
  /** One more after each of these. */
  readonly intervalMs: number
}

const quarterHourMs = 15 * 60_000
const hourMs = 4 * quarterHourMs

/** `burst` attempts at once, and as many again over `periodMs`. */
export function perPeriod(burst: number, periodMs: number): Limit {
  return { burst, intervalMs: Math.ceil(periodMs / burst) }
}

/**
 * Wrong passwords, counted by account *and* address: an outsider fills only the bucket of the own address, so nobody can
 * lock a stranger out. The address alone counts too, except for accounts that signed in from there before.
 * A code of the second factor is asked for only after the right password: there the account itself counts.
 */
export const limits = {
  passwordByAccountAndAddress: perPeriod(10, quarterHourMs),
  passwordByAddress: perPeriod(30, quarterHourMs),
  code: perPeriod(10, quarterHourMs),
  resetMail: perPeriod(3, hourMs),
  verificationMail: perPeriod(3, hourMs),
  export: perPeriod(6, hourMs),
  /** Mails that somebody has sent to whomever they like. */
  invitationMail: perPeriod(30, hourMs),
  resentTickets: perPeriod(5, hourMs),
} satisfies Record<string, Limit>

/** When the bucket will be empty after one attempt more. `emptyAtMs` null: never used. */
export function afterAttempt(limit: Limit, emptyAtMs: number | null, nowMs: number): number {
  return Math.max(emptyAtMs ?? nowMs, nowMs) + limit.intervalMs
}

/** Whether one attempt more would be too many. */
export function isFull(limit: Limit, emptyAtMs: number | null, nowMs: number): boolean {
  return afterAttempt(limit, emptyAtMs, nowMs) - nowMs > limit.burst * limit.intervalMs
}

/** Whole seconds until one attempt fits again. */
export function secondsUntilFree(limit: Limit, emptyAtMs: number, nowMs: number): number {
  return Math.max(1, Math.ceil((emptyAtMs - nowMs - (limit.burst - 1) * limit.intervalMs) / 1000))
}
