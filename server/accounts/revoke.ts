import type { Kysely } from 'kysely'
import type { Transaction } from '../database/database.ts'
import type { Tables } from '../database/tables/index.ts'
import { newId } from '../platform/ids.ts'
import type { Revocation, RevocationFeed } from './revocations.ts'

/** How access tokens are ended before their time: in the database for every server, in memory for this one. */
export interface Revoker {
  /** In the transaction of whatever is the reason; this server knows as soon as it is committed. */
  revoke(
    tx: Transaction,
    what: Partial<Pick<Revocation, 'sessionId' | 'generation' | 'role'>> & { userId: string },
  ): Promise<void>
}

// A token made by another server whose clock is a little ahead lives so much longer.
const clockMarginMs = 60_000

export function createRevoker(feed: RevocationFeed, accessTokenSeconds: number): Revoker {
  return {
    async revoke(tx, what) {
      const revocation: Revocation = {
        id: newId('revocation', tx.nowMs),
        createdAt: tx.nowMs,
        expiresAt: tx.nowMs + accessTokenSeconds * 1000 + clockMarginMs,
        userId: what.userId,
        sessionId: what.sessionId ?? null,
        generation: what.generation ?? null,
        role: what.role ?? null,
      }
      await tx.query.insertInto('revocations').values(revocation).execute()
      tx.afterCommit(() => feed.apply(revocation))
    },
  }
}

/** What the feed reads: made at or after a time, and not expired. */
export async function readRevocations(
  query: Kysely<Tables>,
  sinceMs: number,
  nowMs: number,
): Promise<readonly Revocation[]> {
  return await query
    .selectFrom('revocations')
    .selectAll()
    .where('createdAt', '>=', Math.max(0, sinceMs))
    .where('expiresAt', '>', nowMs)
    .execute()
}
