/** What became of a row that was imported by its external key. */
export interface Upserted {
  readonly id: string
  readonly outcome: 'created' | 'changed' | 'unchanged'
}

/** Few enough rows that a statement of many columns stays below both engines' limits of parameters. */
const chunkSize = 200

/** Works through a long list in pieces that fit one statement, in order, and puts the answers together. */
export async function inChunks<Item, Result>(
  items: readonly Item[],
  work: (chunk: readonly Item[]) => Promise<readonly Result[]>,
): Promise<Result[]> {
  const results: Result[] = []
  for (let start = 0; start < items.length; start += chunkSize) {
    results.push(...(await work(items.slice(start, start + chunkSize))))
  }
  return results
}
