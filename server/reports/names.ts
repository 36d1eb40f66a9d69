import type { Grouping } from '../../contract/reports.ts'
import { theatreIn } from './source.ts'
import type { Source } from './source.ts'

export interface MovieName {
  readonly title: string
  readonly distributor: string | null
}

/** What films are called, by their ids. */
export async function movieNames({ query }: Source): Promise<ReadonlyMap<string, MovieName>> {
  const rows = await query.selectFrom('movies').select(['id', 'title', 'distributor']).execute()
  return new Map(rows.map((row) => [row.id, row]))
}

/** What auditoriums are called, by their ids. */
export async function auditoriumNames({
  query,
}: Source): Promise<ReadonlyMap<string, { readonly name: string; readonly theatreId: string }>> {
  const rows = await query.selectFrom('auditoriums').select(['id', 'name', 'theatreId']).execute()
  return new Map(rows.map((row) => [row.id, row]))
}

/** What groups are called, by their keys. Auditoriums are told with their theatre: every house has a Screen 1. */
export async function groupLabels(source: Source, groupBy: Grouping): Promise<(key: string) => string> {
  if (groupBy === 'theatre') return (key) => theatreIn(source, key).name
  if (groupBy === 'movie') {
    const names = await movieNames(source)
    return (key) => names.get(key)?.title ?? key
  }
  if (groupBy === 'auditorium') {
    const names = await auditoriumNames(source)
    return (key) => {
      const auditorium = names.get(key)
      return auditorium ? `${theatreIn(source, auditorium.theatreId).name}, ${auditorium.name}` : key
    }
  }
  return (key) => (groupBy === 'week' ? `Week from ${key}` : key)
}
