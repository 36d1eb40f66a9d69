import { sql } from 'kysely'
import type { Database, Transaction } from '../database/database.ts'
import type { OutboxRow } from '../database/tables/platform.ts'
import { traced } from '../platform/tracing.ts'
import type { SpanStart, Tracer } from '../platform/tracing.ts'
import type { Clock } from '../platform/clock.ts'
import type { Log } from '../platform/log.ts'

/** What is done for one row of the outbox, after its commit. It may run more than once: a provider is given the row's id as its key. */
export type OutboxHandler = (
  payload: Readonly<Record<string, unknown>>,
  row: Pick<OutboxRow, 'id' | 'attempts'>,
) => Promise<void>

/** How much is taken at once. What is leased together must be done within a lease: slow work takes small batches. */
export interface OutboxPace {
  readonly batchRows?: number
  readonly tracer?: Tracer | null
  /** How many rows are worked at once: several where the work is to wait for somebody else's network. */
  readonly hands?: number
  /** Batches in one run; the next run goes on. Without it a run ends when nothing is due. */
  readonly batches?: number
}

export interface OutboxWorker {
  /** Works off what is due; answers how many rows were done. */
  runOnce(): Promise<number>
}

const leaseMs = 60_000
const usualBatchRows = 20
const longestPauseMs = 3600_000

/**
 * Works off the outbox: rows are leased, so that with several servers each is worked by one at a time; a failure is tried
 * again with a growing pause. Only kinds that have a handler are taken.
 */
export function createOutboxWorker(
  database: Database,
  clock: Clock,
  log: Log,
  handlers: Readonly<Record<string, OutboxHandler>>,
  { batchRows = usualBatchRows, batches = Number.POSITIVE_INFINITY, tracer = null, hands = 1 }: OutboxPace = {},
): OutboxWorker {
  const kinds = Object.keys(handlers)
  const writeDown = createFinisher(database)

  async function work(row: OutboxRow): Promise<boolean> {
    const payload: Readonly<Record<string, unknown>> = JSON.parse(row.payload)
    try {
      await traced(
        tracer,
        `outbox ${row.kind}`,
        spanOf(row, payload),
        async () => await handlers[row.kind]?.(payload, row),
      )
      await writeDown(row.id)
      return true
    } catch (error) {
      log.warn({ err: error, outboxId: row.id, kind: row.kind, attempts: row.attempts }, 'work after a commit failed')
      const message = error instanceof Error ? error.message : String(error)
      await database.write(async (tx) => await postpone(tx, row, message))
      return false
    }
  }

  /** Hands out what is due, row by row; a new batch is leased only when the last one has been taken. */
  function openBatches(): () => Promise<OutboxRow | undefined> {
    const left: OutboxRow[] = []
    let [leased, isLast] = [0, false]
    let leasing: Promise<void> | null = null
    const leaseMore = async () => {
      const isDue = leased < batches && (await isAnythingDue(database, kinds, clock.now()))
      const rows = isDue ? await database.write(async (tx) => await lease(tx, kinds, batchRows)) : []
      leased += 1
      isLast = rows.length < batchRows
      left.push(...rows)
    }
    return async () => {
      while (left.length === 0 && !isLast) {
        leasing ??= leaseMore().finally(() => {
          leasing = null
        })
        await leasing
      }
      return left.shift()
    }
  }

  return {
    async runOnce() {
      const take = openBatches()
      let done = 0
      const hand = async () => {
        for (let row = await take(); row; row = await take()) if (await work(row)) done += 1
      }
      const all = await Promise.allSettled(Array.from({ length: hands }, hand))
      // Nobody works any more: only now does the run end.
      for (const each of all) if (each.status === 'rejected') throw each.reason
      return done
    },
  }
}

