import { isUniqueViolation } from '../database/unique.ts'
import type { Transaction } from '../database/database.ts'
import { searchTextOf } from '../platform/fold.ts'
import { refuse } from '../platform/refusal.ts'
import type { Refusal } from '../platform/refusal.ts'
import { judgeProof, wrongPassword } from './current-password.ts'
import type { ProofRefusal } from './current-password.ts'
import { mailLink, mailNotice } from './mail-tokens.ts'
import { foldEmail } from './model.ts'
import type { AccountParts } from './parts.ts'
import { findUsableAccount, lockUsableAccount, updateAccount } from './store.ts'
import type { Account } from './store.ts'

export interface ProfileChange {
  readonly name?: string | undefined
  readonly email?: string | undefined
  readonly currentPassword?: string | undefined
}

/**
 * Changes name or email. A new email is unproved until the link that goes there is used, and the old address hears of the
 * change. Whoever has the email can set a password, so a session alone does not change it: it asks for the password, but
 * for who signed in a moment ago (0093). Refuses `email_taken`.
 */
export async function updateProfile(
  parts: AccountParts,
  caller: { readonly userId: string; readonly sessionId: string },
  change: ProfileChange,
): Promise<Account | ProofRefusal | Refusal<'email_taken' | 'unauthenticated'>> {
  const read = await findUsableAccount(parts.database.read, caller.userId)
  if (!read) return refuse('unauthenticated')
  const unproved = moves(read, change) ? await judgeProof(parts, read, caller.sessionId, change.currentPassword) : null
  if (unproved) return unproved
  try {
    return await parts.database.write(async (tx) => await applyChange(tx, read, change))
  } catch (error) {
    if (isUniqueViolation(error)) return refuse('email_taken')
    throw error
  }
}

function moves({ emailFolded }: Account, { email }: ProfileChange): boolean {
  return email !== undefined && foldEmail(email) !== emailFolded
}

async function applyChange(
  tx: Transaction,
  read: Account,
  change: ProfileChange,
): Promise<Account | Refusal<'unauthenticated' | 'invalid_credentials'>> {
  const before = await lockUsableAccount(tx, read.id)
  if (!before) return refuse('unauthenticated')
  const moved = moves(before, change)
  // What was proved was proved with a password that is no more.
  if (moved && before.passwordHash !== read.passwordHash) return wrongPassword()
  const email = change.email ?? before.email
  const name = change.name ?? before.name
  const emailVerifiedAt = moved ? null : before.emailVerifiedAt
  const changed = {
    email,
    emailFolded: foldEmail(email),
    name,
    emailVerifiedAt,
    searchText: searchTextOf([email, name]),
  }
  await updateAccount(tx, before.id, changed)
  const after = { ...before, ...changed }
  if (moved) {
    await mailNotice(tx, before, 'email-changed')
    await mailLink(tx, after, 'verify_email')
  }
  return after
}
