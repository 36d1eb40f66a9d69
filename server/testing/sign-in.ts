import type { Role } from '../../contract/operation.ts'
import { createAccount } from '../accounts/create-account.ts'
import { startSession } from '../accounts/sessions.ts'
import { issueAccessToken } from '../accounts/sign-in.ts'
import { isRefusal } from '../platform/refusal.ts'
import type { TestApp } from './harness.ts'

/** Somebody signed in: give it to `call` as its third argument. */
export interface SignedIn {
  readonly token: string
  readonly refreshToken: string
  readonly sessionId: string
  readonly userId: string
  readonly email: string
  readonly name: string
  readonly password: string
}

let people = 0

/** The password of everybody whom `signIn` makes. */
export const testPassword = 'velvet curtain 1911'

/** A new account of a role, signed in by token, its email verified unless told otherwise. */
export async function signIn(
  test: TestApp,
  role: Role = 'customer',
  profile: { readonly email?: string; readonly name?: string; readonly emailVerified?: boolean } = {},
): Promise<SignedIn> {
  const { parts } = test.app.house.accounts
  people += 1
  const email = profile.email ?? `${role}-${people}@example.com`
  const name = profile.name ?? `Person ${people}`
  const passwordHash = await parts.hasher.hash(testPassword)
  if (isRefusal(passwordHash)) throw new Error(passwordHash.detail)
  const made = await test.database.write(async (tx) => {
    const account = await createAccount(tx, {
      email,
      name,
      role,
      passwordHash,
      emailVerified: profile.emailVerified ?? true,
    })
    if (isRefusal(account)) return account
    const session = await startSession(tx, account, { kind: 'token', userAgent: 'matinee-test', address: '127.0.0.1' })
    return { account, session }
  })
  if (isRefusal(made)) throw new Error(made.detail)
  const { account, session } = made
  const token = await issueAccessToken(parts, account, session.id)
  return {
    token,
    refreshToken: session.secret,
    sessionId: session.id,
    userId: account.id,
    email,
    name,
    password: testPassword,
  }
}
