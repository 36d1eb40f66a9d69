/** The helper moves what is more than this, pages (4 MiB): small passes, as their fsync keeps that of commits waiting. */
export const passPages = 1000
/** A log of so many pages (32 MiB) shall begin anew; one of `passPages` as soon as nobody writes. */
export const longPages = 8000
/** What is no more than this is moved by whoever writes: the fsync that ends it takes longer. */
const fewPages = 250
/** From here on (128 MiB) a helper that does not catch up is waited for no more. */
export const tooLongPages = 32_000

/** The write-ahead log, as one connection sees it. */
export interface WriteAheadLog {
  /** Pages in it, and how many of these, from its beginning, the file has already. */
  state(): { readonly pages: number; readonly moved: number }
  /** Moves all that no reader needs where it is. Who commits meanwhile is not waited for. */
  move(): void
}

/** Moves the log elsewhere, while we go on. */
export interface LogHelper {
  /** One pass at a time. Rejects where it failed: nothing is lost by that, what was not moved is still in the log. */
  pass(): Promise<void>
}

/**
 * Keeps the write-ahead log of a SQLite file short. The log begins anew when all of it was moved and nobody has written
 * since. Passes of a helper move nearly all of it while commits go on: each leaves what was written meanwhile, so the next
 * one is shorter. The last pages are moved by whoever writes, when it is its turn: then nobody else writes. It also moves all
 * of them by itself when the helper fails, or does not catch up with what is written.
 */
export class LogKeeper {
  readonly #log: WriteAheadLog
  readonly #helper: LogHelper
  readonly #warn: (warning: string) => void
  #passing = false
  /** It is for us to move what is left. */
  #due = false
  #failing = false
  /** Pages in the log when it was last looked at. */
  #pagesBefore = 0

  constructor(log: WriteAheadLog, helper: LogHelper, warn: (warning: string) => void) {
    this.#log = log
    this.#helper = helper
    this.#warn = warn
  }

  /** From time to time: has the log moved where it is long. Answers when the helper has done its part. */
  async look(): Promise<void> {
    if (this.#passing) return
    // Nobody has had a turn since.
    this.closeWhenDue()
    this.#passing = true
    try {
      await this.#havePassed()
    } catch (error) {
      this.#failed(error)
      this.#due = true
    } finally {
      this.#passing = false
    }
  }

  /** At the beginning of a turn in which nobody else writes: moves what is left, if the helper has done its part. */
  closeWhenDue(): void {
    if (!this.#due) return
    this.#due = false
    try {
      this.#log.move()
    } catch (error) {
      this.#failed(error)
    }
  }

  async #havePassed(): Promise<void> {
    let { pages, moved } = this.#log.state()
    while (pages - moved > (pages < longPages ? passPages : fewPages)) {
      const before = { left: pages - moved, moved }
      await this.#helper.pass()
      this.#failing = false
      ;({ pages, moved } = this.#log.state())
      // A reader, or another process, is in the way: later.
      if (moved === before.moved) return
      const left = pages - moved
      // Another pass would hardly leave less.
      if (left > before.left / 2 && pages >= (left > passPages ? tooLongPages : longPages)) break
    }
    const isQuiet = pages === this.#pagesBefore
    this.#pagesBefore = pages
    this.#due = pages > moved && pages >= (isQuiet ? passPages : longPages)
  }

  /** The log still has all that was acknowledged, and counts: nothing is lost but room. It is tried again. */
  #failed(error: unknown): void {
    if (!this.#failing) this.#warn(`The write-ahead log cannot be moved into the file: ${String(error)}`)
    this.#failing = true
  }
}
