import { createHash } from 'node:crypto'
import { sql } from 'kysely'
import type { Transaction } from './database.ts'
import type { AuditEntryRow } from './tables/audit-log.ts'

/** What an entry says; its place in the chain is found when it is appended. */
export type NewAuditEntry = Omit<AuditEntryRow, 'sequence' | 'at' | 'previousHash' | 'hash'>

/** Before the first entry. */
export const firstHash = '0'.repeat(64)

/** Any number, the same for every server: whoever holds it appends. */
const appendLock = 7_235_108

/**
 * Appends an entry: the last thing a transaction does, for on PostgreSQL it waits for the other transactions that append
 * (on SQLite there is one writer anyway). So the chain has no gaps and no forks, and nobody who waits holds this lock.
 */
export async function appendAuditEntry(tx: Transaction, entry: NewAuditEntry): Promise<void> {
  if (tx.raw.engine === 'postgres') await sql`SELECT pg_advisory_xact_lock(${appendLock})`.execute(tx.query)
  const last = await tx.query
    .selectFrom('auditLog')
    .select(['sequence', 'hash'])
    .orderBy('sequence', 'desc')
    .limit(1)
    .executeTakeFirst()
  const linked = {
    ...entry,
    sequence: (last?.sequence ?? 0) + 1,
    at: tx.nowMs,
    previousHash: last?.hash ?? firstHash,
  }
  await tx.query
    .insertInto('auditLog')
    .values({ ...linked, hash: hashOfEntry(linked) })
    .execute()
}

/** SHA-256 over the entry before and every column of this one, in this order. */
export function hashOfEntry(entry: Omit<AuditEntryRow, 'hash'>): string {
  const { previousHash, sequence, at, actorId, actorRole, action, subjectId, theatreId, request, before, after } = entry
  const columns = [previousHash, sequence, at, actorId, actorRole, action, subjectId, theatreId, request, before, after]
  return createHash('sha256').update(JSON.stringify(columns)).digest('hex')
}
