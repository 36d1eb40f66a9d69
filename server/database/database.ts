import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite'
import type { Kysely } from 'kysely'
import type { PoolClient } from 'pg'
import type { BatchWatch } from './batches.ts'
import type { Lists } from './lists.ts'
import type { SeatNotices } from './notices.ts'
import type { Tables } from './tables/index.ts'

export type Engine = 'sqlite' | 'postgres'

/** Reads rows with their columns as our members (`showtime_id` is `showtimeId`); each text is prepared once. */
export type ReadRows = <Row>(sql: string, values: readonly SQLInputValue[]) => Row[]

/** The engine's own connection inside a transaction, for statements that are hot enough to be prepared by hand. */
export type RawConnection =
  | {
      readonly engine: 'sqlite'
      readonly connection: DatabaseSync
      prepare(sql: string): StatementSync
      readonly readRows: ReadRows
    }
  | {
      readonly engine: 'postgres'
      /** It pipelines: statements that are not waited for are sent one behind the other. */
      readonly client: PoolClient
      /** A statement that is sent and not waited for: the commit follows it at once, and fails if it did. */
      sent(statement: Promise<unknown>): void
      /** What `rows.ts` reads and writes goes this way. */
      readonly lists: Lists
    }

/**
 * Says of a small transaction that it may share a connection's with others of its kind: they do the same, each for something
 * of its own.
 */
export interface Company {
  /** What is done: only equals share. */
  readonly kind: string
  /** The id of the one thing that it changes: no two in one transaction have the same. */
  readonly about: string
}

/** A transaction under way. Every write takes one as its first argument; it refuses use after its end. */
export interface Transaction {
  readonly query: Kysely<Tables>
  readonly raw: RawConnection
  /** When it began or got the lock it waited for, milliseconds since the epoch. */
  readonly nowMs: number
  /** Reads the clock again: it got a lock, and while it waited others acted at later times than its own. */
  renewTime(): void
  /** Tells those who watch, on every server, that these showtimes' seats have changed: once the commit is durable. */
  announceSeats(showtimeIds: readonly string[]): void
  /** Runs once the commit is durable; never when it is rolled back. It must not throw and must not await. */
  afterCommit(act: () => void): void
}

export interface Database {
  readonly engine: Engine
  /** For reads outside of a transaction. It never waits for a write. */
  readonly read: Kysely<Tables>
  /** A read that is hot enough to be prepared by hand: `$1`, `$2`, … are its parameters, `name` is unique to its text. */
  readPrepared<Row>(name: string, sql: string, parameters: readonly (string | number | null)[]): Promise<Row[]>
  /**
   * A hot read of one row by its id, with its columns as our members. `select` ends before its `WHERE`, and `column` is where
   * the row's `id` stands. On PostgreSQL those who ask in the same turn of the event loop share a statement.
   */
  readById<Row extends { readonly id: string }>(select: string, column: string, id: string): Promise<Row | undefined>
  /** SQLite: a number that stays the same for as long as nobody commits, from wherever; asked once in a turn of the event loop. */
  commitMark?(): number
  /**
   * Runs `work` in one transaction and answers once it is durable. A thrown error or a returned `Refusal` rolls back.
   * `work` may run again from the start (lost connection, deadlock) and awaits nothing but the database.
   * Throws `DatabaseBusy`, `StorageFull` or `OutcomeUnknown` when the engine says so. With `company`, PostgreSQL runs it
   * together with others where many wait, as SQLite always does.
   */
  write<Result>(work: (tx: Transaction) => Result | Promise<Result>, company?: Company): Promise<Result>
  /** One consistent snapshot for several reads (reports, audit, backup). */
  snapshot<Result>(work: (query: Kysely<Tables>) => Promise<Result>): Promise<Result>
  /** Tells all servers of the house which showtimes' seats have changed. */
  readonly seatNotices: SeatNotices
  /** Tells whoever watches of the commands that shared a commit. */
  readonly batches: BatchWatch
  /** SQLite: its one writer, to be lent to a thread with a connection of its own. */
  readonly loan?: WriterLoan
  /** Answers when the engine does, throws where it is damaged: the readiness probe. */
  ping(): Promise<void>
  /**
   * Answers when the disk failed in the middle of a commit: only a new start can tell what is on it, and until then every
   * write is refused. Never where the engine looks after that itself.
   */
  readonly failed: Promise<Error>
  /** Answers when a damaged page was met: reads that do not need it go on, and every write is refused until a new start. */
  readonly damaged: Promise<Error>
  /** How busy the engine's connections are, by state; for the numbers of an operator. */
  load(): Readonly<Record<string, number>>
  close(): Promise<void>
}

/** The right to write a SQLite file, lent for a turn to a thread that has a connection of its own to it. */
export interface WriterLoan {
  readonly path: string
  /** Runs `work` while nobody else of this process writes. */
  turn<Result>(work: () => Promise<Result>): Promise<Result>
  /** Whether somebody of this process is waiting to write. */
  isWanted(): boolean
  /** From now on the thread keeps the write-ahead log short: commits of this one do not stop for that. */
  leaveCheckpoints(): void
  /** Tells those who watch what the thread has committed. */
  announceSeats(showtimeIds: readonly string[]): void
  /** Throws where nothing may be written any more. */
  refuse(): void
  /** Tells what the thread has met: a disk that failed in the middle of its commit, or damage. */
  tellFailure(error: Error): void
}

/** Try again shortly: somebody else holds the lock, or the engine is restarting. */
export class DatabaseBusy extends Error {
  override readonly name = 'DatabaseBusy'
}

/** The disk is full; reads go on. */
export class StorageFull extends Error {
  override readonly name = 'StorageFull'
}

/** The disk cannot be read or written. */
export class StorageFailed extends Error {
  override readonly name = 'StorageFailed'
}

/** What the disk gave is no database any more: a page, or a whole file, is not what was written. */
export class DatabaseDamaged extends Error {
  override readonly name = 'DatabaseDamaged'
}

/** The connection went away in the middle of a commit: a retry with the same `Idempotency-Key` settles it. */
export class OutcomeUnknown extends Error {
  override readonly name = 'OutcomeUnknown'
}
