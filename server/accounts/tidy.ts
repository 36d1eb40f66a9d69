import type { Transaction } from '../database/database.ts'
import { dropOldAccessKeys } from './signing-keys.ts'

/** How long what has ended is remembered, milliseconds: people look where they were signed in last week. */
const rememberedMs = 30 * 24 * 3600 * 1000

/** Takes out what no longer opens or limits anything. Nothing depends on when it runs, or whether it does. */
export async function tidyAccounts(tx: Transaction): Promise<void> {
  const { query, nowMs } = tx
  await query.deleteFrom('revocations').where('expiresAt', '<=', nowMs).execute()
  await query.deleteFrom('throttles').where('emptyAt', '<=', nowMs).execute()
  await query
    .deleteFrom('mailTokens')
    .where('expiresAt', '<=', nowMs - rememberedMs)
    .execute()
  await query.deleteFrom('refreshTokens').where('expiresAt', '<=', nowMs).execute()
  await query
    .deleteFrom('sessions')
    .where('expiresAt', '<=', nowMs - rememberedMs)
    .execute()
  await query
    .deleteFrom('sessions')
    .where('endedAt', '<=', nowMs - rememberedMs)
    .execute()
  await dropOldAccessKeys(tx)
}
