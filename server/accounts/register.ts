import type { Refusal } from '../platform/refusal.ts'
import { isRefusal, refuse } from '../platform/refusal.ts'
import { createAccount } from './create-account.ts'
import { mailLink } from './mail-tokens.ts'
import { foldEmail } from './model.ts'
import type { AccountParts } from './parts.ts'
import { judgePassword } from './password-rules.ts'
import { startSession } from './sessions.ts'
import type { SessionRequest } from './sessions.ts'
import type { SignIn } from './sign-in.ts'
import { findAccountByEmail, updateAccount } from './store.ts'

export interface Registration {
  readonly email: string
  readonly password: string
  readonly name: string
  readonly role?: 'customer' | 'owner' | undefined
  readonly locale: string | null
}

/**
 * Opens an account, mails a link that verifies its email, and signs it in. `OWNER_SIGNUP=approval` makes a customer whose
 * wish to be an owner waits for an administrator; `closed` refuses the wish.
 */
export async function register(
  parts: AccountParts,
  wanted: Registration,
  from: SessionRequest,
): Promise<SignIn | Refusal<'validation_failed' | 'weak_password' | 'forbidden' | 'email_taken' | 'overloaded'>> {
  if (wanted.role === 'owner' && parts.rules.ownerSignup === 'closed')
    return refuse('forbidden', 'Owners are not signing up here at present.')
  const weak = judgePassword(wanted.password, wanted, parts.commonPasswords, '/password')
  if (weak) return weak
  return await parts.inTurn(foldEmail(wanted.email), () => open(parts, wanted, from))
}

/** A role that was asked for is given, or waits for an administrator. */
async function open(
  parts: AccountParts,
  wanted: Registration,
  from: SessionRequest,
): Promise<SignIn | Refusal<'email_taken' | 'overloaded'>> {
  // The answer says so anyway (409): no need to hash a password for it.
  if (await findAccountByEmail(parts.database.read, foldEmail(wanted.email))) return refuse('email_taken')
  const passwordHash = await parts.hasher.hash(wanted.password)
  if (isRefusal(passwordHash)) return passwordHash
  const asOwner = wanted.role === 'owner'
  const { ownerSignup } = parts.rules
  return await parts.database.write(async (tx) => {
    const account = await createAccount(tx, {
      email: wanted.email,
      name: wanted.name,
      role: asOwner && ownerSignup === 'open' ? 'owner' : 'customer',
      requestedRole: asOwner && ownerSignup === 'approval' ? 'owner' : null,
      passwordHash,
      locale: wanted.locale,
    })
    if (isRefusal(account)) return account
    await updateAccount(tx, account.id, { lastSignedInAt: tx.nowMs })
    await mailLink(tx, account, 'verify_email')
    return { account, session: await startSession(tx, account, from) }
  })
}
