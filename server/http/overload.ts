/** Tells whether the event loop has been late for too long. */
export interface LoadGuard {
  readonly isOverloaded: () => boolean
  /** From when on it watches: before, nobody is waiting. */
  start(): void
  stop(): void
}

const sampleMs = 100
const limitMs = 500
/** One late round is a hiccup (a large parse, a pause for garbage); two in a row are a state. */
const lateRounds = 2

/** Judges a row of samples: how much later than planned each came, in milliseconds. */
export class LateRounds {
  #late = 0

  /** Notes one sample; answers whether the loop stays too late. */
  note(delayMs: number): boolean {
    this.#late = delayMs > limitMs ? this.#late + 1 : 0
    return this.isTooMany
  }

  get isTooMany(): boolean {
    return this.#late >= lateRounds
  }
}

/** Watches the event loop of this process: a timer that comes late says how late everybody's answers are. */
export function watchEventLoop(): LoadGuard {
  const rounds = new LateRounds()
  let timer: NodeJS.Timeout | undefined
  return {
    isOverloaded: () => rounds.isTooMany,
    start() {
      let dueAt = performance.now() + sampleMs
      timer ??= setInterval(() => {
        const now = performance.now()
        rounds.note(now - dueAt)
        dueAt = now + sampleMs
      }, sampleMs).unref()
    },
    stop: () => clearInterval(timer),
  }
}
