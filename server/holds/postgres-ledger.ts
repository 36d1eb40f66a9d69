import { assert } from '../platform/assert.ts'
import { isRefusal } from '../platform/refusal.ts'
import { traceTime } from '../platform/tracing.ts'
import { BatchQueue } from '../database/batch-queue.ts'
import type { Database, Transaction } from '../database/database.ts'
import { sendTogether } from '../database/postgres-statements.ts'
import { decide } from './commands.ts'
import type { LedgerCommand, SeatLedger } from './ledger.ts'
import { loadBatch } from './postgres-load.ts'
import { sendWrites } from './postgres-write.ts'

interface Waiting {
  /** What it is part of, where somebody watches. */
  readonly trace: string | null
  readonly command: LedgerCommand
  resolve(outcome: unknown): void
  reject(error: unknown): void
}

const batchSize = 200
const worthABatch = 24

/**
 * The ledger on PostgreSQL: commands that wait together share a transaction. It locks their showtimes in the order of
 * their ids, reads what all of them need in a statement each, decides one after the other in memory, and writes the
 * results with one `unnest` statement per table. A refused member writes nothing and spoils nobody's.
 */
export function createPostgresLedger(database: Database): SeatLedger {
  const queue = new BatchQueue<Waiting>({ size: batchSize, worthABatch, run: (batch) => runBatch(database, batch) })
  const submit = <Outcome>(command: LedgerCommand): Promise<Outcome> =>
    new Promise((resolve, reject) => queue.add({ trace: database.batches.trace, command, resolve, reject }))
  return { place: submit, release: submit, extend: submit, close: async () => undefined }
}

async function runBatch(database: Database, batch: readonly Waiting[]): Promise<void> {
  const beganAtMs = traceTime()
  const tell = (lost: boolean) =>
    database.batches.tell(
      beganAtMs,
      batch.map(({ trace }) => trace),
      lost,
    )
  try {
    const decideAll = async (tx: Transaction) => {
      assert(tx.raw.engine === 'postgres', 'This ledger is for PostgreSQL')
      const commands = batch.map(({ command }) => command)
      const { client, sent } = tx.raw
      const { storage, writes } = await loadBatch(tx, client, commands)
      const decided = commands.map((command) => decide(storage, command))
      // And the commit behind them.
      sendTogether(client)
      sent(sendWrites(client, writes, tx.nowMs))
      if (writes.versions.size > 0) tx.announceSeats([...writes.versions.keys()])
      return decided
    }
    const outcomes = await database.batches.run(null, async () => await database.write(decideAll))
    assert(!isRefusal(outcomes), 'A batch is never refused as a whole')
    tell(false)
    for (const [index, member] of batch.entries()) member.resolve(outcomes[index])
  } catch (error) {
    tell(true)
    for (const member of batch) member.reject(error)
  }
}
