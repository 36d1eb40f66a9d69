import type { Database } from '../database/database.ts'
import { addDays, formatInstant } from '../platform/time.ts'
import type { Clock } from '../platform/clock.ts'
import type { Log } from '../platform/log.ts'
import type { Providers } from './providers.ts'
import { reconcile } from './reconcile.ts'

const setting = 'reconciliation'
const hourMs = 3600_000

/** What the last daily comparison found. */
export interface DailyResult {
  /** The last day that was compared, UTC. */
  readonly day: string
  readonly differences: number
}

export interface DailyParts {
  readonly database: Database
  readonly providers: Providers
  readonly clock: Clock
  readonly log: Log
}

/** A day of UTC, in milliseconds since the epoch. */
export function dayOfUtc(day: string): { readonly from: number; readonly to: number } {
  return { from: Date.parse(`${day}T00:00:00Z`), to: Date.parse(`${addDays(day, 1)}T00:00:00Z`) }
}

/** The day before the moment, UTC. */
export function dayBefore(atMs: number): string {
  return addDays(formatInstant(atMs).slice(0, 10), -1)
}

/** So many days are made up for after a house was closed. */
const mostDays = 31

/**
 * Compares yesterday with the providers' lists, once a day and an hour after midnight (UTC): by then what was under way has
 * arrived on both sides. With it the days before it that nobody compared. Each difference is a line of the log at the level
 * that wakes somebody. Several servers may do it at once: what providers kept and paid out is booked once.
 */
export async function reconcileDaily({ database, providers, clock, log }: DailyParts): Promise<void> {
  const day = dayBefore(clock.now() - hourMs)
  const last = await readDaily(database)
  if (last !== null && last.day >= day) return
  const longAgo = addDays(day, 1 - mostDays)
  const next = last === null ? day : addDays(last.day, 1)
  const { from } = dayOfUtc(next < longAgo ? longAgo : next)
  const { differences } = await reconcile(database, providers, { from, to: dayOfUtc(day).to })
  for (const difference of differences) log.error({ difference }, 'the books and a payment provider differ')
  log.info({ day, differences: differences.length }, 'compared with the payment providers')
  const value = JSON.stringify({ day, differences: differences.length } satisfies DailyResult)
  await database.write(async ({ query }) => {
    await query
      .insertInto('settings')
      .values({ name: setting, value })
      .onConflict((conflict) => conflict.column('name').doUpdateSet({ value }))
      .execute()
  })
}

/** What the last daily comparison found; null before the first. */
export async function readDaily({ read }: Database): Promise<DailyResult | null> {
  const row = await read.selectFrom('settings').select('value').where('name', '=', setting).executeTakeFirst()
  return row === undefined ? null : JSON.parse(row.value)
}
