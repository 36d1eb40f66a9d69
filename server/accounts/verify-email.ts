import type { Transaction } from '../database/database.ts'
import { isRefusal, refuse } from '../platform/refusal.ts'
import type { Refusal } from '../platform/refusal.ts'
import { bucket, takeAttempt } from './attempts.ts'
import { mailLink, useMailToken } from './mail-tokens.ts'
import type { AccountParts } from './parts.ts'
import { findUsableAccount, lockUsableAccount, updateAccount } from './store.ts'
import type { Account } from './store.ts'
import { limits } from './throttle.ts'

/** Proves an email with the token of a mail. Only a POST uses it up: scanners that follow links in mails do no harm. */
export async function verifyEmail(parts: AccountParts, token: string): Promise<Refusal<'token_used'> | undefined> {
  return await parts.database.write(async (tx) => {
    const used = await useMailToken(tx, parts.secrets, token, 'verify_email')
    if (isRefusal(used)) return used
    const account = await lockUsableAccount(tx, used.userId)
    if (!account || account.emailFolded !== used.emailFolded) return refuse('token_used')
    await proveEmail(tx, parts, account)
    return undefined
  })
}

/** Marks the email of an account as its own; what was bought with it as a guest joins the account. */
export async function proveEmail(tx: Transaction, parts: AccountParts, account: Account): Promise<void> {
  if (account.emailVerifiedAt !== null) return
  await updateAccount(tx, account.id, { emailVerifiedAt: tx.nowMs })
  await joinGuest(tx, parts, account)
}

/** What was done as a guest with an email that is proved joins its account; it may have been done since. */
export async function joinGuest(
  tx: Transaction,
  parts: AccountParts,
  account: Pick<Account, 'id' | 'emailFolded'>,
): Promise<void> {
  const person = { userId: account.id, emailFolded: account.emailFolded }
  for (const dependent of parts.dependents) await dependent.emailVerified?.(tx, person)
}

/** Mails the link once more, at most three times an hour; nothing to do when the email is verified. */
export async function resendVerification(
  parts: AccountParts,
  userId: string,
): Promise<Refusal<'rate_limited' | 'unauthenticated'> | undefined> {
  return await parts.database.write(async (tx) => {
    const account = await findUsableAccount(tx.query, userId)
    if (!account) return refuse('unauthenticated')
    if (account.emailVerifiedAt !== null) return undefined
    const tries = bucket(limits.verificationMail, 'verify', account.id)
    const refused = parts.rules.throttled ? await takeAttempt(tx, tries) : null
    if (refused) return refused
    await mailLink(tx, account, 'verify_email')
    return undefined
  })
}
