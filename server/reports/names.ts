import { inChunks } from '../database/chunks.ts'
import type { Grouping } from '../../contract/reports.ts'
import { theatreIn } from './source.ts'
import type { Source } from './source.ts'

export interface MovieName {
  readonly title: string
  readonly distributor: string | null
}

export async function movieNames(source: Source, ids: Iterable<string>): Promise<Map<string, MovieName>> {
  const rows = await inChunks([...new Set(ids)], async (chunk) => {
    const query = source.query.selectFrom('movies').select(['id', 'title', 'distributor'])
    return await query.where('id', 'in', [...chunk]).execute()
  })
  return new Map(rows.map((row) => [row.id, row]))
}

/** Auditoriums are told with their theatre: every house has a Screen 1. */
export async function auditoriumNames(source: Source, ids: Iterable<string>): Promise<Map<string, string>> {
  const rows = await inChunks([...new Set(ids)], async (chunk) => {
    const query = source.query.selectFrom('auditoriums').select(['id', 'name'])
    return await query.where('id', 'in', [...chunk]).execute()
  })
  return new Map(rows.map(({ id, name }) => [id, name]))
}

/** What groups are called, by their keys. */
export async function groupLabels(
  source: Source,
  groupBy: Grouping,
  keys: readonly string[],
): Promise<(key: string) => string> {
  if (groupBy === 'theatre') return (key) => theatreIn(source, key).name
  if (groupBy === 'movie') {
    const names = await movieNames(source, keys)
    return (key) => names.get(key)?.title ?? key
  }
  if (groupBy === 'auditorium') {
    const names = await auditoriumNames(source, keys)
    const theatres = await inChunks([...new Set(keys)], async (chunk) => {
      const query = source.query.selectFrom('auditoriums').select(['id', 'theatreId'])
      return await query.where('id', 'in', [...chunk]).execute()
    })
    const houses = new Map(theatres.map(({ id, theatreId }) => [id, theatreIn(source, theatreId).name]))
    return (key) => `${houses.get(key) ?? ''}, ${names.get(key) ?? key}`
  }
  return (key) => (groupBy === 'week' ? `Week from ${key}` : key)
}
