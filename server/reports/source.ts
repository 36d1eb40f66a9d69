import type { Kysely } from 'kysely'
import type { Database, Engine } from '../database/database.ts'
import type { Tables } from '../database/tables/index.ts'
import { must } from '../platform/assert.ts'
import { settingsOf } from '../venues/settings.ts'
import type { ReportQuestion, ReportTheatre } from './model.ts'

/** Where a report reads: one snapshot. */
export interface Source {
  readonly engine: Engine
  readonly query: Kysely<Tables>
  readonly theatres: ReadonlyMap<string, ReportTheatre>
}

/** What a snapshot is to reports. */
export async function sourceOf(engine: Database['engine'], query: Kysely<Tables>): Promise<Source> {
  const rows = await query.selectFrom('theatres').select(['id', 'name', 'timeZone', 'settings']).execute()
  const theatres = rows.map((row) => {
    const { businessDayStartsAt, filmWeekStartsOn } = settingsOf(row)
    return { id: row.id, name: row.name, timeZone: row.timeZone, businessDayStartsAt, filmWeekStartsOn }
  })
  return { engine, query, theatres: new Map(theatres.map((theatre) => [theatre.id, theatre])) }
}

export function theatreIn(source: Pick<Source, 'theatres'>, id: string): ReportTheatre {
  return must(source.theatres.get(id), 'What is sold is sold by a theatre')
}

/** The theatres a question is about. */
export function askedTheatres(source: Source, { theatreIds }: ReportQuestion): readonly ReportTheatre[] {
  if (theatreIds === null) return [...source.theatres.values()]
  return theatreIds.map((id) => theatreIn(source, id))
}
