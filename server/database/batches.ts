import { currentTrace, withinTrace } from '../platform/trace-context.ts'

/** A batch of commands that shared one commit. */
export interface Batch {
  readonly members: number
  /** What each was part of, where that is known: `traceparent`s. */
  readonly traces: readonly string[]
  readonly startedAtMs: number
  /** Whether it was lost as a whole. */
  readonly lost: boolean
}

/** Tells of the batches of a database to whoever watches; while nobody does, it costs a comparison. */
export class BatchWatch {
  #observer: ((batch: Batch) => void) | null = null

  watch(observer: (batch: Batch) => void): void {
    this.#observer = observer
  }

  /** Kept with each command that waits. */
  get trace(): string | null {
    return this.#observer === null ? null : currentTrace()
  }

  /** Runs a member as part of what it came from, and not of whoever happened to start the batch. */
  run<Result>(trace: string | null, member: () => Result): Result {
    return this.#observer === null ? member() : withinTrace(trace, member)
  }

  tell(startedAtMs: number, traces: readonly (string | null)[], lost: boolean): void {
    this.#observer?.({
      members: traces.length,
      traces: traces.filter((trace) => trace !== null),
      startedAtMs,
      lost,
    })
  }
}
