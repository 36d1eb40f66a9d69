import type { Transaction } from '../database/database.ts'
import { refuse } from '../platform/refusal.ts'
import type { Refusal } from '../platform/refusal.ts'
import type { AccountParts } from './parts.ts'
import { hashToken } from './secret-token.ts'
import { endSessionRow, endSessionRows, findRefreshToken, findSession } from './sessions.ts'
import type { AccountSession } from './sessions.ts'
import { updateAccount } from './store.ts'
import type { Account } from './store.ts'

/** Ends a session: its refresh tokens and its access tokens, at once. */
export async function endSession(
  tx: Transaction,
  parts: AccountParts,
  session: Pick<AccountSession, 'id' | 'userId'>,
): Promise<void> {
  if (await endSessionRow(tx, session.id)) {
    await parts.revoker.revoke(tx, { userId: session.userId, sessionId: session.id })
  }
}

/** Ends every session of an account, but for one to keep, and every access token there is; answers the account's next generation. */
export async function endEverySession(
  tx: Transaction,
  parts: AccountParts,
  account: Pick<Account, 'id' | 'generation'>,
  exceptId: string | null,
): Promise<number> {
  const generation = account.generation + 1
  await endSessionRows(tx, account.id, exceptId)
  await updateAccount(tx, account.id, { generation })
  await parts.revoker.revoke(tx, { userId: account.id, generation })
  return generation
}

/** Signs out: the session of the caller, or the one that a refresh token belongs to. */
export async function logOut(
  parts: AccountParts,
  sessionId: string | null,
  refreshToken: string | undefined,
): Promise<Refusal<'unauthenticated'> | undefined> {
  return await parts.database.write(async (tx) => {
    const token = refreshToken === undefined ? undefined : await findRefreshToken(tx.query, hashToken(refreshToken))
    const ids = [sessionId, token?.sessionId].filter((id) => typeof id === 'string')
    if (ids.length === 0) return refuse('unauthenticated')
    for (const id of ids) {
      const session = await findSession(tx.query, id)
      if (session) await endSession(tx, parts, session)
    }
    return undefined
  })
}
