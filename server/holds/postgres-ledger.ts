import { assert } from '../platform/assert.ts'
import { isRefusal } from '../platform/refusal.ts'
import type { Database } from '../database/database.ts'
import { extendHold, placeHold, releaseHold } from './commands.ts'
import type { LedgerCommand, LedgerStorage, SeatLedger } from './ledger.ts'
import { loadBatch } from './postgres-load.ts'
import { flushBatch } from './postgres-write.ts'

interface Waiting {
  readonly command: LedgerCommand
  resolve(outcome: unknown): void
  reject(error: unknown): void
}

/** Commands of one transaction; more wait for the next. */
const batchSize = 200
/** Batches under way at once: while one waits for its commit the next is being read. */
const batchesAtOnce = 2

/**
 * The ledger on PostgreSQL: commands that wait together share a transaction. It locks their showtimes in the order of
 * their ids, reads what all of them need in a statement each, decides one after the other in memory, and writes the
 * results with one `unnest` statement per table. A refused member writes nothing and spoils nobody's.
 */
export function createPostgresLedger(database: Database): SeatLedger {
  let waiting: Waiting[] = []
  let running = 0

  async function work(): Promise<void> {
    running += 1
    try {
      // After the sockets that are ready have been read: everybody of this turn of the loop shares a batch.
      await new Promise((resume) => setImmediate(resume))
      while (waiting.length > 0) {
        const batch = waiting.slice(0, batchSize)
        waiting = waiting.slice(batchSize)
        await runBatch(database, batch)
      }
    } finally {
      running -= 1
    }
  }

  const submit = <Outcome>(command: LedgerCommand): Promise<Outcome> =>
    new Promise((resolve, reject) => {
      waiting.push({ command, resolve, reject })
      if (running < batchesAtOnce && (running === 0 || waiting.length >= batchSize / 4)) void work()
    })
  return { place: submit, release: submit, extend: submit }
}

async function runBatch(database: Database, batch: readonly Waiting[]): Promise<void> {
  try {
    const outcomes = await database.write(async (tx) => {
      assert(tx.raw.engine === 'postgres', 'This ledger is for PostgreSQL')
      const commands = batch.map(({ command }) => command)
      const { storage, writes } = await loadBatch(tx, tx.raw.client, commands)
      const decided = commands.map((command) => decide(storage, command))
      await flushBatch(tx.raw.client, writes, tx.nowMs)
      if (writes.versions.size > 0) tx.announceSeats([...writes.versions.keys()])
      return decided
    })
    assert(!isRefusal(outcomes), 'A batch is never refused as a whole')
    for (const [index, member] of batch.entries()) member.resolve(outcomes[index])
  } catch (error) {
    for (const member of batch) member.reject(error)
  }
}

function decide(storage: LedgerStorage, command: LedgerCommand): unknown {
  if (command.kind === 'place') return placeHold(storage, command)
  return command.kind === 'release' ? releaseHold(storage, command) : extendHold(storage, command)
}
