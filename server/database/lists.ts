import type { PoolClient } from 'pg'
import { namedStatement } from './postgres-statements.ts'

/** A read that can be asked by many at once on PostgreSQL. */
export interface ListRead {
  /** `?` for each value, in order. */
  readonly sqlite: string
  /** `$1`, `$2`, … are lists of them. */
  readonly postgres: string
  /** The columns of a row by which it belongs to who asked: they equal the first of the values. */
  readonly by: readonly string[]
}

/** A write that can be done for many rows at once on PostgreSQL. */
export interface ListWrite {
  /** One after the other, each for all rows: `?` for each member of a row, in order. */
  readonly sqlite: readonly string[]
  /** `$1` is JSON, a list of rows; `$2`, where it has one, the list of their keys. */
  readonly postgres: string
}

export type SqlRow = Readonly<Record<string, unknown>>

/** How reads and writes that take lists reach PostgreSQL: at once by themselves, or together with those of others. */
export interface Lists {
  /** Answers the rows of who asks with these values. */
  read(statement: ListRead, values: readonly unknown[]): Promise<readonly SqlRow[]>
  /** Sent and not waited for. Rows with a key that is the same go one behind the other. */
  write(statement: ListWrite, rows: readonly SqlRow[], key: string | null): void
}

/** The lists of a transaction that has its connection to itself. */
export function listsOf(client: PoolClient, sent: (statement: Promise<unknown>) => void): Lists {
  return {
    read: async (statement, values) => (await askFor(client, statement, [values])).rows,
    write: (statement, rows, key) => sent(writeFor(client, statement, rows, key === null ? [] : [key])),
  }
}

/** Asks for several askers at once, each with values of its own. */
export async function askFor(
  client: PoolClient,
  { postgres }: ListRead,
  askers: readonly (readonly unknown[])[],
): Promise<{ readonly rows: SqlRow[] }> {
  const lists = (askers[0] ?? []).map((_value, index) => askers.map((values) => values[index]))
  return await client.query<SqlRow>(namedStatement(postgres, lists))
}

export async function writeFor(
  client: PoolClient,
  { postgres }: ListWrite,
  rows: readonly SqlRow[],
  keys: readonly string[],
): Promise<unknown> {
  return await client.query(
    namedStatement(postgres, keys.length > 0 ? [JSON.stringify(rows), keys] : [JSON.stringify(rows)]),
  )
}
