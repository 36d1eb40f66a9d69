import type { DatabaseSync, StatementSync } from 'node:sqlite'
import { isRefusal } from '../platform/refusal.ts'
import { DatabaseBusy, DatabaseDamaged, StorageFull } from './database.ts'
import { lostCommit } from './sqlite-errors.ts'

/** How one member of a batch ended, before the commit. */
export interface MemberEnd {
  readonly value?: unknown
  readonly error?: unknown
}

/**
 * A transaction that several share: one commit (one fsync) makes all of them durable. Where one of them may have to be undone
 * without the others, each has a savepoint of its own, for which SQLite copies every page that it changes.
 */
export class SqliteBatch {
  readonly #connection: DatabaseSync
  readonly #prepare: (sql: string) => StatementSync

  constructor(connection: DatabaseSync, prepare: (sql: string) => StatementSync) {
    this.#connection = connection
    this.#prepare = prepare
  }

  begin(): void {
    this.#prepare('BEGIN IMMEDIATE').run()
  }

  /** So many rows as this connection has ever changed: who has written has raised it. */
  written(): number {
    return Number(this.#prepare('SELECT total_changes() AS rows').get()?.['rows'])
  }

  /** False once the engine has given the whole transaction up: a full disk does that. */
  get isOpen(): boolean {
    return this.#connection.isTransaction
  }

  beginMember(): void {
    this.#prepare('SAVEPOINT member').run()
  }

  keepMember(): void {
    this.#prepare('RELEASE member').run()
  }

  /** `alone`: it has no savepoint, the transaction is its own. Where all is rolled back already, nothing is left to undo. */
  undoMember(alone: boolean): void {
    if (!this.isOpen) return
    try {
      if (alone) this.#prepare('ROLLBACK').run()
      else this.#connection.exec('ROLLBACK TO member; RELEASE member')
    } catch {
      // What cannot be undone by itself takes the whole batch along.
      this.rollBack()
    }
  }

  /** Makes the batch durable; answers the error that lost it, if one did. */
  commit(ends: readonly MemberEnd[]): Error | undefined {
    const isKept = ({ error, value }: MemberEnd) => error === undefined && !isRefusal(value)
    const damage = ends.find(({ error }) => error instanceof DatabaseDamaged)?.error
    if (damage instanceof DatabaseDamaged) {
      // Not even what its neighbours have written: they may have read the same page, and believed it.
      this.rollBack()
      return damage
    }
    try {
      if (this.isOpen) this.#prepare('COMMIT').run()
      else if (ends.some(isKept)) return whyRolledBack(ends)
    } catch (error) {
      this.rollBack()
      return lostCommit(error)
    }
    return undefined
  }

  /** Undoes all that was done so far. */
  rollBack(): void {
    if (this.isOpen) this.#connection.exec('ROLLBACK')
  }
}

/** The engine gave the whole batch up because of one member: a full disk, or it was busy. */
function whyRolledBack(ends: readonly MemberEnd[]): Error {
  const full = ends.map(({ error }) => error).find((error) => error instanceof StorageFull)
  return full ?? new DatabaseBusy('The engine rolled the transaction back')
}
