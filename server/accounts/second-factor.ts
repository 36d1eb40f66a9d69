import type { Kysely } from 'kysely'
import type { Transaction } from '../database/database.ts'
import type { Tables } from '../database/tables/index.ts'
import { refuse } from '../platform/refusal.ts'
import type { Refusal } from '../platform/refusal.ts'
import { bucket, countAttempt, refuseWhenFull } from './attempts.ts'
import { judgeProof, wrongPassword } from './current-password.ts'
import type { ProofRefusal } from './current-password.ts'
import { mailNotice } from './mail-tokens.ts'
import { actingRole, isFresh, worksHere } from './model.ts'
import type { AccountParts } from './parts.ts'
import { hashToken } from './secret-token.ts'
import { findSession } from './sessions.ts'
import { findUsableAccount, lockUsableAccount, updateAccount } from './store.ts'
import type { Account } from './store.ts'
import { limits } from './throttle.ts'
import { foldRecoveryCode, matchTotp, newRecoveryCodes, newTotpSecret, otpauthUrl } from './totp.ts'

const sealing = 'totp'

export interface FactorState {
  readonly active: boolean
  readonly required: boolean
  readonly recoveryCodesLeft: number
}

export async function readSecondFactor(
  parts: AccountParts,
  query: Kysely<Tables>,
  account: Account,
): Promise<FactorState> {
  const codes = await query
    .selectFrom('recoveryCodes')
    .select('hash')
    .where('userId', '=', account.id)
    .where('usedAt', 'is', null)
    .execute()
  return {
    active: account.totpConfirmedAt !== null,
    required: parts.rules.factorRequired && worksHere(account.role),
    recoveryCodesLeft: codes.length,
  }
}

type StartRefusal = ProofRefusal | Refusal<'second_factor_active' | 'unauthenticated'>

/**
 * Makes a secret for an authenticator app. Nothing is asked for at sign-in until a first code has confirmed it. It asks for the
 * password, or whoever finds a session open could keep its owner out by a factor of their own.
 */
export async function startSecondFactor(
  parts: AccountParts,
  caller: { readonly userId: string; readonly sessionId: string },
  currentPassword: string | undefined,
): Promise<{ secret: string; otpauthUrl: string } | StartRefusal> {
  const read = await findUsableAccount(parts.database.read, caller.userId)
  if (!read) return refuse('unauthenticated')
  if (read.totpConfirmedAt !== null) return refuse('second_factor_active')
  const unproved = await judgeProof(parts, read, caller.sessionId, currentPassword)
  return unproved ?? (await parts.database.write(async (tx) => await makeSecret(tx, parts, read)))
}

async function makeSecret(
  tx: Transaction,
  parts: AccountParts,
  read: Account,
): Promise<{ secret: string; otpauthUrl: string } | StartRefusal> {
  const account = await lockUsableAccount(tx, read.id)
  if (!account) return refuse('unauthenticated')
  // What was proved was proved with a password that is no more.
  if (account.passwordHash !== read.passwordHash) return wrongPassword()
  if (account.totpConfirmedAt !== null) return refuse('second_factor_active')
  const secret = newTotpSecret()
  await updateAccount(tx, account.id, { totpSecret: parts.secrets.encrypt(sealing, secret), totpUsedStep: null })
  return { secret, otpauthUrl: otpauthUrl(secret, account.email) }
}

/** Turns the second factor on and answers the recovery codes. Null: the code was wrong, and that has been counted. */
export async function confirmSecondFactor(
  tx: Transaction,
  parts: AccountParts,
  account: Account,
  code: string,
): Promise<
  { recoveryCodes: string[] } | Refusal<'second_factor_active' | 'second_factor_not_started' | 'rate_limited'> | null
> {
  if (account.totpConfirmedAt !== null) return refuse('second_factor_active')
  if (account.totpSecret === null) return refuse('second_factor_not_started')
  const tried = await tryCode(tx, parts, account, () => spendTotp(tx, parts, account, code))
  if (tried !== true) return tried === false ? null : tried
  const recoveryCodes = newRecoveryCodes()
  await tx.query.deleteFrom('recoveryCodes').where('userId', '=', account.id).execute()
  const rows = recoveryCodes.map((recovery) => ({ userId: account.id, hash: hashRecovery(recovery), usedAt: null }))
  await tx.query.insertInto('recoveryCodes').values(rows).execute()
  await changeFactor(tx, parts, account, { totpConfirmedAt: tx.nowMs })
  await mailNotice(tx, account, 'second-factor-on')
  return { recoveryCodes }
}

