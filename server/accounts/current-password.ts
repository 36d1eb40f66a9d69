import { isRefusal, refuse, refuseField } from '../platform/refusal.ts'
import type { Refusal } from '../platform/refusal.ts'
import { bucket, countAttempt, refuseWhenFull } from './attempts.ts'
import { isFresh } from './model.ts'
import type { AccountParts } from './parts.ts'
import { judgeLength } from './password-rules.ts'
import { findSession } from './sessions.ts'
import type { Account } from './store.ts'
import { limits } from './throttle.ts'

/** Judges the password that somebody signed in shows once more; a wrong one is counted against the account itself. */
export async function judgeCurrentPassword(
  { database, rules, hasher, clock }: AccountParts,
  account: Account,
  currentPassword: string,
): Promise<Refusal<'invalid_credentials' | 'rate_limited' | 'overloaded'> | null> {
  const tries = bucket(limits.code, 'change-password', account.id)
  const refused = rules.throttled ? await refuseWhenFull(database.read, tries, clock.now()) : null
  if (refused) return refused
  const verdict = await hasher.check(currentPassword, account.passwordHash)
  if (isRefusal(verdict)) return verdict
  if (verdict.matches) return null
  if (rules.throttled) await database.write((tx) => countAttempt(tx, tries))
  return wrongPassword()
}

export function wrongPassword(): Refusal<'invalid_credentials'> {
  return refuse('invalid_credentials', 'The current password is wrong.')
}

export type ProofRefusal = Refusal<'validation_failed' | 'invalid_credentials' | 'rate_limited' | 'overloaded'>

/**
 * What a session alone may not do, for it may have been left open or carried away, asks for the password; not in its first
 * minutes, as it was shown then (0093, 0095). Null where it is proved.
 */
export async function judgeProof(
  parts: AccountParts,
  account: Account,
  sessionId: string,
  currentPassword: string | undefined,
): Promise<ProofRefusal | null> {
  if (currentPassword === undefined) {
    const session = await findSession(parts.database.read, sessionId)
    if (session && isFresh(session, parts.clock.now())) return null
    return refuseField('/currentPassword', 'is needed: this session began more than five minutes ago')
  }
  return (
    judgeLength(currentPassword, '/currentPassword') ?? (await judgeCurrentPassword(parts, account, currentPassword))
  )
}
