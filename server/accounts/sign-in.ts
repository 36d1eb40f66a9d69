import { signAccessToken } from './access-tokens.ts'
import { actingRole } from './model.ts'
import type { AccountParts } from './parts.ts'
import type { NewSession } from './sessions.ts'
import type { Account } from './store.ts'

/** Somebody who has just come in. */
export interface SignIn {
  readonly account: Account
  readonly session: Pick<NewSession, 'id' | 'kind' | 'secret' | 'expiresAt'>
}

/** An access token for a session, in the role and generation that the account has now. */
export async function issueAccessToken(parts: AccountParts, account: Account, sessionId: string): Promise<string> {
  const nowMs = parts.clock.now()
  return signAccessToken(await parts.keys.signer(), {
    userId: account.id,
    sessionId,
    generation: account.generation,
    role: actingRole(account, parts.rules.factorRequired),
    issuedAtMs: nowMs,
    expiresAtMs: nowMs + parts.rules.accessTokenSeconds * 1000,
  })
}
