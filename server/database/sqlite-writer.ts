import { setTimeout as wait } from 'node:timers/promises'
import type { DatabaseSync } from 'node:sqlite'
import type { Kysely } from 'kysely'
import type { Clock } from '../platform/clock.ts'
import { isRefusal } from '../platform/refusal.ts'
import { traceTime } from '../platform/tracing.ts'
import type { BatchWatch } from './batches.ts'
import { DatabaseBusy, DatabaseDamaged } from './database.ts'
import type { Database, Transaction, WriterLoan } from './database.ts'
import { kyselyOver } from './kysely-connection.ts'
import type { SeatNotices } from './notices.ts'
import { SqliteBatch } from './sqlite-batch.ts'
import type { MemberEnd } from './sqlite-batch.ts'
import { translated } from './sqlite-errors.ts'
import { executeOn, rowReads, statementCache } from './sqlite-statements.ts'
import type { Tables } from './tables/index.ts'

interface Waiting {
  resolve(value: unknown): void
  reject(error: unknown): void
}

interface Job extends Waiting {
  /** What it is part of, where somebody watches. */
  readonly trace: string | null
  run(tx: Transaction): unknown
}

/** A turn in which a thread writes instead. */
interface Turn extends Waiting {
  writeElsewhere(): Promise<unknown>
}

/** A member of a batch that has run: it is answered only after the commit. */
interface Outcome extends MemberEnd {
  readonly job: Job
  readonly acts: readonly (() => void)[]
}

/** A batch takes no more members after this long, so that reads get their turn. */
const batchMilliseconds = 8
const busyDeadlineMs = 3000
const busyPauseMs = 5

/**
 * The one writer of a SQLite file. Everybody who is waiting shares a transaction: one commit (one fsync) makes them all
 * durable, and only then does anybody hear an answer. A single caller waits for nobody. A member that fails or refuses leaves
 * nothing behind and never touches its neighbours: most refuse before they write; should one have written, all run again
 * with a savepoint each.
 */
export class SqliteWriter {
  readonly #clock: Clock
  readonly #raw: Transaction['raw']
  readonly #query: Kysely<Tables>
  readonly #batch: SqliteBatch
  readonly #waiting: (Job | Turn)[] = []
  readonly #notices: SeatNotices
  readonly #batches: BatchWatch
  #running: Promise<void> | null = null

  constructor(connection: DatabaseSync, clock: Clock, notices: SeatNotices, batches: BatchWatch) {
    this.#notices = notices
    this.#batches = batches
    this.#clock = clock
    const prepare = statementCache(connection)
    this.#raw = { engine: 'sqlite', connection, prepare, readRows: rowReads(connection) }
    this.#query = kyselyOver('sqlite', executeOn(connection))
    this.#batch = new SqliteBatch(connection, prepare)
  }

  readonly write: Database['write'] = (work) =>
    new Promise((resolve, reject) => {
      this.#waiting.push({ trace: this.#batches.trace, run: work, resolve, reject })
      this.#running ??= this.#drain()
    })

  /** A turn of its own for a thread that writes by another connection. */
  readonly turn: WriterLoan['turn'] = (work) =>
    new Promise((resolve, reject) => {
      this.#waiting.push({ writeElsewhere: work, resolve, reject })
      this.#running ??= this.#drain()
    })

  /** Writes that wait for their turn. */
  get waiting(): number {
    return this.#waiting.length
  }

  /** Answers when nobody is waiting any more. */
  async idle(): Promise<void> {
    while (this.#running) await this.#running
  }

  async #drain(): Promise<void> {
    do {
      const turn = this.#takeTurn()
      if (turn) {
        await lend(turn)
        continue
      }
      // After the sockets that are ready have been read: everybody who came in this turn of the loop shares a batch.
      await nextTurn()
      await this.#runBatch()
    } while (this.#waiting.length > 0)
    this.#running = null
  }

  #takeTurn(): Turn | null {
    const [next] = this.#waiting
    if (!next || 'run' in next) return null
    this.#waiting.shift()
    return next
  }

