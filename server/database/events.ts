import type { EventType } from '../../contract/events.ts'
import { newId } from '../platform/ids.ts'
import type { Transaction } from './database.ts'

/** Notes what happened, in the transaction in which it did: other systems hear of it. `data`: ids and states, no persons. */
export async function announce(
  tx: Transaction,
  type: EventType,
  theatreId: string,
  data: Readonly<Record<string, unknown>>,
): Promise<void> {
  const event = { id: newId('event', tx.nowMs), type, theatreId, data: JSON.stringify(data), createdAt: tx.nowMs }
  await tx.query.insertInto('events').values(event).execute()
}
