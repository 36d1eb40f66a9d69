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
  { batchRows = usualBatchRows, batches = Number.POSITIVE_INFINITY, tracer = null }: OutboxPace = {},
): OutboxWorker {
  const kinds = Object.keys(handlers)

  async function work(row: OutboxRow): Promise<boolean> {
    const payload: Readonly<Record<string, unknown>> = JSON.parse(row.payload)
    try {
      await traced(
        tracer,
        `outbox ${row.kind}`,
        spanOf(row, payload),
        async () => await handlers[row.kind]?.(payload, row),
      )
      await database.write(async (tx) => await finish(tx, row.id))
      return true
    } catch (error) {
      log.warn({ err: error, outboxId: row.id, kind: row.kind, attempts: row.attempts }, 'work after a commit failed')
      const message = error instanceof Error ? error.message : String(error)
      await database.write(async (tx) => await postpone(tx, row, message))
      return false
    }
  }

  return {
    async runOnce() {
      let done = 0
      for (let batch = 0; batch < batches; batch += 1) {
        if (!(await isAnythingDue(database, kinds, clock.now()))) return done
        const rows = await database.write(async (tx) => await lease(tx, kinds, batchRows))
        for (const row of rows) if (await work(row)) done += 1
        if (rows.length < batchRows) return done
      }
      return done
    },
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

async function finish(tx: Transaction, id: string): Promise<void> {
  await tx.query.updateTable('outbox').set({ doneAt: tx.nowMs, leasedUntil: null }).where('id', '=', id).execute()
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
