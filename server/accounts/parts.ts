import type { Kysely } from 'kysely'
import type { Database, Transaction } from '../database/database.ts'
import type { Tables } from '../database/tables/index.ts'
import type { Clock } from '../platform/clock.ts'
import type { Refusal } from '../platform/refusal.ts'
import type { Secrets } from '../platform/secrets.ts'
import type { PasswordHasher } from './password-hashing.ts'
import type { RevocationFeed } from './revocations.ts'
import type { Revoker } from './revoke.ts'
import type { AccessKeys } from './signing-keys.ts'
import type { InTurn } from './turns.ts'

/** What the house decides about accounts. */
export interface AccountRules {
  readonly accessTokenSeconds: number
  readonly ownerSignup: 'open' | 'approval' | 'closed'
  /** Whether failed sign-ins and mails are limited (`RATE_LIMIT`). */
  readonly throttled: boolean
  /** Whether staff and above must have a second factor. */
  readonly factorRequired: boolean
  /** Cookies go over https alone, under a `__Host-` name. */
  readonly secureCookies: boolean
}

/** What the use cases of this slice are given. */
export interface AccountParts {
  readonly database: Database
  readonly clock: Clock
  readonly secrets: Secrets
  readonly keys: AccessKeys
  readonly feed: RevocationFeed
  readonly revoker: Revoker
  readonly hasher: PasswordHasher
  readonly commonPasswords: ReadonlySet<string>
  /** Registrations of one email go one after the other. */
  readonly inTurn: InTurn
  readonly rules: AccountRules
  readonly dependents: readonly AccountDependent[]
}

/** Whose data it is. `emailFolded` is the one that is being verified or erased. */
export interface Person {
  readonly userId: string
  readonly emailFolded: string
}

/** A room further right that keeps something about people; `app.ts` introduces it here. */
export interface AccountDependent {
  /** The name of its field in the export. */
  readonly name: string
  /** All it keeps about a person, as JSON. */
  collect?(query: Kysely<Tables>, person: Person): Promise<unknown>
  /** A reason why the account cannot go yet. */
  refuseClosing?(tx: Transaction, person: Person): Promise<Refusal<'owns_theatres'> | null>
  /** Takes out what is personal and keeps what the ledger needs. */
  erase?(tx: Transaction, person: Person): Promise<void>
  /** An email has been proved to be theirs: what a guest made with it joins the account. */
  emailVerified?(tx: Transaction, person: Person): Promise<void>
}