  #takeJob(): Job | null {
    const [next] = this.#waiting
    if (!next || !('run' in next)) return null
    this.#waiting.shift()
    return next
  }

  async #runBatch(): Promise<void> {
    const beganAtMs = traceTime()
    try {
      await this.#beginWhenFree()
    } catch (error) {
      for (const job of this.#waiting.splice(0)) job.reject(error)
      return
    }
    const outcomes: Outcome[] = []
    const startedAt = performance.now()
    const alone = this.#waiting.length === 1
    for (;;) {
      const job = this.#takeJob()
      if (!job) break
      const written = alone ? 0 : this.#batch.written()
      outcomes.push(await this.#runMember(job, alone ? 'alone' : 'together'))
      if (!alone && this.#isSpoilt(outcomes.at(-1), written)) {
        await this.#runApart(outcomes)
        break
      }
      const full = performance.now() - startedAt > batchMilliseconds
      if (alone || full || !this.#batch.isOpen) break
    }
    this.#settle(outcomes, beganAtMs)
  }

  /** Whether a member that does not count may have left something behind. */
  #isSpoilt(outcome: Outcome | undefined, written: number): boolean {
    if (!outcome || !this.#batch.isOpen) return false
    const { error, value } = outcome
    // What was read from a damaged page cannot be believed: nobody runs again.
    if (error instanceof DatabaseDamaged) return false
    return error !== undefined || (isRefusal(value) && this.#batch.written() !== written)
  }

  /** All that ran is undone and runs again, each in a savepoint of its own. */
  async #runApart(outcomes: Outcome[]): Promise<void> {
    const jobs = outcomes.splice(0).map(({ job }) => job)
    try {
      this.#batch.rollBack()
      await this.#beginWhenFree()
    } catch (error) {
      outcomes.push(...jobs.map((job) => ({ job, error: translated(error), acts: [] })))
      return
    }
    for (const [index, job] of jobs.entries()) {
      outcomes.push(await this.#runMember(job, 'apart'))
      if (this.#batch.isOpen) continue
      this.#waiting.unshift(...jobs.slice(index + 1))
      return
    }
  }

  /** Another process may hold the lock for a moment (an import, a migration): ask again by timer, never block the loop. */
  async #beginWhenFree(): Promise<void> {
    for (let waitedMs = 0; ; waitedMs += busyPauseMs) {
      try {
        this.#batch.begin()
        return
      } catch (error) {
        const busy = translated(error)
        if (!(busy instanceof DatabaseBusy) || waitedMs >= busyDeadlineMs) throw busy
        await wait(busyPauseMs)
      }
    }
  }

  async #runMember(job: Job, how: 'alone' | 'together' | 'apart'): Promise<Outcome> {
    const acts: (() => void)[] = []
    const tx = new LiveTransaction(this.#raw, this.#query, this.#clock.now(), acts, this.#notices)
    try {
      if (how === 'apart') this.#batch.beginMember()
      // A synchronous member costs no promise.
      const returned = this.#batches.run(job.trace, () => job.run(tx))
      const value = returned instanceof Promise ? await returned : returned
      if (isRefusal(value)) this.#undo(how)
      else if (how === 'apart') this.#batch.keepMember()
      return { job, value, acts: isRefusal(value) ? [] : acts }
    } catch (error) {
      this.#undo(how)
      return { job, error: translated(error), acts: [] }
    } finally {
      tx.end()
    }
  }

  /** Together with others it cannot be undone by itself: all of them run again. */
  #undo(how: 'alone' | 'together' | 'apart'): void {
    if (how !== 'together') this.#batch.undoMember(how === 'alone')
  }

  #settle(outcomes: readonly Outcome[], beganAtMs: number): void {
    const lost = this.#batch.commit(outcomes)
    this.#batches.tell(
      beganAtMs,
      outcomes.map(({ job }) => job.trace),
      lost !== undefined,
    )
    for (const { job, value, error, acts } of outcomes) {
      if (error !== undefined) job.reject(error)
      // A refusal too: it may rest on what was lost.
      else if (lost !== undefined) job.reject(lost)
      else {
        job.resolve(value)
        for (const act of acts) act()
      }
    }
  }
}

/** What a member of a batch is given; it refuses use after its end. */
class LiveTransaction implements Transaction {
  readonly raw: Transaction['raw']
  // It has the one lock there is from its beginning.
  readonly nowMs: number
  readonly #query: Kysely<Tables>
  readonly #acts: (() => void)[]
  readonly #notices: SeatNotices
  #live = true

  constructor(
    raw: Transaction['raw'],
    query: Kysely<Tables>,
    nowMs: number,
    acts: (() => void)[],
    notices: SeatNotices,
  ) {
    this.raw = raw
    this.nowMs = nowMs
    this.#query = query
    this.#acts = acts
    this.#notices = notices
  }

  get query(): Kysely<Tables> {
    if (!this.#live) throw new Error('This transaction has ended')
    return this.#query
  }

  renewTime(): void {}

  announceSeats(showtimeIds: readonly string[]): void {
    this.#notices.publish(this, showtimeIds)
  }

  afterCommit(act: () => void): void {
    this.#acts.push(act)
  }

  end(): void {
    this.#live = false
  }
}

async function lend(turn: Turn): Promise<void> {
  try {
    turn.resolve(await turn.writeElsewhere())
  } catch (error) {
    turn.reject(error)
  }
}

function nextTurn(): Promise<void> {
  return new Promise((resume) => setImmediate(resume))
}
