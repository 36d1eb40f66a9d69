import { setTimeout as wait } from 'node:timers/promises'
import type { DatabaseSync } from 'node:sqlite'
import type { Clock } from '../platform/clock.ts'
import { isRefusal } from '../platform/refusal.ts'
import { DatabaseBusy } from './database.ts'
import type { Database, Transaction } from './database.ts'
import { kyselyOver } from './kysely-connection.ts'
import { executeOn, sqliteCode, statementCache, translated } from './sqlite.ts'

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
export function createSqliteWriter(
  connection: DatabaseSync,
  clock: Clock,
): { readonly write: Database['write']; idle(): Promise<void> } {
  const prepare = statementCache(connection)
  const query = kyselyOver('sqlite', executeOn(connection))
  let waiting: Job[] = []
  let running: Promise<void> | null = null

  const begin = prepare('BEGIN IMMEDIATE')
  const commit = prepare('COMMIT')

  async function beginWhenFree(): Promise<void> {
    for (let waitedMs = 0; ; waitedMs += busyPauseMs) {
      try {
        begin.run()
        return
      } catch (error) {
        const busy = translated(error)
        if (!(busy instanceof DatabaseBusy) || waitedMs >= busyDeadlineMs) throw busy
        await wait(busyPauseMs)
      }
    }
  }

  async function runMember(job: Job, alone: boolean): Promise<Outcome> {
    const acts: (() => void)[] = []
    let live = true
    const tx: Transaction = {
      get query() {
        if (!live) throw new Error('This transaction has ended')
        return query
      },
      raw: { engine: 'sqlite', connection, prepare },
      nowMs: clock.now(),
      afterCommit: (act) => acts.push(act),
    }
    if (!alone) prepare('SAVEPOINT member').run()
    try {
      // A synchronous member costs no promise.
      const returned = job.run(tx)
      const value = returned instanceof Promise ? await returned : returned
      if (isRefusal(value)) undoMember(alone)
      else if (!alone) prepare('RELEASE member').run()
      return { job, value, acts: isRefusal(value) ? [] : acts }
    } catch (error) {
      undoMember(alone)
      return { job, error: translated(error), acts: [] }
    } finally {
      live = false
    }
  }

  // Some errors (a full disk) have rolled back everything already: then there is nothing left to undo.
  function undoMember(alone: boolean): void {
    if (!connection.isTransaction) return
    if (alone) prepare('ROLLBACK').run()
    else connection.exec('ROLLBACK TO member; RELEASE member')
  }

  async function runBatch(): Promise<void> {
    try {
      await beginWhenFree()
    } catch (error) {
      const refused = waiting
      waiting = []
      for (const job of refused) job.reject(error)
      return
    }
    const outcomes: Outcome[] = []
    const startedAt = performance.now()
    const alone = waiting.length === 1
    let job: Job | undefined
    while ((job = takeNext())) {
      outcomes.push(await runMember(job, alone))
      if (alone || !connection.isTransaction || performance.now() - startedAt > batchMilliseconds) break
    }
    settle(outcomes)
  }

  function takeNext(): Job | undefined {
    return waiting.shift()
  }

  function settle(outcomes: readonly Outcome[]): void {
    let lost: unknown
    const undone = outcomes.some((outcome) => outcome.error !== undefined && isStorageError(outcome.error))
    try {
      if (connection.isTransaction) commit.run()
      else if (undone) lost = outcomes.find((outcome) => outcome.error !== undefined)?.error
    } catch (error) {
      lost = translated(error)
      if (connection.isTransaction) connection.exec('ROLLBACK')
    }
    for (const { job, value, error, acts } of outcomes) {
      if (error !== undefined) job.reject(error)
      else if (lost !== undefined && !isRefusal(value)) job.reject(lost)
      else {
        job.resolve(value)
        for (const act of acts) act()
      }
    }
  }

  async function drain(): Promise<void> {
    // After the sockets that are ready have been read: everybody who came in this turn of the loop shares a batch.
    do {
      await nextTurn()
      await runBatch()
    } while (waiting.length > 0)
    running = null
  }

  return {
    write: (work) =>
      new Promise((resolve, reject) => {
        waiting.push({ run: work, resolve: resolve as Job['resolve'], reject })
        running ??= drain()
      }),
    async idle() {
      while (running) await running
    },
  }
}

function nextTurn(): Promise<void> {
  return new Promise((resume) => setImmediate(resume))
}

function isStorageError(error: unknown): boolean {
  return error instanceof Error && (error.name === 'StorageFull' || sqliteCode(error) !== undefined)
}
