import { isRefusal, refuse } from '../platform/refusal.ts'
import type { Refusal } from '../platform/refusal.ts'
import { bucket, takeAttempt } from './attempts.ts'
import { endEverySession } from './end-session.ts'
import { mailLink, mailNotice, nobodyAt, readMailToken, spendMailTokens, useMailToken } from './mail-tokens.ts'
import { foldEmail, isUsable } from './model.ts'
import type { AccountParts } from './parts.ts'
import { judgePassword } from './password-rules.ts'
import { findAccountByEmail, findUsableAccount, lockUsableAccount, updateAccount } from './store.ts'
import { limits } from './throttle.ts'
import { proveEmail } from './verify-email.ts'

/**
 * Mails a link to a new password where there is an account, at most three an hour, and tells none of it. The limit holds
 * whatever `RATE_LIMIT` says, and for addresses without an account: asking runs the same statements for both.
 */
export async function requestPasswordReset(parts: AccountParts, email: string): Promise<void> {
  const emailFolded = foldEmail(email)
  await parts.database.write(async (tx) => {
    const account = await findAccountByEmail(tx.query, emailFolded)
    const full = await takeAttempt(tx, bucket(limits.resetMail, 'reset', emailFolded))
    const recipient = account && isUsable(account) ? account : nobodyAt(email, emailFolded)
    if (!full) await mailLink(tx, recipient, 'reset_password')
  })
}

/**
 * Sets a new password with the token of a mail. Every session ends; a second factor stays. Whoever has the mail has the
 * address, so it counts as verified.
 */
export async function resetPassword(
  parts: AccountParts,
  token: string,
  newPassword: string,
): Promise<Refusal<'validation_failed' | 'weak_password' | 'token_used' | 'overloaded'> | undefined> {
  // Judged before the token is used up: a password that will not do can be mended.
  const link = await readMailToken(parts.database.read, parts.secrets, token, 'reset_password', parts.clock.now())
  const owner = link && (await findUsableAccount(parts.database.read, link.userId))
  if (!owner || owner.emailFolded !== link.emailFolded) return refuse('token_used')
  const weak = judgePassword(newPassword, owner, parts.commonPasswords, '/newPassword')
  if (weak) return weak
  const passwordHash = await parts.hasher.hash(newPassword)
  if (isRefusal(passwordHash)) return passwordHash
  return await parts.database.write(async (tx) => {
    const used = await useMailToken(tx, parts.secrets, token, 'reset_password')
    if (isRefusal(used)) return used
    const account = await lockUsableAccount(tx, used.userId)
    if (!account || account.emailFolded !== used.emailFolded) return refuse('token_used')
    await updateAccount(tx, account.id, { passwordHash })
    await endEverySession(tx, parts, account, null)
    await spendMailTokens(tx, account.id, 'reset_password')
    await proveEmail(tx, parts, account)
    await mailNotice(tx, account, 'password-changed')
    return undefined
  })
}
