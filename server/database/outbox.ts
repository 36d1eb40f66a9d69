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
  insertRow(tx, 'outbox', outboxRow(tx, kind, payload, availableAtMs))
}

/** A row of the outbox, for who writes it in a way of its own. */
export function outboxRow(
  { nowMs }: Pick<Transaction, 'nowMs'>,
  kind: string,
  payload: Readonly<Record<string, unknown>>,
  availableAtMs: number = nowMs,
) {
  const trace = currentTrace()
  return {
    id: newId('event', nowMs),
    kind,
    payload: JSON.stringify(trace === null ? payload : { ...payload, traceparent: trace }),
    createdAt: nowMs,
    availableAt: availableAtMs,
    attempts: 0,
  }
}
