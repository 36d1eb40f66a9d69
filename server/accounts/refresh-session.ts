import type { Transaction } from '../database/database.ts'
import { refuse } from '../platform/refusal.ts'
import type { Refusal } from '../platform/refusal.ts'
import { endSession } from './end-session.ts'
import { isLive, isUsable } from './model.ts'
import type { AccountParts } from './parts.ts'
import { hashToken } from './secret-token.ts'
import { findRefreshToken, findSession, rotateRefreshToken, useRefreshToken } from './sessions.ts'
import type { SignIn } from './sign-in.ts'
import { findAccount } from './store.ts'

/**
 * Changes a refresh token for the next one. A token that was used before has been copied: its whole session ends, for the
 * thief as for the owner (RFC 9700, section 4.14.2). Of several at once with one token, one is the first use.
 */
export async function refreshSession(
  parts: AccountParts,
  refreshToken: string,
): Promise<SignIn | Refusal<'unauthenticated'>> {
  const refreshed = await parts.database.write((tx) => rotate(tx, parts, hashToken(refreshToken)))
  return refreshed ?? refuse('unauthenticated', 'This refresh token is not valid.')
}

/** Null is a refusal whose effect, the end of the session, is to be committed. */
async function rotate(tx: Transaction, parts: AccountParts, hash: string): Promise<SignIn | null> {
  const token = await findRefreshToken(tx.query, hash)
  const session = token && (await findSession(tx.query, token.sessionId))
  const account = session && (await findAccount(tx.query, session.userId))
  if (!token || !account || !isUsable(account) || !isLive(session, account.role, tx.nowMs)) return null
  if (!(await useRefreshToken(tx, hash))) {
    await endSession(tx, parts, session)
    return null
  }
  if (token.expiresAt <= tx.nowMs) return null
  const secret = await rotateRefreshToken(tx, session)
  return { account, session: { id: session.id, kind: 'token', secret, expiresAt: session.expiresAt } }
}
