import type { MovieInput, MoviePatch } from '../../contract/catalogue.ts'
import type { Transaction } from '../database/database.ts'
import type { MovieRow } from '../database/tables/catalogue.ts'
import { revisionMatches } from '../http/answer.ts'
import { newId } from '../platform/ids.ts'
import { refuse } from '../platform/refusal.ts'
import type { Refusal } from '../platform/refusal.ts'
import { leavePoster } from './remove-poster.ts'
import { columnsOf, factsOfInput, factsOfRow, patchedFacts } from './model.ts'
import { claimRevision, insertMovies, updateMovieColumns } from './store.ts'

/** Adds a movie; `createdBy` is the account that may change it later. */
export async function createMovie(tx: Transaction, input: MovieInput, createdBy: string): Promise<MovieRow> {
  const facts = factsOfInput(input)
  const row: MovieRow = {
    id: newId('movie', tx.nowMs),
    externalKey: null,
    ...columnsOf(facts),
    popularity: 0,
    createdBy,
    revision: 1,
    createdAt: tx.nowMs,
    updatedAt: tx.nowMs,
  }
  await insertMovies(tx, [{ row, genres: facts.genres }])
  return row
}

/** Changes what is sent. `ifMatch` is the header: another revision than the one it names is refused. */
export async function changeMovie(
  tx: Transaction,
  id: string,
  patch: MoviePatch,
  ifMatch: string | undefined,
): Promise<MovieRow | Refusal<'not_found' | 'precondition_failed'>> {
  const row = await claimRevision(tx, id)
  if (!row) return refuse('not_found')
  if (!revisionMatches(ifMatch, row.revision)) return refuse('precondition_failed')
  const facts = patchedFacts(factsOfRow(row), patch)
  const columns = columnsOf(facts)
  await updateMovieColumns(tx, id, columns, facts.genres)
  if (columns.posterUrl !== row.posterUrl) await leavePoster(tx, row.posterUrl)
  return { ...row, ...columns, revision: row.revision + 1, updatedAt: tx.nowMs }
}
