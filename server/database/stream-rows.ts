import type { Kysely, RawBuilder } from 'kysely'
import type { Tables } from './tables/index.ts'

const usualRowsAtOnce = 1000

/**
 * The rows of a statement, `rowsAtOnce` at a time, however many there are: for the `query` of a snapshot. Whoever has seen
 * enough may leave early.
 */
export async function* streamRows<Row>(
  query: Kysely<Tables>,
  statement: RawBuilder<Row>,
  rowsAtOnce = usualRowsAtOnce,
): AsyncGenerator<readonly Row[]> {
  for await (const { rows } of query.getExecutor().stream(statement.compile(query), rowsAtOnce)) yield rows
}
