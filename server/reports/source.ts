import type { Kysely } from 'kysely'
import type { Database } from '../database/database.ts'
import type { Tables } from '../database/tables/index.ts'
import { must } from '../platform/assert.ts'
import { settingsOf } from '../venues/settings.ts'
import { businessDate, businessDayRange } from '../platform/time.ts'
import type { ReportQuestion, ReportTheatre } from './model.ts'

/** Where a report reads: one snapshot, in pieces small enough that others get their turn. */
export interface Source {
  readonly query: Kysely<Tables>
  /** Rows to look at in one statement. On SQLite a statement runs in this very thread. */
  readonly rowsAtOnce: number
  readonly theatres: ReadonlyMap<string, ReportTheatre>
}

const rowsAtOnce = { sqlite: 1500, postgres: 50_000 }

/** Runs a report in a snapshot. */
export async function fromSnapshot<Result>(
  database: Database,
  work: (source: Source) => Promise<Result>,
): Promise<Result> {
  return await database.snapshot(async (query) => {
    const rows = await query.selectFrom('theatres').select(['id', 'name', 'timeZone', 'settings']).execute()
    const theatres = rows.map((row) => {
      const { businessDayStartsAt, filmWeekStartsOn } = settingsOf(row)
      return { id: row.id, name: row.name, timeZone: row.timeZone, businessDayStartsAt, filmWeekStartsOn }
    })
    const byId = new Map(theatres.map((theatre) => [theatre.id, theatre]))
    return await work({ query, rowsAtOnce: rowsAtOnce[database.engine], theatres: byId })
  })
}

export function theatreIn(source: Source, id: string): ReportTheatre {
  return must(source.theatres.get(id), 'What is sold is sold by a theatre')
}

/** The theatres a question is about. */
export function askedTheatres(source: Source, { theatreIds }: ReportQuestion): readonly ReportTheatre[] {
  if (theatreIds === undefined) return [...source.theatres.values()]
  return theatreIds.map((id) => theatreIn(source, id))
}

/** Lets everybody else have a turn between two pieces. */
export function othersFirst(): Promise<void> {
  return new Promise((resume) => setImmediate(resume))
}

/** The instants of a theatre that a question is about: `fromMs <= instant < beforeMs`. */
export function instantsOf({ from, to }: ReportQuestion, theatre: ReportTheatre): { fromMs: number; beforeMs: number } {
  const range = (day: string) => businessDayRange(day, theatre.timeZone, theatre.businessDayStartsAt)
  return {
    fromMs: from === null ? 0 : range(from).fromMs,
    beforeMs: to === null ? Number.MAX_SAFE_INTEGER : range(to).toMs,
  }
}

/** Tells business days of instants; it remembers the day it told last, for instants come in order. */
export function dayTeller(theatre: ReportTheatre): (instantMs: number) => string {
  let known = { fromMs: 0, toMs: 0, date: '' }
  return (instantMs) => {
    if (instantMs >= known.fromMs && instantMs < known.toMs) return known.date
    const date = businessDate(instantMs, theatre.timeZone, theatre.businessDayStartsAt)
    known = { ...businessDayRange(date, theatre.timeZone, theatre.businessDayStartsAt), date }
    return date
  }
}

/** How finely instants are told apart before they are days: zones and days begin at whole quarters, or at whole minutes. */
export function bucketOf(theatre: ReportTheatre): number {
  const minute = Number(theatre.businessDayStartsAt.slice(3))
  return minute % 15 === 0 ? 900_000 : 60_000
}
