import type { Movie } from '../../contract/catalogue.ts'
import type { MovieRow } from '../database/tables/catalogue.ts'
import { formatInstant } from '../platform/time.ts'
import { factsOfRow } from './model.ts'
import { drawnPosterUrl } from './drawn-poster.ts'

export function presentMovie(row: MovieRow): Movie {
  const { title, ...facts } = factsOfRow(row)
  return {
    id: row.id,
    title,
    ...facts,
    posterUrl: facts.posterUrl ?? drawnPosterUrl(row),
    createdAt: formatInstant(row.createdAt),
    updatedAt: formatInstant(row.updatedAt),
  }
}
