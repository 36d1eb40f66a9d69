import type { Role } from '../../../contract/operation.ts'
import { createAccount } from '../../accounts/create-account.ts'
import { createPasswordHasher } from '../../accounts/password-hashing.ts'
import type { Transaction } from '../../database/database.ts'
import { assert } from '../../platform/assert.ts'
import { isRefusal } from '../../platform/refusal.ts'

export interface DemoAccount {
  readonly email: string
  readonly name: string
  readonly role: Role
  /** Easy to guess, and printed with a warning: the demo alone may set such passwords. */
  readonly password: string
}

/** Who signs in to the demo: one of each role. */
export const demoAccounts: readonly [DemoAccount, ...DemoAccount[]] = [
  { email: 'admin@example.com', name: 'Avery Adler', role: 'admin', password: 'admin123' },
  { email: 'owner@example.com', name: 'Orla Okafor', role: 'owner', password: 'owner123' },
  { email: 'staff@example.com', name: 'Sam Stavros', role: 'staff', password: 'staff123' },
  { email: 'customer@example.com', name: 'Casey Calder', role: 'customer', password: 'customer123' },
]

/** The demo's accounts with their passwords hashed: takes some 0.1 s of processor, so it is done before a transaction. */
export type HashedAccount = DemoAccount & { readonly passwordHash: string }

export async function hashDemoPasswords(): Promise<HashedAccount[]> {
  const hasher = createPasswordHasher()
  return await Promise.all(
    demoAccounts.map(async (account) => {
      const passwordHash = await hasher.hash(account.password)
      assert(!isRefusal(passwordHash), 'Four passwords are no flood')
      return { ...account, passwordHash }
    }),
  )
}

/** Makes the accounts and answers their ids by role; an email that has an account already keeps that one. */
export async function createDemoAccounts(
  tx: Transaction,
  accounts: readonly HashedAccount[],
): Promise<Partial<Record<Role, string>>> {
  const ids: Partial<Record<Role, string>> = {}
  for (const { email, name, role, passwordHash } of accounts) {
    const account = await createAccount(tx, { email, name, role, passwordHash, emailVerified: true })
    if (!isRefusal(account)) ids[role] = account.id
  }
  return ids
}
