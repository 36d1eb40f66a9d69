import type { DatabaseLocation } from '../server/database/open.ts'
import { expectedOf, noFindings } from './check.ts'
import type { Findings } from './check.ts'
import { nextStep } from './purchase.ts'
import type { NextStep, Purchase } from './purchase.ts'
import type { Weather } from './weather.ts'

/** How a crowd pays, and what is true of it in the end. */
export interface Trade {
  /** What the server is told. */
  readonly environment: Readonly<Record<string, string>>
  readonly nextStep: NextStep
  /** How a purchase may stand in the end: the statuses of what it made, by id. */
  expectedOf(purchase: Purchase): Record<string, readonly string[]>
  /** The house is open, again. */
  opened(url: string): void
  /** Nobody buys any more, and the server runs: waits until all that was under way has come to its end. */
  settle(weather: Weather, location: DatabaseLocation): Promise<void>
  /** Nothing runs any more: what else must hold, and what is to be said of it. */
  compare(
    location: DatabaseLocation,
    purchases: readonly Purchase[],
  ): Promise<{ readonly findings: Findings; readonly lines: readonly string[] }>
  close(): Promise<void>
}

/** The test provider, which is the house itself: a storm over holds, bookings and tickets. */
export const testTrade: Trade = {
  environment: {},
  nextStep,
  expectedOf,
  opened: () => undefined,
  settle: async () => undefined,
  compare: async () => ({ findings: noFindings(), lines: [] }),
  close: async () => undefined,
}
