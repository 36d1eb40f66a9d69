import type { Role } from '../../contract/operation.ts'
import type { Transaction } from '../database/database.ts'
import { enqueue } from '../database/outbox.ts'
import { refuse } from '../platform/refusal.ts'
import type { Refusal } from '../platform/refusal.ts'
import { endEverySession } from './end-session.ts'
import { actingRole, isDemotion } from './model.ts'
import type { AccountParts } from './parts.ts'
import { countAdministrators, findAccount, lockAccount, lockAdministrators, updateAccount } from './store.ts'
import type { Account } from './store.ts'

export interface AccountChange {
  readonly role?: Role | undefined
  readonly banned?: boolean | undefined
}

/**
 * Changes the role of an account, bans it or lets it in again, for an administrator. What it may no longer do stops at once.
 * The last administrator who could still act cannot be taken away, whoever asks at the same time: `last_admin`.
 */
export async function changeAccount(
  tx: Transaction,
  parts: AccountParts,
  actorId: string,
  userId: string,
  change: AccountChange,
): Promise<Account | Refusal<'not_found' | 'last_admin' | 'forbidden'>> {
  await lockAdministrators(tx)
  const before = await lockAccount(tx, userId)
  if (!before || before.deletedAt !== null) return refuse('not_found')
  const role = change.role ?? before.role
  const banned = change.banned ?? before.bannedAt !== null
  const wasAdministrator = before.role === 'admin' && before.bannedAt === null
  if (wasAdministrator && (role !== 'admin' || banned) && (await countAdministrators(tx)) === 1) {
    return refuse('last_admin')
  }
  // Another administrator may have taken the actor's role away while this one waited for the lock.
  const actor = await findAccount(tx.query, actorId)
  if (actor?.role !== 'admin' || actor.bannedAt !== null) return refuse('forbidden')
  if (banned && before.bannedAt === null) await endEverySession(tx, parts, before, null)
  await updateAccount(tx, userId, {
    bannedAt: banned ? (before.bannedAt ?? tx.nowMs) : null,
    // A role that is given, be it the one there was, answers the wish for one.
    ...(change.role !== undefined && { requestedRole: null }),
  })
  await changeRole(tx, parts, before.id, role)
  if (before.requestedRole === 'owner' && role === 'owner') {
    const { id, email, name, locale } = before
    await enqueue(tx, 'mail.owner-approved', { userId: id, email, name, locale })
  }
  return (await findAccount(tx.query, userId)) ?? refuse('not_found')
}

/** Gives an account another role. A higher one counts at once; a lower one ends every access token from before. */
async function changeRole(tx: Transaction, parts: AccountParts, userId: string, role: Role): Promise<void> {
  const account = await lockAccount(tx, userId)
  if (!account || account.role === role) return
  const generation = isDemotion(account.role, role) ? account.generation + 1 : account.generation
  await updateAccount(tx, userId, { role, generation })
  await parts.revoker.revoke(tx, {
    userId,
    role: actingRole({ ...account, role }, parts.rules.factorRequired),
    generation: generation === account.generation ? null : generation,
  })
}

/** A customer who is given a theatre to work in becomes staff; owners and administrators stay what they are. */
export async function raiseToStaff(tx: Transaction, parts: AccountParts, userId: string): Promise<void> {
  const account = await lockAccount(tx, userId)
  if (account?.role === 'customer') await changeRole(tx, parts, userId, 'staff')
}

/** Staff who have no theatre left are customers again; owners and administrators stay what they are. */
export async function lowerFromStaff(tx: Transaction, parts: AccountParts, userId: string): Promise<void> {
  const account = await lockAccount(tx, userId)
  if (account?.role === 'staff') await changeRole(tx, parts, userId, 'customer')
}
