import type { MovieInput } from '../../contract/catalogue.ts'
import type { Transaction } from '../database/database.ts'
import { inChunks } from '../database/chunks.ts'
import type { Upserted } from '../database/chunks.ts'
import { newId } from '../platform/ids.ts'
import type { MovieRow } from '../database/tables/catalogue.ts'
import { columnsOf, factsOfInput, factsOfRow, holdsFacts, patchedFacts } from './model.ts'
import { insertMovies, updateMovieColumns } from './store.ts'

export interface KeyedMovie {
  /** The source's own id. */
  readonly externalKey: string
  readonly movie: MovieInput
}

/** One of `upsertMovies`. */
export async function upsertMovie(tx: Transaction, keyed: KeyedMovie): Promise<Upserted> {
  const [upserted] = await upsertMovies(tx, [keyed])
  if (!upserted) throw new Error('One movie in, one out')
  return upserted
}

/**
 * Adds or changes movies known by their external keys (each once), and answers what became of each, in their order. A
 * field that is not given stays as it is; a row that says the same already is not touched.
 */
export async function upsertMovies(tx: Transaction, keyed: readonly KeyedMovie[]): Promise<Upserted[]> {
  return await inChunks(keyed, async (chunk) => {
    const known = await tx.query
      .selectFrom('movies')
      .selectAll()
      .where(
        'externalKey',
        'in',
        chunk.map((each) => each.externalKey),
      )
      .execute()
    const byKey = new Map(known.map((row) => [row.externalKey, row]))
    const added: { row: MovieRow; genres: readonly string[] }[] = []
    const results: Upserted[] = []
    for (const { externalKey, movie } of chunk) {
      const row = byKey.get(externalKey)
      if (row) {
        results.push(await changeIfDifferent(tx, row, movie))
        continue
      }
      const facts = factsOfInput(movie)
      const id = newId('movie', tx.nowMs)
      const times = { createdAt: tx.nowMs, updatedAt: tx.nowMs }
      const columns = columnsOf(facts)
      added.push({
        row: { id, externalKey, ...columns, popularity: 0, createdBy: null, revision: 1, ...times },
        genres: facts.genres,
      })
      results.push({ id, outcome: 'created' })
    }
    await insertMovies(tx, added)
    return results
  })
}

async function changeIfDifferent(tx: Transaction, row: MovieRow, movie: MovieInput): Promise<Upserted> {
  const facts = patchedFacts(factsOfRow(row), movie)
  const columns = columnsOf(facts)
  if (holdsFacts(row, columns)) return { id: row.id, outcome: 'unchanged' }
  await updateMovieColumns(tx, row.id, { ...columns, revision: row.revision + 1, updatedAt: tx.nowMs }, facts.genres)
  return { id: row.id, outcome: 'changed' }
}
