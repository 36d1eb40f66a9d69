import type { Role } from '../../contract/operation.ts'
import type { Transaction } from '../database/database.ts'
import { searchTextOf } from '../platform/fold.ts'
import { newId } from '../platform/ids.ts'
import { refuse } from '../platform/refusal.ts'
import type { Refusal } from '../platform/refusal.ts'
import { foldEmail } from './model.ts'
import { insertAccount } from './store.ts'
import type { Account } from './store.ts'

export interface NewAccount {
  readonly email: string
  readonly name: string
  readonly role: Role
  /** argon2id (`PasswordHasher.hash`), or bcrypt from an import. */
  readonly passwordHash: string
  readonly requestedRole?: 'owner' | null
  readonly locale?: string | null
  /** For accounts that somebody of the house makes. */
  readonly emailVerified?: boolean
}

/**
 * Makes an account. The rules for passwords are the caller's: registration and `create-admin` judge theirs, the demo alone
 * does not. Refuses `email_taken`, also when two ask at once.
 */
export async function createAccount(tx: Transaction, wanted: NewAccount): Promise<Account | Refusal<'email_taken'>> {
  const account: Account = {
    id: newId('user', tx.nowMs),
    email: wanted.email,
    emailFolded: foldEmail(wanted.email),
    name: wanted.name,
    searchText: searchTextOf([wanted.email, wanted.name]),
    passwordHash: wanted.passwordHash,
    role: wanted.role,
    requestedRole: wanted.requestedRole ?? null,
    locale: wanted.locale ?? null,
    generation: 1,
    emailVerifiedAt: wanted.emailVerified ? tx.nowMs : null,
    bannedAt: null,
    deletedAt: null,
    totpSecret: null,
    totpConfirmedAt: null,
    totpUsedStep: null,
    lastSignedInAt: null,
    createdAt: tx.nowMs,
    updatedAt: tx.nowMs,
  }
  return (await insertAccount(tx, account)) ? account : refuse('email_taken')
}
