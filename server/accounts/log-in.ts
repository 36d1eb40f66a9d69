import type { Transaction } from '../database/database.ts'
import { isRefusal, refuse } from '../platform/refusal.ts'
import type { Refusal } from '../platform/refusal.ts'
import { bucket, countAttempt, forgetAttempts, refuseWhenFull } from './attempts.ts'
import type { Bucket } from './attempts.ts'
import { foldEmail, isUsable } from './model.ts'
import type { AccountParts } from './parts.ts'
import { judgeLength } from './password-rules.ts'
import { judgeFactor } from './second-factor.ts'
import { signedInFrom, startSession } from './sessions.ts'
import type { SessionRequest } from './sessions.ts'
import type { SignIn } from './sign-in.ts'
import { findAccountByEmail, lockAccount, updateAccount } from './store.ts'
import type { Account } from './store.ts'
import { limits } from './throttle.ts'
import { joinGuest } from './verify-email.ts'

export interface Credentials {
  readonly email: string
  readonly password: string
  /** From the second factor, or a recovery code. */
  readonly code?: string | undefined
}

export type LoginRefusal = Refusal<
  'validation_failed' | 'invalid_credentials' | 'second_factor_required' | 'forbidden' | 'rate_limited' | 'overloaded'
>

/** Signs in. An unknown email costs the same work and gets the same answer as a wrong password. */
export async function logIn(
  parts: AccountParts,
  { email, password, code }: Credentials,
  from: SessionRequest,
): Promise<SignIn | LoginRefusal> {
  const tooLong = judgeLength(password, '/password')
  if (tooLong) return tooLong
  const emailFolded = foldEmail(email)
  const account = await findAccountByEmail(parts.database.read, emailFolded)
  const buckets = bucketsOf(emailFolded, from.address)
  const refused = await judgeAttempts(parts, buckets, account, from.address)
  if (refused) return refused

  const hash = account?.passwordHash ?? null
  const verdict = await parts.hasher.check(password, hash)
  if (isRefusal(verdict)) return verdict
  if (!account || !verdict.matches) {
    await countFailure(parts, buckets)
    return refuse('invalid_credentials', undefined, { about: account?.id })
  }
  const about = account.id
  if (account.bannedAt !== null) return refuse('forbidden', 'This account is suspended.', { about })
  const better = verdict.outdated ? await parts.hasher.hash(password) : null
  if (isRefusal(better)) return better
  const entered = await parts.database.write((tx) => enter(tx, parts, account, { code, better, buckets, from }))
  return entered ?? refuse('invalid_credentials', 'The code of the second factor is wrong.', { about })
}

interface Entry {
  readonly code: string | undefined
  /** A hash made anew of the same password, to take the place of an outdated one. */
  readonly better: string | null
  readonly buckets: Buckets
  readonly from: SessionRequest
}

/** Null: the code was wrong, and that is counted in the same commit. */
async function enter(
  tx: Transaction,
  parts: AccountParts,
  read: Account,
  { code, better, buckets, from }: Entry,
): Promise<SignIn | LoginRefusal | null> {
  const account = await lockAccount(tx, read.id)
  // Between the check and now: a new password, a ban, a farewell.
  if (!account || !isUsable(account) || account.passwordHash !== read.passwordHash) return refuse('invalid_credentials')
  const factor = await judgeFactor(tx, parts, account, code)
  if (isRefusal(factor)) return factor
  if (factor === 'wrong') return null
  await forgetAttempts(tx, buckets.pair)
  if (account.emailVerifiedAt !== null) await joinGuest(tx, parts, account)
  await updateAccount(tx, account.id, { lastSignedInAt: tx.nowMs, ...(better !== null && { passwordHash: better }) })
  return { account, session: await startSession(tx, account, from) }
}

interface Buckets {
  readonly pair: Bucket
  readonly address: Bucket
}

function bucketsOf(emailFolded: string, address: string): Buckets {
  return {
    pair: bucket(limits.passwordByAccountAndAddress, 'password', emailFolded, address),
    address: bucket(limits.passwordByAddress, 'password', address),
  }
}

/** An address that guesses at many accounts is stopped; whoever signed in from there before is judged by the own tries alone. */
async function judgeAttempts(
  parts: AccountParts,
  buckets: Buckets,
  account: Account | undefined,
  address: string,
): Promise<Refusal<'rate_limited'> | null> {
  if (!parts.rules.throttled) return null
  const { read } = parts.database
  const nowMs = parts.clock.now()
  const refused = await refuseWhenFull(read, buckets.pair, nowMs)
  if (refused) return refused
  const crowded = await refuseWhenFull(read, buckets.address, nowMs)
  return crowded && account && (await signedInFrom(read, account.id, address, nowMs)) ? null : crowded
}

async function countFailure(parts: AccountParts, buckets: Buckets): Promise<void> {
  if (!parts.rules.throttled) return
  await parts.database.write(async (tx) => {
    await countAttempt(tx, buckets.pair)
    await countAttempt(tx, buckets.address)
  })
}
