import type { AccountCaller } from '../http/caller.ts'
import type { AccountSession } from './sessions.ts'

/** Sessions are seen and ended by the account they belong to, and by nobody else. */
export function maySeeSession(caller: AccountCaller, session: AccountSession): boolean {
  return session.userId === caller.userId
}
