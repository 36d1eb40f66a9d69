import { auditDatabase } from '../server/audit/audit.ts'
import { generate } from '../server/cli/generate/generate.ts'
import { createAdmin } from '../server/cli/create-admin.ts'
import type { Database } from '../server/database/database.ts'
import { migrateUp } from '../server/database/migrate.ts'

export interface Wanted {
  readonly bookings: number
  readonly showtimes: number
}

export interface Prepared {
  readonly bookings: number
  readonly generateSeconds: number
  /** Of this process; what the clock says beside it is the machine's and the disk's. */
  readonly generateProcessorSeconds: number
  readonly auditSeconds: number
  readonly auditProcessorSeconds: number
}

export const admin = { email: 'bench@example.com', password: 'a password for a benchmark', name: 'Bench' }

/** Fills an empty database with a season, and proves it sound: how long both took. */
export async function prepareSeason(database: Database, nowMs: number, wanted: Wanted): Promise<Prepared> {
  await migrateUp(database)
  const [made, generateSeconds, generateProcessorSeconds] = await timed(() => generate(database, wanted, () => {}))
  await createAdmin(database, admin)
  const [report, auditSeconds, auditProcessorSeconds] = await timed(() => auditDatabase(database, nowMs))
  if (!report.sound)
    throw new Error(JSON.stringify(report.invariants.filter(({ violations }) => violations.length > 0)))
  const { bookings } = made
  return { bookings, generateSeconds, generateProcessorSeconds, auditSeconds, auditProcessorSeconds }
}

async function timed<Result>(work: () => Promise<Result>): Promise<[Result, number, number]> {
  const startedAt = performance.now()
  const before = process.cpuUsage()
  const result = await work()
  const { user, system } = process.cpuUsage(before)
  const inSeconds = (ms: number) => Math.round(ms / 100) / 10
  return [result, inSeconds(performance.now() - startedAt), inSeconds((user + system) / 1000)]
}