/** Writes down what is done. Rows that are done while the last such transaction waits for its turn go into one with it. */
function createFinisher(database: Database): (id: string) => Promise<void> {
  let next: { readonly ids: string[]; readonly written: Promise<void> } | null = null
  const write = async (ids: readonly string[]) => {
    // Its turn may be at once: not before it has something to write.
    await Promise.resolve()
    const close = () => {
      if (next?.ids === ids) next = null
    }
    // Its turn may never come: whoever comes afterwards tries anew.
    const written = database.write(async (tx) => {
      close()
      await finish(tx, ids)
    })
    await written.finally(close)
  }
  return async (id) => {
    if (next === null) {
      const ids: string[] = []
      next = { ids, written: write(ids) }
    }
    next.ids.push(id)
    await next.written
  }
}

function spanOf({ id, attempts }: OutboxRow, { traceparent }: Readonly<Record<string, unknown>>): SpanStart {
  return {
    kind: 'consumer',
    parent: typeof traceparent === 'string' ? traceparent : null,
    attributes: { 'matinee.outbox.id': id, 'matinee.outbox.attempts': attempts },
  }
}

async function isAnythingDue(database: Database, kinds: readonly string[], nowMs: number): Promise<boolean> {
  const row = await database.read
    .selectFrom('outbox')
    .select('id')
    .where('doneAt', 'is', null)
    .where('availableAt', '<=', nowMs)
    .where('kind', 'in', [...kinds])
    .where((where) => where.or([where('leasedUntil', 'is', null), where('leasedUntil', '<=', nowMs)]))
    .limit(1)
    .executeTakeFirst()
  return row !== undefined
}

async function lease(tx: Transaction, kinds: readonly string[], batchRows: number): Promise<OutboxRow[]> {
  const due = tx.query
    .selectFrom('outbox')
    .select('id')
    .where('doneAt', 'is', null)
    .where('availableAt', '<=', tx.nowMs)
    .where('kind', 'in', [...kinds])
    .where((where) => where.or([where('leasedUntil', 'is', null), where('leasedUntil', '<=', tx.nowMs)]))
    .orderBy('availableAt')
    .orderBy('id')
    .limit(batchRows)
    .$if(tx.raw.engine === 'postgres', (query) => query.forUpdate().skipLocked())
  const rows = await tx.query
    .updateTable('outbox')
    .set({ leasedUntil: tx.nowMs + leaseMs, attempts: sql<number>`attempts + 1` })
    .where('id', 'in', due)
    .returningAll()
    .execute()
  return rows.toSorted((one, other) => one.availableAt - other.availableAt || (one.id < other.id ? -1 : 1))
}

/** Work that was taken so often and is not done may be what ends servers: it keeps its pause. */
const mostTries = 3

/**
 * Gives free what a server had taken that is no more, so that it need not wait for the end of its leases. Only for a server
 * that has just started and knows that it is the only one: on SQLite its lock says so. On PostgreSQL nothing is done.
 */
export async function releaseLeases(database: Database): Promise<void> {
  if (database.engine === 'postgres') return
  await database.write(async (tx) => {
    await tx.query
      .updateTable('outbox')
      .set({ leasedUntil: null })
      .where('doneAt', 'is', null)
      .where('leasedUntil', 'is not', null)
      .where('attempts', '<=', mostTries)
      .execute()
  })
}

async function finish(tx: Transaction, ids: readonly string[]): Promise<void> {
  await tx.query.updateTable('outbox').set({ doneAt: tx.nowMs, leasedUntil: null }).where('id', 'in', ids).execute()
}

async function postpone(tx: Transaction, row: OutboxRow, error: string): Promise<void> {
  const pauseMs = Math.min(longestPauseMs, 1000 * 2 ** Math.min(row.attempts, 20))
  await tx.query
    .updateTable('outbox')
    .set({ availableAt: tx.nowMs + pauseMs, leasedUntil: null, lastError: error.slice(0, 500) })
    .where('id', '=', row.id)
    // Whoever was away for longer than its lease changes nothing: another server has taken the row since.
    .where('attempts', '=', row.attempts)
    .where('doneAt', 'is', null)
    .execute()
}
