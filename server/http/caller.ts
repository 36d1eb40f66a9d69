import type { Role } from '../../contract/operation.ts'
import { assert } from '../platform/assert.ts'
import type { Refusal } from '../platform/refusal.ts'

/** Somebody signed in. */
export interface AccountCaller {
  readonly kind: 'account'
  readonly userId: string
  readonly role: Role
  readonly sessionId: string
}

/** Somebody without an account; a thing's access token may still be theirs. */
export interface GuestCaller {
  readonly kind: 'guest'
}

export type Caller = AccountCaller | GuestCaller

export const guest: GuestCaller = { kind: 'guest' }

/** What a request shows of who sends it. */
export interface Credentials {
  readonly authorization: string | undefined
  readonly cookies: Readonly<Record<string, string | undefined>>
  readonly method: string
  readonly origin: string | undefined
  readonly host: string | undefined
  /** `Sec-Fetch-Site`: what the browser says of the page that asks (W3C Fetch Metadata). */
  readonly fetchSite: string | undefined
}

/** Tells who is calling; a credential that is there but not good is a refusal, never a guest. */
export type Identify = (
  credentials: Credentials,
) => Promise<Caller | Refusal<'unauthenticated' | 'forbidden'>> | Caller | Refusal<'unauthenticated' | 'forbidden'>

/** The account behind a request of which the contract says that only accounts may make it. */
export function signedIn(caller: Caller): AccountCaller {
  assert(caller.kind === 'account', 'A guest was let in where only accounts may go')
  return caller
}

export function hasRole(caller: Caller, ...roles: readonly Role[]): caller is AccountCaller {
  return caller.kind === 'account' && roles.includes(caller.role)
}
