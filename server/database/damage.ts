import { DatabaseDamaged } from './database.ts'

/**
 * Remembers the damage that a database has met. A damaged page may be one of the index that keeps a seat from being sold
 * twice: from then on nothing is written, by nobody of this process, until a new start.
 */
export class DamageWatch {
  readonly #told = Promise.withResolvers<DatabaseDamaged>()
  #met: DatabaseDamaged | null = null

  /** Answers when damage is met. */
  get told(): Promise<DatabaseDamaged> {
    return this.#told.promise
  }

  /** Throws where damage was met. */
  refuse(): void {
    if (this.#met)
      throw new DatabaseDamaged('The database is damaged, and is not written any more', { cause: this.#met })
  }

  /** Takes note of an error that is damage; answers the error. */
  note<Met>(error: Met): Met {
    if (error instanceof DatabaseDamaged) {
      this.#met ??= error
      this.#told.resolve(error)
    }
    return error
  }
}
