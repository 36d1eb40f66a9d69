import {
  CamelCasePlugin,
  Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from 'kysely'
import type { CompiledQuery, DatabaseConnection, Dialect, Driver, QueryResult } from 'kysely'
import type { Engine } from './database.ts'
import type { Tables } from './tables/index.ts'

/** How an engine runs one compiled statement. */
export type Execute = (query: CompiledQuery) => Promise<QueryResult<unknown>>

/** How an engine answers one compiled statement piece by piece. */
export type Stream = (query: CompiledQuery, rowsAtOnce: number) => AsyncGenerator<QueryResult<unknown>>

/** A Kysely bound to one connection; transactions are ours (`Database.write`), so it may not begin one itself. */
export function kyselyOver(engine: Engine, execute: Execute, stream: Stream = inOnePiece): Kysely<Tables> {
  return new Kysely<Tables>({ dialect: dialectOver(engine, execute, stream), plugins: [new CamelCasePlugin()] })
}

/** Only snapshots stream. */
function inOnePiece(): never {
  throw new Error('Outside of a snapshot rows are read by pages')
}

function dialectOver(engine: Engine, execute: Execute, stream: Stream): Dialect {
  const sqlite = engine === 'sqlite'
  return {
    createAdapter: () => (sqlite ? new SqliteAdapter() : new PostgresAdapter()),
    createDriver: () => new SingleConnectionDriver(execute, stream),
    createIntrospector: (database) => (sqlite ? new SqliteIntrospector(database) : new PostgresIntrospector(database)),
    createQueryCompiler: () => (sqlite ? new SqliteQueryCompiler() : new PostgresQueryCompiler()),
  }
}

class SingleConnectionDriver implements Driver {
  readonly #connection: DatabaseConnection

  constructor(execute: Execute, stream: Stream) {
    this.#connection = {
      executeQuery: execute as DatabaseConnection['executeQuery'],
      streamQuery: stream as DatabaseConnection['streamQuery'],
    }
  }

  async init(): Promise<void> {}
  async acquireConnection(): Promise<DatabaseConnection> {
    return this.#connection
  }
  async releaseConnection(): Promise<void> {}
  async beginTransaction(): Promise<void> {
    throw new Error('Transactions begin in Database.write')
  }
  async commitTransaction(): Promise<void> {
    throw new Error('Transactions end in Database.write')
  }
  async rollbackTransaction(): Promise<void> {
    throw new Error('Transactions end in Database.write')
  }
  async destroy(): Promise<void> {}
}
