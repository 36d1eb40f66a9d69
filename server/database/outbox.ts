import { currentTrace } from '../platform/trace-context.ts'
import { newId } from '../platform/ids.ts'
import type { Transaction } from './database.ts'
import { insertRow } from './rows.ts'

/**
 * Puts down what must happen after this commit (mail, capture, refund, webhook): it is done at least once, later,
 * by a worker, and never when the transaction rolls back. Where it is traced, the payload says of what it is part.
 */
export async function enqueue(
  tx: Transaction,
  kind: string,
  payload: Readonly<Record<string, unknown>>,
  availableAtMs: number = tx.nowMs,
): Promise<void> {
  const trace = currentTrace()
  insertRow(tx, 'outbox', {
    id: newId('event', tx.nowMs),
    kind,
    payload: JSON.stringify(trace === null ? payload : { ...payload, traceparent: trace }),
    createdAt: tx.nowMs,
    availableAt: availableAtMs,
    attempts: 0,
  })
}
