import type { Transaction } from './database.ts'

/** Told with a showtime's id when its seats have changed; with null when anything may have (a connection came back). */
export type SeatListener = (showtimeId: string | null) => void

/** How a commit tells every server of the house that a showtime's seats have changed. */
export interface SeatNotices {
  /** Part of the transaction: whoever listens hears of it once the commit is durable, never when it is rolled back. */
  publish(tx: Transaction, showtimeIds: readonly string[]): void
  /** Answers how to stop listening. */
  subscribe(listener: SeatListener): () => void
}

/** Those who listen in this process. */
export class Listeners {
  readonly #listeners = new Set<SeatListener>()

  readonly subscribe = (listener: SeatListener): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  readonly tell: SeatListener = (showtimeId) => {
    for (const listener of this.#listeners) listener(showtimeId)
  }
}

export interface LocalNotices extends SeatNotices {
  /** Of what is durable already. */
  tell(showtimeIds: readonly string[]): void
}

/** One process alone writes a SQLite file: its own commits are all there is to hear of. */
export function localNotices(): LocalNotices {
  const listeners = new Listeners()
  const tell = (showtimeIds: readonly string[]) => {
    for (const id of showtimeIds) listeners.tell(id)
  }
  return {
    tell,
    publish: (tx, showtimeIds) => tx.afterCommit(() => tell(showtimeIds)),
    subscribe: listeners.subscribe,
  }
}
