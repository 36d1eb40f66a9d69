import type { Kysely } from 'kysely'
import type { Transaction } from '../database/database.ts'
import type { Tables } from '../database/tables/index.ts'
import { refuse } from '../platform/refusal.ts'
import type { Refusal } from '../platform/refusal.ts'
import { hashToken } from './secret-token.ts'
import { afterAttempt, isFull, secondsUntilFree } from './throttle.ts'
import type { Limit } from './throttle.ts'

/** One bucket: what is limited, for whom. The name is stored hashed, as it holds emails and addresses. */
export interface Bucket {
  readonly limit: Limit
  readonly key: string
}

export function bucket(limit: Limit, ...parts: readonly string[]): Bucket {
  return { limit, key: hashToken(parts.join('\n')) }
}

/** `rate_limited` with the time to wait when the bucket is full, else null. It counts nothing. */
export async function refuseWhenFull(
  query: Kysely<Tables>,
  { limit, key }: Bucket,
  nowMs: number,
): Promise<Refusal<'rate_limited'> | null> {
  const row = await query.selectFrom('throttles').select('emptyAt').where('key', '=', key).executeTakeFirst()
  if (!row || !isFull(limit, row.emptyAt, nowMs)) return null
  return refuse('rate_limited', 'Too many attempts.', {
    retryAfterSeconds: secondsUntilFree(limit, row.emptyAt, nowMs),
  })
}

/** Counts one attempt, also beyond the limit: several at once cannot slip past each other. */
export async function countAttempt(tx: Transaction, { limit, key }: Bucket): Promise<void> {
  const emptyAt = afterAttempt(limit, null, tx.nowMs)
  await tx.query
    .insertInto('throttles')
    .values({ key, emptyAt })
    .onConflict((conflict) =>
      conflict.column('key').doUpdateSet(({ eb, ref }) => ({
        emptyAt: eb
          .case()
          .when(ref('throttles.emptyAt'), '<', tx.nowMs)
          .then(emptyAt)
          .else(eb(ref('throttles.emptyAt'), '+', limit.intervalMs))
          .end(),
      })),
    )
    .execute()
}

/** Counts an attempt that is only allowed while the bucket has room. Several at once are judged one after the other. */
export async function takeAttempt(tx: Transaction, of: Bucket): Promise<Refusal<'rate_limited'> | null> {
  await lockBucket(tx, of)
  const refused = await refuseWhenFull(tx.query, of, tx.nowMs)
  if (!refused) await countAttempt(tx, of)
  return refused
}

/** Keeps a bucket, be it a new one, from others until the transaction ends. On SQLite the transaction itself is the lock. */
async function lockBucket(tx: Transaction, { key }: Bucket): Promise<void> {
  if (tx.raw.engine === 'sqlite') return
  await tx.query
    .insertInto('throttles')
    .values({ key, emptyAt: tx.nowMs })
    .onConflict((conflict) => conflict.column('key').doUpdateSet(({ ref }) => ({ emptyAt: ref('throttles.emptyAt') })))
    .execute()
  tx.renewTime()
}

export async function forgetAttempts(tx: Transaction, { key }: Bucket): Promise<void> {
  await tx.query.deleteFrom('throttles').where('key', '=', key).execute()
}
