import { newId } from '../platform/ids.ts'
import type { Transaction } from './database.ts'

/**
 * Puts down what must happen after this commit (mail, capture, refund, webhook): it is done at least once, later,
 * by a worker, and never when the transaction rolls back.
 */
export async function enqueue(
  tx: Transaction,
  kind: string,
  payload: Readonly<Record<string, unknown>>,
  availableAtMs: number = tx.nowMs,
): Promise<void> {
  await tx.query
    .insertInto('outbox')
    .values({
      id: newId('event', tx.nowMs),
      kind,
      payload: JSON.stringify(payload),
      createdAt: tx.nowMs,
      availableAt: availableAtMs,
      attempts: 0,
    })
    .execute()
}
