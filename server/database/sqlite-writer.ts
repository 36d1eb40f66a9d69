import { setTimeout as wait } from 'node:timers/promises'
import type { DatabaseSync, StatementSync } from 'node:sqlite'
import type { Kysely } from 'kysely'
import type { Clock } from '../platform/clock.ts'
import { isRefusal } from '../platform/refusal.ts'
import { DatabaseBusy, StorageFull } from './database.ts'
import type { Database, Transaction } from './database.ts'
import { kyselyOver } from './kysely-connection.ts'
import type { SeatNotices } from './notices.ts'
import { lostCommit, translated } from './sqlite-errors.ts'
import { executeOn, statementCache } from './sqlite-statements.ts'
import type { Tables } from './tables/index.ts'

interface Job {
  run(tx: Transaction): unknown
  resolve(value: unknown): void
  reject(error: unknown): void
}

/** A member of a batch that has run: it is answered only after the commit. */
interface Outcome {
  readonly job: Job
  readonly value?: unknown
  readonly error?: unknown
  readonly acts: readonly (() => void)[]
}

/** A batch takes no more members after this long, so that reads get their turn. */
const batchMilliseconds = 8
const busyDeadlineMs = 3000
const busyPauseMs = 5

/**
 * The one writer of a SQLite file. Everybody who is waiting shares a transaction: each runs in a savepoint of its own,
 * one commit (one fsync) makes them all durable, and only then does anybody hear an answer. A single caller waits for
 * nobody. A member that fails or refuses leaves nothing behind and never touches its neighbours.
 */
export class SqliteWriter {
  readonly #connection: DatabaseSync
  readonly #clock: Clock
  readonly #prepare: (sql: string) => StatementSync
  readonly #query: Kysely<Tables>
  readonly #waiting: Job[] = []
  readonly #notices: SeatNotices
  #running: Promise<void> | null = null

  constructor(connection: DatabaseSync, clock: Clock, notices: SeatNotices) {
    this.#notices = notices
    this.#connection = connection
    this.#clock = clock
    this.#prepare = statementCache(connection)
    this.#query = kyselyOver('sqlite', executeOn(connection))
  }

  readonly write: Database['write'] = (work) =>
    new Promise((resolve, reject) => {
      this.#waiting.push({ run: work, resolve, reject })
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
    // After the sockets that are ready have been read: everybody who came in this turn of the loop shares a batch.
    do {
      await nextTurn()
      await this.#runBatch()
    } while (this.#waiting.length > 0)
    this.#running = null
  }

  async #runBatch(): Promise<void> {
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
      const job = this.#waiting.shift()
      if (!job) break
      outcomes.push(await this.#runMember(job, alone))
      const full = performance.now() - startedAt > batchMilliseconds
      if (alone || full || !this.#connection.isTransaction) break
    }
    this.#settle(outcomes)
  }

  /** Another process may hold the lock for a moment (an import, a migration): ask again by timer, never block the loop. */
  async #beginWhenFree(): Promise<void> {
    for (let waitedMs = 0; ; waitedMs += busyPauseMs) {
      try {
        this.#prepare('BEGIN IMMEDIATE').run()
        return
      } catch (error) {
        const busy = translated(error)
        if (!(busy instanceof DatabaseBusy) || waitedMs >= busyDeadlineMs) throw busy
        await wait(busyPauseMs)
      }
    }
  }

  async #runMember(job: Job, alone: boolean): Promise<Outcome> {
    const acts: (() => void)[] = []
    const raw = { engine: 'sqlite', connection: this.#connection, prepare: this.#prepare } as const
    const tx = new LiveTransaction(raw, this.#query, this.#clock.now(), acts, this.#notices)
    try {
      if (!alone) this.#prepare('SAVEPOINT member').run()
      // A synchronous member costs no promise.
      const returned = job.run(tx)
      const value = returned instanceof Promise ? await returned : returned
      if (isRefusal(value)) this.#undoMember(alone)
      else if (!alone) this.#prepare('RELEASE member').run()
      return { job, value, acts: isRefusal(value) ? [] : acts }
    } catch (error) {
      this.#undoMember(alone)
      return { job, error: translated(error), acts: [] }
    } finally {
      tx.end()
    }
  }

  // Some errors (a full disk) have rolled back everything already: then there is nothing left to undo.
  #undoMember(alone: boolean): void {
    if (!this.#connection.isTransaction) return
    try {
      if (alone) this.#prepare('ROLLBACK').run()
      else this.#connection.exec('ROLLBACK TO member; RELEASE member')
    } catch {
      // What cannot be undone by itself takes the whole batch along.
      this.#rollBack()
    }
  }

  #rollBack(): void {
    if (this.#connection.isTransaction) this.#connection.exec('ROLLBACK')
  }

  #settle(outcomes: readonly Outcome[]): void {
    const lost = this.#commit(outcomes)
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

  /** Makes the batch durable; answers the error that lost it, if one did. */
  #commit(outcomes: readonly Outcome[]): Error | undefined {
    const isKept = ({ error, value }: Outcome) => error === undefined && !isRefusal(value)
    try {
      if (this.#connection.isTransaction) this.#prepare('COMMIT').run()
      else if (outcomes.some(isKept)) return whyRolledBack(outcomes)
    } catch (error) {
      this.#rollBack()
      return lostCommit(error)
    }
    return undefined
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

/** The engine gave the whole batch up because of one member: a full disk, or it was busy. */
function whyRolledBack(outcomes: readonly Outcome[]): Error {
  const full = outcomes.map(({ error }) => error).find((error) => error instanceof StorageFull)
  return full ?? new DatabaseBusy('The engine rolled the transaction back')
}

function nextTurn(): Promise<void> {
  return new Promise((resume) => setImmediate(resume))
}
