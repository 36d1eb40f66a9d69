import type { Transaction } from './database.ts'

/** Every showtime has its ledger row from the start; the row is what a change of its seats locks. */
export async function createSeatLedgers(tx: Transaction, showtimeIds: readonly string[]): Promise<void> {
  if (showtimeIds.length === 0) return
  await tx.query
    .insertInto('showtimeLedgers')
    .values(showtimeIds.map((showtimeId) => ({ showtimeId, version: 1 })))
    .execute()
}

/**
 * Takes the lock of a showtime's seats until the transaction ends; answers the version, or null when there is no such
 * showtime. Whoever needs several takes them in the order of their ids.
 */
export async function lockSeatLedger(tx: Transaction, showtimeId: string): Promise<number | null> {
  // SQLite has one writer at a time: the transaction itself is the lock.
  const row = await tx.query
    .selectFrom('showtimeLedgers')
    .select('version')
    .where('showtimeId', '=', showtimeId)
    .$if(tx.raw.engine === 'postgres', (query) => query.forUpdate())
    .executeTakeFirst()
  tx.renewTime()
  return row?.version ?? null
}
