import { isUniqueViolation } from '../database/unique.ts'
import { searchTextOf } from '../platform/fold.ts'
import { refuse } from '../platform/refusal.ts'
import type { Refusal } from '../platform/refusal.ts'
import { mailLink, mailNotice } from './mail-tokens.ts'
import { foldEmail } from './model.ts'
import type { AccountParts } from './parts.ts'
import { findUsableAccount, updateAccount } from './store.ts'
import type { Account } from './store.ts'

export interface ProfileChange {
  readonly name?: string | undefined
  readonly email?: string | undefined
}

/**
 * Changes name or email. A new email is unproved until the link that goes there is used, and the old address hears of the
 * change. Refuses `email_taken`.
 */
export async function updateProfile(
  parts: AccountParts,
  userId: string,
  change: ProfileChange,
): Promise<Account | Refusal<'email_taken' | 'unauthenticated'>> {
  try {
    return await parts.database.write(async (tx) => {
      const before = await findUsableAccount(tx.query, userId)
      if (!before) return refuse('unauthenticated')
      const email = change.email ?? before.email
      const name = change.name ?? before.name
      const emailFolded = foldEmail(email)
      const moved = emailFolded !== before.emailFolded
      const emailVerifiedAt = moved ? null : before.emailVerifiedAt
      const changed = { email, emailFolded, name, emailVerifiedAt, searchText: searchTextOf([email, name]) }
      await updateAccount(tx, userId, changed)
      const after = { ...before, ...changed }
      if (moved) {
        await mailNotice(tx, before, 'email-changed')
        await mailLink(tx, after, 'verify_email')
      }
      return after
    })
  } catch (error) {
    if (isUniqueViolation(error)) return refuse('email_taken')
    throw error
  }
}
