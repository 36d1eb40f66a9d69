import { inChunks } from '../../database/chunks.ts'
import type { Transaction } from '../../database/database.ts'

/**
 * What a source's id stands for: our id; `wrong` where its own line has been complained about already, so that whoever
 * refers to it is not blamed too; `unknown` where there is no such thing.
 */
export type Reference = { readonly id: string } | 'wrong' | 'unknown'

/** Looks up sources' ids among the lines that were taken, then among the rows of earlier imports. */
export async function referencesTo(
  tx: Transaction,
  table: 'theatres' | 'auditoriums' | 'movies',
  taken: ReadonlyMap<string, string>,
  inFile: ReadonlySet<string>,
  wanted: Iterable<string>,
): Promise<(key: string) => Reference> {
  const elsewhere = [...new Set(wanted)].filter((key) => !inFile.has(key))
  const rows = await inChunks(elsewhere, (keys) =>
    tx.query.selectFrom(table).select(['id', 'externalKey']).where('externalKey', 'in', keys).execute(),
  )
  const stored = new Map(rows.map((row) => [row.externalKey, row.id]))
  return (key) => {
    const id = taken.get(key) ?? stored.get(key)
    if (id !== undefined) return { id }
    return inFile.has(key) ? 'wrong' : 'unknown'
  }
}
