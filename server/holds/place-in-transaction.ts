import type { Transaction } from '../database/database.ts'
import { placeHold } from './commands.ts'
import type { PlaceHoldCommand, PlaceHoldOutcome } from './ledger.ts'
import { loadBatch } from './postgres-load.ts'
import { sendWrites } from './postgres-write.ts'
import { storageIn } from './sqlite-storage.ts'

/** Places a hold as a part of a larger transaction (book in one step, exchange), by the same rules as the hot path. */
export async function placeHoldIn(tx: Transaction, command: PlaceHoldCommand): Promise<PlaceHoldOutcome> {
  if (tx.raw.engine === 'sqlite') return placeHold(storageIn(tx), command)
  const { storage, writes } = await loadBatch(tx, tx.raw.client, [command])
  const outcome = placeHold(storage, command)
  await sendWrites(tx.raw.client, writes, tx.nowMs)
  if (writes.versions.size > 0) tx.announceSeats([...writes.versions.keys()])
  return outcome
}
