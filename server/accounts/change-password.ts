import type { Transaction } from '../database/database.ts'
import { isRefusal, refuse } from '../platform/refusal.ts'
import type { Refusal } from '../platform/refusal.ts'
import { judgeCurrentPassword, wrongPassword } from './current-password.ts'
import { endEverySession } from './end-session.ts'
import { mailNotice } from './mail-tokens.ts'
import type { AccountParts } from './parts.ts'
import { judgeLength, judgePassword } from './password-rules.ts'
import { dropRefreshTokens, findSession, renewCookieSecret, rotateRefreshToken } from './sessions.ts'
import type { SignIn } from './sign-in.ts'
import { findUsableAccount, lockUsableAccount, updateAccount } from './store.ts'
import type { Account } from './store.ts'

export interface PasswordChange {
  readonly currentPassword: string
  readonly newPassword: string
}

/**
 * Changes the password of somebody signed in. Every other session ends, and every token from before; the session that asked
 * goes on with new ones.
 */
export async function changePassword(
  parts: AccountParts,
  caller: { readonly userId: string; readonly sessionId: string },
  { currentPassword, newPassword }: PasswordChange,
): Promise<
  | SignIn
  | Refusal<
      'validation_failed' | 'weak_password' | 'invalid_credentials' | 'unauthenticated' | 'rate_limited' | 'overloaded'
    >
> {
  const { database, hasher } = parts
  const read = await findUsableAccount(database.read, caller.userId)
  if (!read) return refuse('unauthenticated')
  const unfit =
    judgeLength(currentPassword, '/currentPassword') ??
    judgePassword(newPassword, read, parts.commonPasswords, '/newPassword')
  if (unfit) return unfit
  const refused = await judgeCurrentPassword(parts, read, currentPassword)
  if (refused) return refused
  const passwordHash = await hasher.hash(newPassword)
  if (isRefusal(passwordHash)) return passwordHash
  return await database.write((tx) => replacePassword(tx, parts, read, caller.sessionId, passwordHash))
}

async function replacePassword(
  tx: Transaction,
  parts: AccountParts,
  read: Account,
  sessionId: string,
  passwordHash: string,
): Promise<SignIn | Refusal<'invalid_credentials' | 'unauthenticated'>> {
  const account = await lockUsableAccount(tx, read.id)
  const session = await findSession(tx.query, sessionId)
  if (!account || !session || session.endedAt !== null) return refuse('unauthenticated')
  // Two changes at once: the second rests on a password that is no more.
  if (account.passwordHash !== read.passwordHash) return wrongPassword()
  await updateAccount(tx, account.id, { passwordHash })
  const generation = await endEverySession(tx, parts, account, session.id)
  await dropRefreshTokens(tx, session.id)
  const secret =
    session.kind === 'token' ? await rotateRefreshToken(tx, session) : await renewCookieSecret(tx, session.id)
  await mailNotice(tx, account, 'password-changed')
  return {
    account: { ...account, passwordHash, generation },
    session: { id: session.id, kind: session.kind, secret, expiresAt: session.expiresAt },
  }
}