/**
 * Turns the second factor off, started or confirmed. One that is on asks for a code, so that a stolen session is not enough;
 * not from who showed one a few minutes ago, by signing in or by turning it on. Null: the code was wrong, and is counted.
 */
export async function removeSecondFactor(
  tx: Transaction,
  parts: AccountParts,
  account: Account,
  { sessionId, code }: { readonly sessionId: string; readonly code: string | undefined },
): Promise<undefined | null | Refusal<'second_factor_required' | 'rate_limited'>> {
  if (account.totpSecret === null) return undefined
  if (code !== undefined || !(await hasJustProved(tx, account, sessionId))) {
    const judged = await judgeFactor(tx, parts, account, code)
    if (judged !== 'passed') return judged === 'wrong' ? null : judged
  }
  await tx.query.deleteFrom('recoveryCodes').where('userId', '=', account.id).execute()
  await changeFactor(tx, parts, account, { totpSecret: null, totpConfirmedAt: null, totpUsedStep: null })
  if (account.totpConfirmedAt !== null) await mailNotice(tx, account, 'second-factor-off')
  return undefined
}

/** A code that was shown a moment ago counts for turning the factor off as well. */
async function hasJustProved(tx: Transaction, account: Account, sessionId: string): Promise<boolean> {
  if (account.totpConfirmedAt === null || isFresh({ createdAt: account.totpConfirmedAt }, tx.nowMs)) return true
  const session = await findSession(tx.query, sessionId)
  return session !== undefined && isFresh(session, tx.nowMs)
}

/** Where the house demands the factor, the role that the account acts in comes and goes with it: at once. */
async function changeFactor(
  tx: Transaction,
  parts: AccountParts,
  account: Account,
  change: Partial<Pick<Account, 'totpSecret' | 'totpConfirmedAt' | 'totpUsedStep'>>,
): Promise<void> {
  await updateAccount(tx, account.id, change)
  const before = actingRole(account, parts.rules.factorRequired)
  const after = actingRole({ ...account, ...change }, parts.rules.factorRequired)
  if (before !== after) await parts.revoker.revoke(tx, { userId: account.id, role: after })
}

/** Judges the code of a sign-in: `wrong` has been counted and is to be committed. */
export async function judgeFactor(
  tx: Transaction,
  parts: AccountParts,
  account: Account,
  code: string | undefined,
): Promise<'passed' | 'wrong' | Refusal<'second_factor_required' | 'rate_limited'>> {
  if (account.totpConfirmedAt === null) return 'passed'
  if (code === undefined) return refuse('second_factor_required')
  const tried = await tryCode(tx, parts, account, async () => {
    return (await spendTotp(tx, parts, account, code)) || (await spendRecoveryCode(tx, account, code))
  })
  if (typeof tried !== 'boolean') return tried
  return tried ? 'passed' : 'wrong'
}

async function tryCode(
  tx: Transaction,
  parts: AccountParts,
  account: Account,
  spend: () => Promise<boolean>,
): Promise<boolean | Refusal<'rate_limited'>> {
  if (!parts.rules.throttled) return await spend()
  const tries = bucket(limits.code, 'code', account.id)
  const refused = await refuseWhenFull(tx.query, tries, tx.nowMs)
  if (refused) return refused
  if (await spend()) return true
  await countAttempt(tx, tries)
  return false
}

/** A code counts once, also when it is shown twice at once. */
async function spendTotp(tx: Transaction, parts: AccountParts, account: Account, code: string): Promise<boolean> {
  if (account.totpSecret === null) return false
  const secret = parts.secrets.decrypt(sealing, account.totpSecret)
  const step = matchTotp(secret, code, tx.nowMs, account.totpUsedStep)
  if (step === null) return false
  const { numUpdatedRows } = await tx.query
    .updateTable('users')
    .set({ totpUsedStep: step })
    .where('id', '=', account.id)
    .where((eb) => eb.or([eb('totpUsedStep', 'is', null), eb('totpUsedStep', '<', step)]))
    .executeTakeFirst()
  return numUpdatedRows === 1n
}

async function spendRecoveryCode(tx: Transaction, account: Account, code: string): Promise<boolean> {
  if (foldRecoveryCode(code) === null) return false
  const { numUpdatedRows } = await tx.query
    .updateTable('recoveryCodes')
    .set({ usedAt: tx.nowMs })
    .where('userId', '=', account.id)
    .where('hash', '=', hashRecovery(code))
    .where('usedAt', 'is', null)
    .executeTakeFirst()
  return numUpdatedRows === 1n
}

function hashRecovery(code: string): string {
  return hashToken(foldRecoveryCode(code) ?? code)
}
