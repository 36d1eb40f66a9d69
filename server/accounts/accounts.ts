import type { Database, Transaction } from '../database/database.ts'
import type { Identify } from '../http/caller.ts'
import type { Clock } from '../platform/clock.ts'
import type { Secrets } from '../platform/secrets.ts'
import { lowerFromStaff, raiseToStaff } from './change-account.ts'
import { createIdentify } from './identify.ts'
import type { AccountDependent, AccountParts, AccountRules } from './parts.ts'
import { createPasswordHasher } from './password-hashing.ts'
import type { HashStrength } from './password-hashing.ts'
import { readCommonPasswords } from './password-rules.ts'
import { createRevocationFeed } from './revocations.ts'
import { createRevoker, readRevocations } from './revoke.ts'
import { createAccessKeys } from './signing-keys.ts'
import { createTurns } from './turns.ts'

export interface AccountOptions {
  readonly database: Database
  readonly clock: Clock
  readonly secrets: Secrets
  readonly rules: AccountRules
  readonly publicUrl: string | null
  /** What hashing costs, where it is not the house's own measure. */
  readonly hashStrength?: HashStrength
  /** The rooms further right that keep something about people; they may need what accounts do for them. */
  readonly dependents?: (accounts: Accounts) => readonly AccountDependent[]
}

/** Accounts as the rest of the house sees them. */
export interface Accounts {
  readonly parts: AccountParts
  readonly identify: Identify
  /** A customer who is given a theatre to work in becomes staff, at once; nobody is ever lowered by it. */
  raiseToStaff(tx: Transaction, userId: string): Promise<void>
  /** Staff who have no theatre left are customers again, at once; owners and administrators stay what they are. */
  lowerFromStaff(tx: Transaction, userId: string): Promise<void>
}

export function createAccounts(options: AccountOptions): Accounts {
  const { database, clock, secrets, rules, publicUrl } = options
  const feed = createRevocationFeed((sinceMs, nowMs) => readRevocations(database.read, sinceMs, nowMs))
  let dependents: readonly AccountDependent[] | null = null
  const parts: AccountParts = {
    database,
    clock,
    secrets,
    keys: createAccessKeys(database, secrets, clock),
    feed,
    revoker: createRevoker(feed, rules.accessTokenSeconds),
    hasher: createPasswordHasher(options.hashStrength),
    commonPasswords: readCommonPasswords(),
    inTurn: createTurns(),
    rules,
    get dependents() {
      return (dependents ??= options.dependents?.(accounts) ?? [])
    },
  }
  const accounts: Accounts = {
    parts,
    identify: createIdentify(parts, publicUrl),
    raiseToStaff: (tx, userId) => raiseToStaff(tx, parts, userId),
    lowerFromStaff: (tx, userId) => lowerFromStaff(tx, parts, userId),
  }
  return accounts
}
