import type { EventType } from '../../contract/events.ts'
import { newId } from '../platform/ids.ts'
import type { Transaction } from './database.ts'
import { insertRow } from './rows.ts'

/** Notes what happened, in the transaction in which it did: other systems hear of it. `data`: ids and states, no persons. */
export async function announce(
  tx: Transaction,
  type: EventType,
  theatreId: string,
  data: Readonly<Record<string, unknown>>,
): Promise<void> {
  const event = { id: newId('event', tx.nowMs), type, theatreId, data: JSON.stringify(data), createdAt: tx.nowMs }
  insertRow(tx, 'events', event)
}
